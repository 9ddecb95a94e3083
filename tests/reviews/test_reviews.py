"""The main job: a mentor judges, releases, and the participant reads it."""

from tests.reviews.scene import judged, seen


def test_review_release_revise(sign_in, waiting, world):
    _id, address = waiting
    coach = sign_in("coach")
    queue = coach.get("/reviews")
    assert address in queue.text
    page = coach.get(address)
    assert page.status_code == 200
    answer = coach.post(address, data=judged(next="release"))
    assert (answer.status_code, answer.location) == (303, f"{address}/release")
    preview = coach.get(f"{address}/release")
    assert "85,00" in preview.text
    answer = coach.post(f"{address}/release", data=seen())
    assert (answer.status_code, answer.location) == (303, "/reviews")
    assert coach.get(address).status_code == 200
    own = sign_in("participant")
    page = own.get(f"/cohorts/{world.here}/assignments/{world.here_essay}")
    assert "Kerja yang rapi." in page.text
    assert own.get(f"/cohorts/{world.here}/assignments").status_code == 200
    assert own.get(f"/cohorts/{world.here}/feedback").status_code == 200
    assert coach.get(f"{address}/saves").status_code == 200
    history = (
        f"/cohorts/{world.here}/participants/{world.participant}/assignments/{world.here_essay}"
    )
    assert coach.get(history).status_code == 200
    assert coach.get(f"/cohorts/{world.here}/assignments/{world.here_essay}").status_code == 200
    assert coach.get(f"/cohorts/{world.here}/assignments").status_code == 200
    assert coach.get(address + "?correct=1").status_code == 200
