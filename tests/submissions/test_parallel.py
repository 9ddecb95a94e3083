"""Real parallel connections: nothing is numbered twice, nothing is wiped, nothing fails."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.submissions.work import Desk, drafts, submissions

PARALLEL = 6


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run every job in a thread of its own, begun together; what each returned."""
    start, answers = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        start.wait(timeout=30)
        answers[place] = job()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(jobs)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    assert None not in answers
    return answers


@pytest.fixture
def desks(sign_in, world) -> list[Desk]:
    """The classmate at several devices at once, each with its own sign-in."""
    return [Desk(sign_in("classmate"), world.here, world.here_essay) for _each in range(PARALLEL)]


def test_one_key_at_once_makes_one_version_and_one_receipt(desks, scene, world):
    desks[0].save("Siap dikumpulkan")
    new = f"{desks[0].versions}/new"
    data = {"key": desks[0].hidden("key", new), "seen": desks[0].hidden("seen", new)}
    tokens = [{"csrf_token": desk.client.token()} for desk in desks]
    answers = at_once(
        [
            lambda desk=desk, token=token: desk.client.post(desk.versions, data=data | token)
            for desk, token in zip(desks, tokens, strict=True)
        ]
    )
    assert {one.status_code for one in answers} == {303}
    assert len({one.location for one in answers}) == 1
    assert [one.number for one in submissions(scene, world.classmate)] == [1]


def test_hand_ins_from_several_windows_never_share_a_number(desks, scene, world):
    """Each window opens the page and presses, as fast as it can, three times."""
    desks[0].save("Siap dikumpulkan")

    def press(desk: Desk) -> list[int]:
        return [desk.hand_in().status_code for _time in range(3)]

    answers = [
        code for codes in at_once([lambda d=d: press(d) for d in desks[:3]]) for code in codes
    ]
    assert set(answers) <= {303, 409}
    made = submissions(scene, world.classmate)
    assert [one.number for one in made] == list(range(1, len(made) + 1))
    assert 1 <= len(made) <= answers.count(303)
    assert len({one.hand_in_key for one in made}) == len(made)
    assert {one.text for one in made} == {"Siap dikumpulkan"}


def test_saves_from_several_devices_all_survive(desks, scene, world):
    texts = [f"Naskah dari perangkat {number}" for number in range(PARALLEL)]
    tokens = [{"csrf_token": desk.client.token()} for desk in desks]
    answers = at_once(
        [
            lambda desk=desk, text=text, token=token: desk.client.post(
                desk.draft, data={"text": text, "revision": 0, **token}
            )
            for desk, text, token in zip(desks, texts, tokens, strict=True)
        ]
    )
    assert sorted(one.status_code for one in answers) == [303] + [409] * (PARALLEL - 1)
    (draft,) = drafts(scene, world.classmate)
    assert draft.revision == 1
    assert sorted([draft.text, *(one.text for one in draft.copies)]) == texts


def test_a_save_beside_a_hand_in_is_in_the_draft_or_in_the_version(desks, scene, world):
    writer, presser = desks[:2]
    writer.save("Awal")
    new = f"{presser.versions}/new"
    data = {
        "key": presser.hidden("key", new),
        "seen": presser.hidden("seen", new),
        "csrf_token": presser.client.token(),
    }
    changed = {"text": "Awal, diubah", "revision": 1, "csrf_token": writer.client.token()}
    saved, handed_in = at_once(
        [
            lambda: writer.client.post(writer.draft, data=changed),
            lambda: presser.client.post(presser.versions, data=data),
        ]
    )
    assert saved.status_code == 303
    (draft,) = drafts(scene, world.classmate)
    assert draft.text == "Awal, diubah"
    made = submissions(scene, world.classmate)
    assert handed_in.status_code == (303 if made else 409)
    assert [one.text for one in made] in ([], ["Awal"])


def test_files_added_at_once_are_all_there_and_not_more_than_allowed(desks, scene, world):
    contents = [f"%PDF-1.4 {number}\n%%EOF\n".encode() for number in range(PARALLEL)]
    answers = at_once(
        [
            lambda desk=desk, content=content: desk.upload(content, f"{len(content)}.pdf")
            for desk, content in zip(desks, contents, strict=True)
        ]
    )
    assert sorted(one.status_code for one in answers) == [303] * 3 + [422] * (PARALLEL - 3)
    (draft,) = drafts(scene, world.classmate)
    assert len(draft.files) == 3


def test_requests_for_more_time_pressed_at_once_are_one(desks, scene, world):
    data = {"reason": "Tugas luar kota", "wanted_until": "2099-01-01"}
    tokens = [{"csrf_token": desk.client.token()} for desk in desks]
    answers = at_once(
        [
            lambda desk=desk, token=token: desk.client.post(
                f"{desk.work}/extension-requests", data=data | token
            )
            for desk, token in zip(desks, tokens, strict=True)
        ]
    )
    assert sorted(one.status_code for one in answers) == [303] + [409] * (PARALLEL - 1)
