"""The comment bank beneath the remarks: offered, put in, kept, counted; also without scripts."""

import re

import sqlalchemy as sa

from portal.snippets import actions
from portal.snippets.models import Snippet
from tests.reviews.scene import judged, seen, seen_by

JSON = {"Accept": "application/json"}


def offers(page: str, key) -> list[str]:
    part = re.search(rf'id="bank-{key}-offers">(.*?)</ul>', page, re.DOTALL)[1]
    return re.findall(r'value="[^"]+"[^>]*>([^<]+)</button>', part)


def remark(page: str, world) -> str:
    name = f"remark_{world.here_criterion_1}"
    return re.search(rf'<textarea[^>]*name="{name}"[^>]*>\s*([^<]*)</textarea>', page)[1]


def test_own_and_shared_are_offered_with_the_name_said(sign_in, waiting, world, scene):
    _id, address = waiting
    with scene():
        actions.keep(world.coach, "Umum untuk {assignment}.")
        actions.keep(world.mentor, "Milik orang lain.")
        actions.keep(world.chief, "Dari organisasi.", organisation_id=world.organisation)
        actions.keep(world.chief, "Dari tempat lain.", organisation_id=world.strange_organisation)
    page = sign_in("coach").get(address).text
    first = offers(page, world.here_criterion_1)
    general = ["Dari organisasi.", "Umum untuk Rancangan aksi perubahan."]
    title = re.search(r"<h1[^>]*>([^,]+),", page)[1]
    general[1] = f"Umum untuk {title}."
    assert sorted(first) == sorted(["Tujuan Ratna Wulandari sudah terukur.", *general])
    assert sorted(offers(page, world.here_criterion_2)) == sorted(general)
    assert sorted(offers(page, "feedback")) == sorted(general)


def test_a_button_puts_it_in_and_loses_nothing_typed(sign_in, waiting, world, scene):
    _id, address = waiting
    coach = sign_in("coach")
    key, name = world.here_criterion_1, f"remark_{world.here_criterion_1}"
    typed = judged(feedback="Yang saya ketik.", **{name: "Awalnya."})
    answer = coach.post(address, data=typed | {"insert": f"{key}-{world.here_snippet}"})
    assert answer.status_code == 303
    assert answer.location.endswith(f"#remark_{key}")
    page = coach.get(address).text
    assert remark(page, world) == "Awalnya. Tujuan Ratna Wulandari sudah terukur."
    assert "Yang saya ketik." in page
    with scene() as session:
        assert session.get(Snippet, world.here_snippet).uses == 1


def test_it_is_put_in_although_something_else_is_wrong(sign_in, waiting, world, scene):
    _id, address = waiting
    answer = sign_in("coach").post(
        address,
        data=judged(value="delapan") | {"insert": f"{world.here_criterion_1}-{world.here_snippet}"},
    )
    assert answer.status_code == 422
    assert remark(answer.text, world) == "Tujuan Ratna Wulandari sudah terukur."
    with scene() as session:
        assert session.get(Snippet, world.here_snippet).uses == 0, "it is not saved yet"


def test_what_is_not_mine_is_not_put_in(sign_in, waiting, world):
    _id, address = waiting
    supervisor = sign_in("mentor")
    plain = seen(revision=0) | {"feedback": "Ada."}
    for words in (f"{world.here_criterion_1}-{world.here_snippet}", "x", "999-1", "feedback-0"):
        supervisor.post(address, data=plain | {"insert": words})
    assert remark(supervisor.get(address).text, world) == ""


def test_a_remark_is_kept_without_the_name_under_its_criterion_and_level(
    sign_in, waiting, world, scene
):
    _id, address = waiting
    coach = sign_in("coach")
    key, name = world.here_criterion_1, f"remark_{world.here_criterion_1}"
    typed = judged(**{name: "Data Ratna Wulandari lengkap."})
    assert coach.post(address, data=typed | {"keep": str(key)}).status_code == 303
    with scene() as session:
        one = session.scalars(sa.select(Snippet).filter_by(criterion="Kriteria 1", uses=0)).all()[
            -1
        ]
        assert (one.text, one.owner_id) == ("Data {name} lengkap.", world.coach)
        assert one.level == "Sangat baik"
    page = coach.get(address).text
    assert offers(page, key)[0] == "Data Ratna Wulandari lengkap."
    assert remark(page, world) == "Data Ratna Wulandari lengkap."


def test_the_script_keeps_and_counts_without_leaving_the_page(sign_in, waiting, world, scene):
    _id, address = waiting
    coach = sign_in("coach")
    sent = {"keep": "feedback", "text": "Terima kasih, Ratna Wulandari."}
    answer = coach.post(f"{address}/snippets", data=sent, headers=JSON)
    assert answer.json["text"] == "Terima kasih, Ratna Wulandari."
    kept = answer.json["id"]
    assert coach.post(f"{address}/snippets", data=sent, headers=JSON).json["id"] == kept
    assert coach.post(f"/snippets/{kept}/uses", headers=JSON).json == {}
    with scene() as session:
        one = session.get(Snippet, kept)
        assert (one.text, one.criterion, one.uses) == ("Terima kasih, {name}.", "", 1)
    for wrong in ({"keep": "feedback", "text": " "}, {"keep": "999", "text": "Ada."}):
        refused = coach.post(f"{address}/snippets", data=wrong, headers=JSON)
        assert refused.status_code == 422
        assert refused.json["error"]
        assert coach.post(f"{address}/snippets", data=wrong).status_code == 303


def test_a_remark_on_a_place_has_the_bank_as_well(sign_in, waiting, world, scene):
    _id, address = waiting
    coach = sign_in("coach")
    assert offers(coach.get(address).text, "placed_0") == [
        "Tujuan Ratna Wulandari sudah terukur."
    ], "of every criterion"
    row = {"placed_0_where": "text", "placed_0_number": "1", "placed_0_text": "Di sini:"}
    typed = judged() | row
    put = coach.post(address, data=typed | {"insert": f"placed_0-{world.here_snippet}"})
    assert (put.status_code, put.location) == (303, f"{address}#placed")
    page = coach.get(address).text
    said = "Di sini: Tujuan Ratna Wulandari sudah terukur."
    assert f">{said}</textarea>" in page.replace("\r\n", "").replace("\n", "")
    again = typed | seen_by(coach, address) | {"placed_0_text": said, "keep": "placed_0"}
    assert coach.post(address, data=again).status_code == 303
    sent = {"keep": "placed_7", "text": "Bagus, Ratna Wulandari."}
    assert coach.post(f"{address}/snippets", data=sent, headers=JSON).status_code == 200
    with scene() as session:
        kept = session.scalars(sa.select(Snippet).order_by(Snippet.id.desc()).limit(2)).all()
        assert [(one.text, one.criterion, one.level) for one in kept] == [
            ("Bagus, {name}.", "", ""),
            ("Di sini: Tujuan {name} sudah terukur.", "", ""),
        ]
        assert session.get(Snippet, world.here_snippet).uses == 1
