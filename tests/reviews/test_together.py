"""Two mentors save the same review at the same moment, over connections of their own."""

import json
import random
import threading
from dataclasses import replace

import sqlalchemy as sa

from portal.database import db
from portal.reviews import actions, releasing
from portal.reviews.desks import desk_of
from portal.reviews.models import Review, ReviewSave
from portal.reviews.rules import Judged
from portal.reviews.sheets import Typed
from portal.texts import Refused
from tests.reviews.interleaving import one_round, two_hands
from tests.reviews.scene import hand_in, now_of

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
            seen = replace(now_of(desk), number=number, revision=based_on)
            try:
                present = actions.save(desk, me, typed, seen=seen)
            except Refused as refusal:
                self.kinds.add(refusal.conflict)
                present = actions.keep_refused(desk, me, typed, seen=seen)
            db.session.commit()
            return present.number, present.revision


def test_a_release_and_a_save_at_once_never_mix(portal, world, scene):
    """What is released is what was previewed; a save that lost the race stays in the history."""
    from portal.rubrics.queries import criteria_of
    from tests.reviews.scene import whole

    with scene():
        ids = [hand_in(number=300 + place).id for place in range(20)]
    for seed, submission_id in enumerate(ids):
        with scene():
            desk = desk_of(world.coach, world.here, submission_id)
            typed = whole("here", "dilihat", may_mark=True)
            actions.save(desk, world.coach, typed, seen=now_of(desk))
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
                    seen = replace(now_of(desk), number=1, revision=1)
                    releasing.release(desk, world.coach, criteria, seen=seen, path="/cohorts/1")
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


def test_no_word_disappears_on_any_path(portal, world, scene, database):
    """The form, its autosave, settling, release and correction, by two at once."""
    rounds = 100 if database == "postgresql" else 25
    seen, clients = set(), two_hands(portal, world)
    for seed in range(rounds):
        seen |= one_round(clients, world, scene, seed)
    assert {("save", 303), ("autosave", 200), ("autosave", 409), ("release", 303)} <= seen
    assert ("release", 409) in seen
