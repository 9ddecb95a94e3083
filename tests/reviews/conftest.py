"""Scenes for the tests of reviews."""

import contextlib

import pytest

from portal.database import db
from tests.reviews.scene import hand_in


@pytest.fixture
def scene(portal):
    """``with scene(): ...``: set rows or look at them, apart from any request."""

    @contextlib.contextmanager
    def rows():
        with portal.app_context():
            db.session.info["readonly"] = False
            yield db.session
            db.session.commit()

    return rows


@pytest.fixture
def waiting(scene, world):
    """The participant's newest version of the essay: (its id, the address of its review)."""
    with scene():
        submission_id = hand_in(number=50).id
    return submission_id, f"/cohorts/{world.here}/submissions/{submission_id}/review"
