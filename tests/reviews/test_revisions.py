"""By when a new version is asked for: the select, the record and the table of progress agree."""

from datetime import timedelta

import pytest

from portal import clock
from portal.progress.queries import revisions_in, works_of
from portal.reviews.models import Review
from portal.reviews.records import released_record
from portal.reviews.revisions import revisions_asked
from tests.reviews.scene import draft_review, hand_in

NOW, SOON, LATER = None, timedelta(days=3), timedelta(days=9)


@pytest.fixture
def found(portal, scene, world):
    """``found(versions)``: what each of the three says of a work with such versions, each with its
    released reviews: in how many days a new version is wanted, None where it was accepted."""

    def days(versions):
        moment = clock.now()
        with scene() as session:
            for number, reviews in enumerate(versions, 50):
                submission = hand_in(number=number)
                for place, wanted in enumerate(reviews, 1):
                    session.add(
                        Review(
                            submission_id=submission.id,
                            number=place,
                            decision="revise" if wanted else "accepted",
                            revise_by=moment + wanted if wanted else None,
                            started_at=moment,
                            saved_at=moment,
                            released_at=moment,
                            released_by_id=world.coach,
                        )
                    )
            draft_review(submission.id, "coach")
        with portal.app_context():
            key = (world.participant, world.here_essay)
            record = released_record(world.here, world.here_essay, world.participant)
            works, _begun = works_of([world.here])[world.here]
            said = [
                revisions_asked(world.here).get(key),
                revisions_asked(world.here, *key).get(key),
                record.revise_by,
                revisions_in(works).get(key),
            ]
        return [None if one is None else one - moment for one in said]

    return days


@pytest.mark.parametrize(
    ("versions", "wanted"),
    [
        ([[]], None),
        ([[NOW]], None),
        ([[SOON]], SOON),
        ([[SOON, LATER]], LATER),
        ([[SOON, NOW]], None),
        ([[NOW, SOON]], SOON),
        ([[SOON], []], SOON),
        ([[SOON], [LATER], []], LATER),
        ([[SOON], [NOW]], None),
    ],
)
def test_what_was_answered_last_decides_wherever_it_is_asked(found, versions, wanted):
    assert found(versions) == [wanted] * 4
