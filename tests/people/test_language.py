"""The language switch in the frame of every page."""

import pytest

from portal.people.queries import person_by_id


def language_of(answer) -> str:
    return answer.text.split('<html lang="')[1][:2]


def test_a_visitor_chooses_a_language(visitor):
    answer = visitor.post("/language", data={"language": "en", "next": "/sign-in"})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert language_of(visitor.get("/sign-in")) == "en"


def test_the_choice_of_a_person_holds_on_every_device(sign_in, world, database_session):
    sign_in("participant").post("/language", data={"language": "en"})
    assert language_of(sign_in("participant").get("/")) == "en"
    assert person_by_id(world.participant).language == "en"


@pytest.mark.parametrize("wrong", ["", "xx", "../en"])
def test_a_language_we_do_not_speak_changes_nothing(visitor, wrong):
    visitor.post("/language", data={"language": wrong})
    assert language_of(visitor.get("/sign-in", headers={"Accept-Language": "id"})) == "id"


def test_the_switch_leads_nowhere_else(visitor):
    answer = visitor.post("/language", data={"language": "en", "next": "//evil.example"})
    assert answer.location == "/"
