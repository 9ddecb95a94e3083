"""From the queue to the next and the next: what is narrowed, remembered, fetched ahead and seen."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal import clock
from portal.journal.models import Sighting
from portal.reviews.models import Review
from tests.reviews.scene import fill, hand_in, judged, seen, seen_by
from tests.reviews.test_queue import address, listed

JSON = {"Accept": "application/json"}


def following(client, place: str, rel: str = "next") -> str | None:
    found = re.search(rf'rel="{rel}" href="([^"]+)" hx-get="([^"]+)"', client.get(place).text)
    assert found is None or found[1] == found[2]
    return found and found[1]


def choose(client, **choice: str | int) -> int:
    return client.post("/reviews/filter", data=choice).status_code


def test_next_walks_the_queue_as_it_is_listed(sign_in, scene):
    with scene() as session:
        fill(session, 12)
    coach = sign_in("coach")
    whole = listed(coach)
    walked = [whole[0]]
    while place := following(coach, walked[-1]):
        walked.append(place)
    assert walked == whole
    assert following(coach, whole[0], "prev") is None
    assert following(coach, whole[5], "prev") == whole[4]


@pytest.mark.parametrize("rows", [3, 35, 350, 2500])
def test_the_next_submission_costs_the_same_however_many_wait(sign_in, scene, queries, rows):
    with scene() as session:
        fill(session, rows)
    coach = sign_in("coach")
    place = listed(coach)[1]
    with queries() as seen:
        page = coach.get(place)
    assert len(seen) == 9
    assert 'rel="next"' in page.text


@pytest.fixture
def mixed(scene, world):
    """Of each state one, and one of another cohort's assignment: the ids by their names."""
    now = clock.now()
    with scene():
        hand_in("classmate", feedback_by=now - timedelta(days=9))
        return {
            "revised": hand_in("classmate", number=2, feedback_by=now + timedelta(days=4)).id,
            "overdue": hand_in(number=60, feedback_by=now - timedelta(days=1)).id,
            "soon": hand_in(
                "classmate", assignment="report", feedback_by=now + timedelta(hours=30)
            ).id,
        }


def test_a_choice_narrows_the_list_and_the_way_on(sign_in, world, mixed):
    coach = sign_in("coach")
    whole = listed(coach)
    assert whole == [address(world, mixed[one]) for one in ("overdue", "soon", "revised")]
    for state, expected in (
        ("overdue", ["overdue"]),
        ("soon", ["soon"]),
        ("new", ["soon"]),
        ("revised", ["overdue", "revised"]),
    ):
        assert choose(coach, state=state) == 303
        assert listed(coach) == [address(world, mixed[one]) for one in expected], state
    assert following(coach, whole[0]) == whole[2], "what the choice hides is passed over"
    assert choose(coach, assignment=world.here_report, cohort=world.here) == 303
    assert listed(coach) == [whole[1]]
    page = coach.get("/reviews").text
    assert "<title>(1) " in page
    assert "Tanpa pilihan ini: 3." in page


def test_a_choice_is_remembered_for_the_person_on_every_device(sign_in, world, mixed):
    choose(sign_in("coach"), state="soon")
    again = sign_in("coach")
    assert listed(again) == [address(world, mixed["soon"])]
    assert re.search(r'<option value="soon" selected>', again.get("/reviews").text)
    assert listed(sign_in("mentor")) == [address(world, mixed["overdue"])]
    assert choose(again, state="soon", all=1) == 303
    assert len(listed(again)) == 3


def test_an_empty_part_says_so_and_leads_back(sign_in, world, mixed, scene):
    coach = sign_in("coach")
    choose(coach, assignment=world.here_report)
    with scene() as session:
        session.execute(
            sa.insert(Review).values(
                submission_id=mixed["soon"],
                decision="accepted",
                started_at=clock.now(),
                saved_at=clock.now(),
                released_at=clock.now(),
            )
        )
    page = coach.get("/reviews").text
    assert "Tidak ada yang menunggu dalam pilihan ini" in page
    assert 'name="all"' in page
    assert f'<option value="{world.here_report}" selected>' in page


@pytest.mark.parametrize(
    "choice", [{"cohort": "x"}, {"cohort": "999999"}, {"assignment": "0"}, {"state": "later"}]
)
def test_a_choice_that_is_not_offered_is_refused(sign_in, mixed, choice):
    coach = sign_in("coach")
    assert choose(coach, **choice) == 422
    assert len(listed(coach)) == 3


def test_only_what_is_mine_can_be_chosen(sign_in, world, mixed):
    assert choose(sign_in("coach"), cohort=world.elsewhere) == 422


def test_fetched_ahead_is_not_seen(sign_in, world, mixed, scene):
    coach = sign_in("coach")
    place = address(world, mixed["soon"])

    def sightings() -> int:
        with scene() as session:
            return session.scalar(
                sa.select(sa.func.count()).where(
                    Sighting.subject == "submission", Sighting.subject_id == mixed["soon"]
                )
            )

    assert coach.get(place, headers={"HX-Preloaded": "true"}).status_code == 200
    assert sightings() == 0
    coach.get(place)
    assert sightings() == 1


def finish(client, place: str, **fields: str):
    client.post(place, data=judged(**seen_by(client, place)) | fields)
    return client.post(f"{place}/release", data=seen_by(client, place))


def test_a_release_brings_the_next_and_then_what_was_passed_over(sign_in, world, mixed):
    coach = sign_in("coach")
    first, second, third = listed(coach)
    assert finish(coach, second).location == third
    assert "Sudah dirilis kepada Bayu Prasetyo." in coach.get(third).text
    assert finish(coach, third).location == first
    assert finish(coach, first).location == "/reviews"
    assert "Tidak ada yang menunggu" in coach.get("/reviews").text


def test_the_last_release_leaves_the_place_that_scripts_fill(sign_in, world, scene):
    with scene():
        only = address(world, hand_in(number=60).id)
    coach = sign_in("coach")
    coach.post(only, data=judged(newest="60"))
    swap = {"HX-Request": "true", "HX-Target": "workspace"}
    answer = coach.post(f"{only}/release", data=seen(newest=60), headers=swap)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/reviews")


def test_the_release_of_a_correction_stays_with_it(sign_in, world, mixed):
    coach = sign_in("coach")
    place = listed(coach)[0]
    finish(coach, place)
    corrected = judged(**seen_by(coach, f"{place}?correct=1"))
    coach.post(place, data=corrected | {"feedback": "Diperbaiki."})
    answer = coach.post(f"{place}/release", data=seen_by(coach, place))
    assert answer.location == place


def test_a_save_that_asks_for_it_brings_the_preview_and_the_preview_names_the_next(
    sign_in, world, mixed
):
    coach = sign_in("coach")
    _first, second, third = listed(coach)
    fields = judged(**seen_by(coach, second)) | {"next": "release", "feedback": "Kata <penutup>."}
    answer = coach.post(second, data=fields, headers=JSON)
    preview = coach.get(f"{second}/release").text
    assert (answer.status_code, answer.json["revision"]) == (200, 1)
    assert workspace(answer.json["page"]) == workspace(preview)
    assert "Kata &lt;penutup&gt;." in answer.json["page"]
    assert f'data-onwards="{third}"' in answer.json["page"]
    stale = coach.post(second, data=fields | {"feedback": "Lain"}, headers=JSON)
    assert (stale.status_code, stale.json) == (409, {"error": "conflict"})


def workspace(page: str) -> str:
    part = page.split('id="workspace"')[1].split("</main>")[0].split('<p class="print-only')[0]
    return re.sub(r'name="csrf_token" value="[^"]+"', "", part)


def test_a_release_behind_the_next_page_is_told_by_that_page_alone(sign_in, world, mixed, scene):
    coach = sign_in("coach")
    _first, second, third = listed(coach)
    coach.post(second, data=judged(**seen_by(coach, second)))
    shown = seen_by(coach, second) | {"shown": third}
    late = coach.post(f"{second}/release", data=shown | {"revision": "0"}, headers=JSON)
    assert (late.status_code, sorted(late.json)) == (409, ["error"])
    done = coach.post(f"{second}/release", data=shown, headers=JSON)
    assert (done.status_code, done.json) == (200, {})
    assert "Sudah dirilis" not in coach.get(third).text.split('id="workspace"')[0]
    assert second not in listed(coach)
