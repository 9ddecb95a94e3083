"""Releasing a set: previewed person by person, seen and told ten minutes later, taken back until
then. One stored moment decides; no job makes anything visible."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal import clock
from portal.jobs.worker import run_free_jobs
from portal.notices.models import Notice
from portal.reviews import sets
from portal.reviews.desks import desk_of
from portal.reviews.models import ReleaseSet, Review, ReviewSave
from portal.reviews.sheets import from_content
from portal.rubrics.queries import criteria_of
from portal.texts import Refused
from tests.reviews.scene import CANARY, draft_review, fill, hand_in, judged, now_of, seen
from tests.reviews.test_claims import at_once
from tests.reviews.test_queue import address, listed
from tests.world import address_of

PLACE = "/reviews/releases"
LATER = timedelta(minutes=11)


@pytest.fixture
def drafts(scene, world) -> list[int]:
    """Two whole review drafts that say CANARY: of the participant and of the classmate."""
    with scene():
        ids = [hand_in(number=60).id, hand_in("classmate").id]
        for submission_id in ids:
            draft_review(submission_id, "coach")
        return ids


def chosen(page: str) -> dict:
    """The form of the page as it stands, all that is ready chosen."""
    shown = dict(re.findall(r'name="(seen_\d+)" value="([^"]+)"', page))
    return shown | {"take": [one.removeprefix("seen_") for one in shown]}


def release_all(client):
    return client.post(PLACE, data=chosen(client.get(PLACE).text))


def columns(session, submission_id: int) -> dict:
    review = session.scalars(sa.select(Review).filter_by(submission_id=submission_id)).one()
    return {one.name: getattr(review, one.name) for one in sa.inspect(Review).columns}


def feedback_seen(sign_in, world, who: str = "participant") -> bool:
    page = sign_in(who).get(f"/cohorts/{world.here}/assignments/{world.here_essay}")
    return CANARY in page.text


def notices(scene, person_id: int) -> int:
    with scene() as session:
        return session.scalar(
            sa.select(sa.func.count()).where(
                Notice.person_id == person_id, Notice.kind == "feedback_released"
            )
        )


def test_each_is_previewed_as_its_participant_will_see_it(sign_in, world, drafts):
    coach = sign_in("coach")
    page = coach.get(PLACE).text
    assert page.count('type="checkbox" name="take"') == 2
    alone = coach.get(f"{address(world, drafts[0])}/release").text
    shown = alone.split('id="preview">', 1)[1].split("</h2>", 1)[1].split("</section>\n", 1)[0]
    assert shown.strip().split("<section")[0] in page
    assert 'href="/reviews/releases"' in coach.get("/reviews").text


def test_nothing_is_seen_or_told_before_the_moment_and_all_of_it_after(
    portal, sign_in, world, drafts, scene
):
    coach = sign_in("coach")
    assert release_all(coach).location == "/reviews"
    assert listed(coach) == [], "it no longer waits for anybody"
    assert "akan dirilis pukul" in coach.get("/reviews").text
    run_free_jobs(portal)
    assert notices(scene, world.participant) == 0
    for who in ("participant", "classmate", "administrator"):
        client = sign_in(who)
        for rule in portal.url_map.iter_rules():
            if "GET" in rule.methods and rule.endpoint != "static":
                answer = client.get(address_of(rule.rule, world))
                assert CANARY.encode() not in answer.data, rule.rule
    with clock.at(clock.now() + LATER):
        assert feedback_seen(sign_in, world), "no job had to run for it"
        assert feedback_seen(sign_in, world, "classmate")
        run_free_jobs(portal)
        run_free_jobs(portal)
    assert notices(scene, world.participant) == notices(scene, world.classmate) == 1


def test_what_is_taken_back_is_the_draft_it_was(portal, sign_in, world, drafts, scene):
    coach = sign_in("coach")
    coach.post(address(world, drafts[1]), data=judged(revise_by="2031-05-06") | seen(newest=1))
    with scene() as session:
        before = [columns(session, one) for one in drafts]
    assert before[1]["revise_by"] is not None, "typed, although it is accepted"
    release_all(coach)
    with scene() as session:
        made = session.scalars(sa.select(ReleaseSet).order_by(ReleaseSet.id.desc())).first()
        assert columns(session, drafts[1])["release_set_id"] == made.id
    assert coach.post(f"{PLACE}/{made.id}/undo").location == "/reviews"
    with scene() as session:
        assert [columns(session, one) for one in drafts] == before
    assert len(listed(coach)) == 2
    with clock.at(clock.now() + LATER):
        run_free_jobs(portal)
        assert not feedback_seen(sign_in, world)
    assert notices(scene, world.participant) == 0
    assert coach.post(f"{PLACE}/{made.id}/undo").status_code == 303, "twice is once"
    assert release_all(coach).status_code == 303, "and it can be released again"


def test_only_who_released_takes_a_set_back_and_not_after_the_moment(sign_in, world, drafts, scene):
    coach = sign_in("coach")
    release_all(coach)
    with scene() as session:
        made = session.scalars(sa.select(ReleaseSet).order_by(ReleaseSet.id.desc())).first()
    assert sign_in("mentor").post(f"{PLACE}/{made.id}/undo").status_code == 404
    with clock.at(made.due_at - timedelta(seconds=5)):
        coach.post(f"{PLACE}/{made.id}/undo")
        assert "Sepuluh menit sudah lewat" in coach.get("/reviews").text
    with scene() as session:
        assert columns(session, drafts[0])["released_at"] == made.due_at


def test_any_mentor_of_it_takes_one_review_back(sign_in, world, drafts, scene):
    release_all(sign_in("coach"))
    supervisor, place = sign_in("mentor"), address(world, drafts[0])
    page = supervisor.get(place).text
    assert "Dirilis oleh Sri Mulyani Kusuma" in page
    assert "<form" in page
    assert 'id="review-form"' not in page
    supervisor.post(f"{place}/release/undo")
    assert 'id="review-form"' in supervisor.get(place).text
    with scene() as session:
        states = [columns(session, one)["released_at"] is None for one in drafts]
    assert states == [True, False]
    supervisor.post(f"{place}/release/undo")
    assert "Sepuluh menit sudah lewat" in supervisor.get(place).text


def test_what_is_on_its_way_is_not_changed_unseen(sign_in, world, drafts, scene):
    release_all(sign_in("coach"))
    supervisor, place = sign_in("mentor"), address(world, drafts[0])
    late = seen(newest=60) | {"feedback": "Terlambat sedikit."}
    answer = supervisor.post(place, data=late)
    assert answer.status_code == 409
    assert "Terlambat sedikit." in answer.text
    with scene() as session:
        assert CANARY in columns(session, drafts[0])["feedback"]
        kept = session.scalars(sa.select(ReviewSave.content).filter_by(revision=None)).all()
    assert [from_content(one).feedback for one in kept] == ["Terlambat sedikit."]


def test_what_is_not_whole_or_stale_is_refused_one_by_one(sign_in, world, drafts, scene):
    coach = sign_in("coach")
    with scene():
        incomplete = hand_in(number=2, assignment="report").id
        changed = hand_in("classmate", assignment="report").id
        draft_review(changed, "coach")
    coach.post(address(world, incomplete), data=seen(revision=0, newest=2) | {"feedback": "A"})
    page = coach.get(PLACE).text
    assert "Belum siap" in page
    form = chosen(page)
    assert str(incomplete) not in form["take"]
    form["take"].append(str(incomplete))
    form[f"seen_{incomplete}"] = f"1.1.2.{world.here_rubric_version}"
    coach.post(address(world, changed), data=judged(feedback="Lain.") | seen(newest=1))
    with scene():
        hand_in(number=61)
    answer = coach.post(PLACE, data=form)
    assert answer.status_code == 409
    for words in ("Versi yang lebih baru", "orang lain menyimpan peninjauan ini", "belum dinilai"):
        assert words in answer.text
    with scene() as session:
        moments = {
            one: columns(session, one)["released_at"] is not None
            for one in (*drafts, incomplete, changed)
        }
    assert moments == {drafts[0]: False, drafts[1]: True, incomplete: False, changed: False}


@pytest.mark.parametrize(
    "data", [{}, {"take": "x"}, {"take": "1", "seen_1": "1.1.1"}, {"take": "9" * 12}]
)
def test_nothing_chosen_releases_nothing(sign_in, drafts, scene, data):
    assert sign_in("coach").post(PLACE, data=data).status_code == 422
    with scene() as session:
        assert session.scalar(sa.select(sa.func.count(ReleaseSet.id))) == 2


def test_what_is_not_mine_to_review_is_refused(sign_in, world, drafts, scene):
    for who in ("other_mentor", "strange_mentor", "participant"):
        form = {"take": str(drafts[0]), f"seen_{drafts[0]}": "1.1.60.1"}
        assert sign_in(who).post(PLACE, data=form).status_code == 409
    with scene() as session:
        assert columns(session, drafts[0])["released_at"] is None


def test_a_single_release_is_immediate_also_of_what_is_on_its_way(
    portal, sign_in, world, drafts, scene
):
    release_all(sign_in("coach"))
    place = address(world, drafts[0])
    sign_in("mentor").post(f"{place}/release", data=seen(newest=60))
    assert feedback_seen(sign_in, world)
    with clock.at(clock.now() + LATER):
        run_free_jobs(portal)
    assert notices(scene, world.participant) == 1


def test_two_who_release_the_same_at_once_leave_each_review_in_one_set(portal, world, scene):
    with scene() as session:
        fill(session, 12)
        ids = listed_ids(session, world)
        for submission_id in ids:
            draft_review(submission_id, "coach")
        shown = {one: now_of(desk_of(world.coach, None, one)) for one in ids}

    def release(person_id: int) -> list[int]:
        made, mine = None, []
        for submission_id in ids:
            desk = desk_of(person_id, None, submission_id)
            criteria = criteria_of(desk.submission.rubric_version_id)
            try:
                made = sets.add(
                    made, person_id, desk, criteria, seen=shown[submission_id], path="/x"
                )
                mine.append(made.id)
            except Refused:
                continue
        return mine

    given = at_once(portal, release, [world.coach] * 4)
    assert len([one for mine in given for one in mine]) == len(ids)
    with scene() as session:
        rows = session.execute(
            sa.select(Review.release_set_id, sa.func.count())
            .where(Review.submission_id.in_(ids))
            .group_by(Review.release_set_id)
        ).all()
    assert sorted(map(tuple, rows)) == sorted((mine[0], len(mine)) for mine in given if mine)


@pytest.mark.parametrize("rows", [1, 3, 35])
def test_the_page_costs_the_same_however_many_drafts(sign_in, world, scene, queries, rows):
    with scene() as session:
        fill(session, rows)
        for submission_id in listed_ids(session, world):
            draft_review(submission_id, "coach")
    coach = sign_in("coach")
    with queries() as asked:
        page = coach.get(PLACE)
    assert page.text.count('name="take"') == rows + 1
    assert len(asked) == 9


def listed_ids(session, world) -> list[int]:
    from portal.reviews.queue import waiting_for

    queue = waiting_for(world.coach, now=clock.now())
    begun = set(session.scalars(sa.select(Review.submission_id)))
    return [one.submission_id for one in queue.rows if one.submission_id not in begun]
