"""Two mentors save the same review at the same moment, over connections of their own."""

import json
import random
import threading

import sqlalchemy as sa

from portal.database import db
from portal.reviews import actions
from portal.reviews.models import Review, ReviewSave
from portal.reviews.queries import desk_of
from portal.reviews.records import sheets_of
from portal.reviews.rules import Judged
from portal.reviews.sheets import Typed, from_content
from portal.texts import Refused
from tests.reviews.scene import hand_in

INTERLEAVINGS = 100
SAVES = 2


class Mentor(threading.Thread):
    """Saves again and again, each time from what they saw last; keeps what they ever typed."""

    def __init__(self, portal, world, who, submission_id, barrier, seed):
        super().__init__()
        self.portal, self.world, self.who = portal, world, who
        self.submission_id, self.barrier = submission_id, barrier
        self.chance = random.Random(f"{seed}-{who}")
        self.typed, self.failure, self.kinds = [], None, set()

    def run(self):
        try:
            self.barrier.wait(20)
            seen = (1, 0)
            for turn in range(SAVES):
                seen = self.save(f"{self.who}-{turn}-{self.chance.random()}", *seen)
        except Exception as error:
            self.failure = error

    def save(self, words, number, based_on):
        me = getattr(self.world, self.who)
        criterion = self.world.here_criterion_1
        with self.portal.app_context():
            db.session.info["readonly"] = False
            desk = desk_of(me, self.world.here, self.submission_id)
            typed = Typed(
                judgements={criterion: Judged(self.world.here_level_1_1, None)}
                if desk.may_mark
                else None,
                remarks={criterion: words} if self.chance.random() < 0.7 else {},
                feedback=words,
                items=(),
                decision=self.chance.choice([None, "accepted"]),
                revise_by=None,
            )
            self.typed.append(words)
            place = {"number": number, "based_on": based_on}
            try:
                present = actions.save(desk, me, typed, **place)
            except Refused as refusal:
                self.kinds.add(refusal.conflict)
                present = actions.keep_refused(desk, me, typed, **place)
            db.session.commit()
            return present.number, present.revision


def test_no_value_disappears_in_any_interleaving(portal, world, scene):
    with scene():
        ids = [hand_in(number=100 + place).id for place in range(INTERLEAVINGS)]
    for seed, submission_id in enumerate(ids):
        barrier = threading.Barrier(2)
        mentors = [
            Mentor(portal, world, who, submission_id, barrier, seed) for who in ("mentor", "coach")
        ]
        for one in mentors:
            one.start()
        for one in mentors:
            one.join(60)
            assert not one.is_alive()
            assert one.failure is None
            assert one.kinds <= {True}
        with scene() as session:
            review = session.scalars(sa.select(Review).filter_by(submission_id=submission_id)).one()
            saves = session.scalars(
                sa.select(ReviewSave).filter_by(review_id=review.id).order_by(ReviewSave.id)
            ).all()
            accepted = [one for one in saves if one.revision is not None]
            history = json.dumps([one.content for one in saves])
            assert [one.revision for one in accepted] == list(range(1, review.revision + 1))
            assert [one.based_on for one in accepted] == list(range(review.revision))
            assert [words for one in mentors for words in one.typed if words not in history] == []
            assert sheets_of([review])[review.id][0] == from_content(accepted[-1].content)


def test_a_release_and_a_save_at_once_never_mix(portal, world, scene):
    """What is released is what was previewed; a save that lost the race stays in the history."""
    from portal.rubrics.queries import criteria_of
    from tests.reviews.scene import whole

    with scene():
        ids = [hand_in(number=300 + place).id for place in range(20)]
    for seed, submission_id in enumerate(ids):
        with scene():
            desk = desk_of(world.coach, world.here, submission_id)
            actions.save(
                desk, world.coach, whole("here", "dilihat", may_mark=True), number=1, based_on=0
            )
        barrier = threading.Barrier(2)
        saver = Mentor(portal, world, "mentor", submission_id, barrier, seed)
        saver.save = lambda words, number, based_on, save=saver.save: save(words, 1, 1)
        results = []

        def release(submission_id=submission_id, barrier=barrier, results=results):
            barrier.wait(20)
            with portal.app_context():
                db.session.info["readonly"] = False
                desk = desk_of(world.coach, world.here, submission_id)
                criteria = criteria_of(desk.submission.rubric_version_id)
                try:
                    actions.release(
                        desk, world.coach, criteria, number=1, revision=1, path="/cohorts/1"
                    )
                    results.append("released")
                except Refused as refusal:
                    results.append("conflict" if refusal.conflict else "refused")
                db.session.commit()

        releaser = threading.Thread(target=release)
        saver.start()
        releaser.start()
        saver.join(60)
        releaser.join(60)
        assert saver.failure is None
        with scene() as session:
            first = session.scalars(
                sa.select(Review).filter_by(submission_id=submission_id, number=1)
            ).one()
            if results == ["released"]:
                assert first.revision == 1
                assert "dilihat" in first.feedback
            else:
                assert results == ["conflict"]
                assert first.released_at is None
            history = json.dumps(session.scalars(sa.select(ReviewSave.content)).all())
            assert all(words in history for words in saver.typed)
