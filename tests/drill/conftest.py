"""A served portal for the long trials."""

import pytest

from tests.processes import Served, environment

pytest.register_assert_rewrite("tests.drill.crew")


@pytest.fixture
def served(portal):
    """`flask serve` with two web processes, on the test's own database."""
    one = Served(environment(portal, portal.config["SETTINGS"].instance, PORTAL_PROCESSES="2"))
    try:
        yield one.wait_until_ready()
    finally:
        assert one.stop() == 0
