"""Addresses in templates are those that Flask builds, however often they are asked for."""

import pytest
from flask import url_for as built_anew

from portal.web.addresses import url_for

ASKED = (
    ("home.index", {}),
    ("lessons.show", {"cohort_id": 1, "lesson_id": 2}),
    ("lessons.show", {"cohort_id": 2, "lesson_id": 1}),
    ("lessons.show", {"cohort_id": 1, "lesson_id": 2, "_anchor": "top"}),
    (".index", {"more": True}),
    (".index", {"more": 1}),
    (".index", {"more": "1", "gone": None}),
    (".index", {"states": ["new", "late"]}),
    ("home.index", {"_external": True}),
)


@pytest.mark.parametrize("root", ["/", "/belajar"])
def test_an_address_is_the_same_at_the_second_time(portal, root):
    for path in ("/", "/reviews"):
        with portal.test_request_context(path, base_url=f"http://localhost{root}"):
            for endpoint, values in ASKED * 2:
                assert url_for(endpoint, **values) == built_anew(endpoint, **values)
