"""Finding, editing, closing and helping people; and whom an administrator may not touch."""

import re
import threading

import pytest
import sqlalchemy as sa

from portal.cohorts.models import Appointment
from portal.database import db
from portal.journal.models import JournalEntry
from portal.people.models import OneTimeLink, Person, SignInName
from tests.world import PASSWORD


def page_of(world, who, organisation="organisation"):
    return f"/organisations/{getattr(world, organisation)}/people/{getattr(world, who)}"


FIELDS = {"name": "Ratna W.", "email": "ratna@example.org", "username": "participant", "nip": "",
          "position": "Kabid", "unit": "DKK", "phone": "0812"}  # fmt: skip


def revision(client, page):
    return re.search(r'name="revision" value="(\w+)"', client.get(page).text)[1]


def save(client, page, fields):
    return client.post(page, data={**fields, "revision": revision(client, page)})


def names(look, person):
    return sorted(look(sa.select(SignInName.name).filter_by(person_id=person)))


def test_a_person_is_edited_and_signs_in_with_the_new_name(sign_in, world, visitor, look):
    client = sign_in("administrator")
    assert (
        'value="participant@example.org"'
        in client.get(f"{page_of(world, 'participant')}/edit").text
    )
    answer = save(client, f"{page_of(world, 'participant')}/edit", FIELDS)
    assert answer.status_code == 303
    assert names(look, world.participant) == ["participant", "ratna@example.org"]
    assert look(sa.select(Person.name, Person.sort_name).filter_by(id=world.participant)) == [
        ("Ratna W.", "ratna w.")
    ]
    sent = {"name": "ratna@example.org", "password": PASSWORD}
    assert visitor.post("/sign-in", data=sent).status_code == 303
    entry = look(sa.select(JournalEntry.verb, JournalEntry.details).order_by(JournalEntry.id))
    assert (
        "people.update_person",
        {"changed": ["name", "position", "unit", "phone", "email"]},
    ) in entry


@pytest.mark.parametrize(
    "change",
    [
        {"email": "mentor@example.org"},
        {"email": "", "username": ""},
        {"nip": "123"},
        {"name": ""},
    ],
)
def test_a_refused_change_leaves_everything_as_it_was(sign_in, world, look, change):
    before = names(look, world.participant)
    page = f"{page_of(world, 'participant')}/edit"
    answer = save(sign_in("administrator"), page, {**FIELDS, **change})
    assert answer.status_code == 422
    assert 'value="Kabid"' in answer.text
    assert names(look, world.participant) == before
    assert look(sa.select(Person.position).filter_by(id=world.participant)) == ["Kepala Seksi"]


def test_who_edits_a_person_second_sees_what_the_first_saved(sign_in, world, look):
    page = f"{page_of(world, 'participant')}/edit"
    first, second = sign_in("administrator"), sign_in("chief")
    seen = revision(second, page)
    save(first, page, {**FIELDS, "unit": "Dinas pertama"})
    late = second.post(page, data={**FIELDS, "phone": "0899", "revision": seen})
    assert late.status_code == 409
    assert "Yang tersimpan sekarang: Dinas pertama" in late.text
    assert 'value="0899"' in late.text
    assert look(sa.select(Person.unit).filter_by(id=world.participant)) == ["Dinas pertama"]
    again = re.search(r'name="revision" value="(\w+)"', late.text)[1]
    sent = {**FIELDS, "unit": "Dinas pertama", "phone": "0899", "revision": again}
    assert second.post(page, data=sent).status_code == 303


def test_two_edit_a_person_at_once(sign_in, world):
    page = f"{page_of(world, 'participant')}/edit"
    clients = [sign_in("administrator"), sign_in("chief")]
    seen = [revision(one, page) for one in clients]
    barrier, answers = threading.Barrier(2), []

    def write(client, sent):
        barrier.wait()
        answers.append(client.post(page, data=sent).status_code)

    threads = [
        threading.Thread(
            target=write, args=(one, {**FIELDS, "unit": f"Dinas {at}", "revision": seen[at]})
        )
        for at, one in enumerate(clients)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == [303, 409]


def writes(world, who, organisation="organisation"):
    page = page_of(world, who, organisation)
    return [
        (f"{page}/edit", FIELDS),
        (f"{page}/closing", {"sure": "yes"}),
        (f"{page}/reset", {"sure": "yes"}),
        (f"{page}/reopening", {}),
    ]


def untouched(look, person):
    return look(
        sa.select(Person.name, Person.deactivated_at, Person.password_hash).filter_by(id=person)
    ), look(sa.select(sa.func.count(OneTimeLink.id)).filter_by(person_id=person, kind="reset"))


def test_who_also_belongs_elsewhere_is_beyond_an_organisations_administrator(
    portal, sign_in, world, look
):
    """The participant also joins the other organisation: neither side may take the account over."""
    enrol_elsewhere(portal, world, "participant")
    before = untouched(look, world.participant)
    for who, organisation in (
        ("administrator", "organisation"),
        ("strange_administrator", "strange_organisation"),
    ):
        client = sign_in(who)
        assert client.get(page_of(world, "participant", organisation)).status_code == 200
        for address, fields in writes(world, "participant", organisation):
            assert client.post(address, data=fields).status_code == 422
    assert untouched(look, world.participant) == before
    chief = sign_in("chief")
    seen = {"revision": revision(chief, f"{page_of(world, 'participant')}/edit")}
    answers = [chief.post(a, data=f | seen).status_code for a, f in writes(world, "participant")]
    assert answers == [303, 303, 422, 303]


def test_an_administrator_above_is_out_of_reach(portal, sign_in, world, look):
    enrol_elsewhere(portal, world, "chief", "here")
    before = untouched(look, world.chief)
    client = sign_in("administrator")
    for address, fields in writes(world, "chief"):
        assert client.post(address, data=fields).status_code == 422
    assert untouched(look, world.chief) == before


@pytest.mark.parametrize("who", ["stranger", "chief"])
def test_people_without_a_standing_here_are_not_even_seen(sign_in, world, who):
    client = sign_in("administrator")
    assert client.get(page_of(world, who)).status_code == 404
    for address, fields in writes(world, who):
        assert client.post(address, data=fields).status_code == 404


def test_closing_an_account_signs_out_and_opening_lets_in(sign_in, world, visitor):
    theirs = sign_in("participant")
    client = sign_in("administrator")
    page = page_of(world, "participant")
    assert client.post(f"{page}/closing").status_code == 422
    assert client.post(f"{page}/closing", data={"sure": "yes"}).status_code == 303
    assert theirs.get("/").status_code == 303
    sent = {"name": "participant", "password": PASSWORD}
    assert visitor.post("/sign-in", data=sent).status_code == 422
    assert client.post(f"{page}/reopening").status_code == 303
    assert visitor.post("/sign-in", data=sent).status_code == 303


def test_nobody_closes_their_own_account(sign_in, world):
    client = sign_in("administrator")
    answer = client.post(f"{page_of(world, 'administrator')}/closing", data={"sure": "yes"})
    assert answer.status_code == 422
    assert client.get("/").status_code == 200


def test_a_reset_link_is_shown_once_and_works(sign_in, world, visitor):
    answer = sign_in("administrator").post(
        f"{page_of(world, 'participant')}/reset", data={"sure": "yes"}
    )
    assert answer.status_code == 200
    assert "<svg" in answer.text
    link = answer.text.split('class="invitation-link" href="')[1].split('"')[0]
    assert visitor.get(link.replace("http://localhost", "")).status_code == 200


def test_invitations_are_made_for_those_who_never_entered(sign_in, world, visitor, look):
    client = sign_in("administrator")
    page = f"/cohorts/{world.here}/invitations"
    assert client.post(page).status_code == 422
    assert client.post(page, data={"people": world.stranger}).status_code == 422
    waiting = look(sa.select(Person.id).where(Person.first_entered_at.is_(None)))
    assert world.classmate in waiting
    answer = client.post(page, data={"people": [world.classmate, world.coach]})
    assert answer.status_code == 200
    assert answer.text.count("<svg viewBox") >= 2 or answer.text.count('class="qr"') == 2
    link = answer.text.split('class="invitation-link" href="')[1].split('"')[0]
    assert visitor.get(link.replace("http://localhost", "")).status_code == 200


def test_nobody_is_invited_whose_account_lies_beyond_the_administrators_reach(
    sign_in, world, portal, look
):
    enrol_elsewhere(portal, world, "chief", "here")
    enrol_elsewhere(portal, world, "stranger", "here")
    with portal.app_context():
        db.session.info["readonly"] = False
        db.session.execute(sa.update(Person).values(first_entered_at=None))
        db.session.commit()
    page, sent = f"/cohorts/{world.here}/invitations", {"people": [world.chief, world.stranger]}
    administrator = sign_in("administrator")
    text = administrator.get(page).text
    for who in sent["people"]:
        assert f'name="people" value="{who}"' not in text
    assert "Kartika Dewi" in text
    links = sa.select(sa.func.count()).where(OneTimeLink.person_id.in_(sent["people"]))
    assert administrator.post(page, data=sent).status_code == 422
    administrator.post(page, data={"people": [*sent["people"], world.classmate]})
    assert look(links) == [0]
    assert sign_in("chief").post(page, data={"people": [world.stranger]}).status_code == 200
    assert look(links) == [1]


def test_people_are_found_by_parts_of_what_is_known(sign_in, world):
    client = sign_in("administrator")
    for words, found in [
        ("ratna", True), ("WULAN rat", True), ("participant@ex", True), ("kesehatan", True),
        ("%", False), ("_", False), ("suardana", False), ("tidak ada", False),
    ]:  # fmt: skip
        text = client.get("/people", query_string={"words": words}).text
        assert ("Ratna Wulandari" in text) == found, words
    assert "Made Suardana" in sign_in("chief").get("/people?words=suardana").text
    assert "Ratna" not in sign_in("participant").get("/people").text.split("<main")[1]


@pytest.mark.parametrize("rows", [1, 3, 35, 350])
def test_finding_takes_the_same_queries_and_pages_lose_nobody(
    portal, world, sign_in, queries, rows
):
    from tests.cohorts.test_membership import crowd

    crowd(portal, world, rows)
    client = sign_in("administrator")
    seen_names, address = [], "/people?words=peserta"
    while address:
        with queries() as seen:
            text = client.get(address).text
        assert len(seen) == 4
        import html
        import re

        seen_names += re.findall(r'row-title"><a [^>]+>(peserta \d+)<', text)
        onward = re.search(r'href="(/people\?[^"]+)"[^>]*rel="next"', text)
        address = html.unescape(onward[1]) if onward else None
    assert seen_names == sorted(f"peserta {n}" for n in range(rows))


def enrol_elsewhere(portal, world, who, cohort="elsewhere"):
    from portal.cohorts.actions import enrol
    from portal.cohorts.models import Cohort
    from portal.database import db

    with portal.app_context():
        db.session.info["readonly"] = False
        person = db.session.get(Person, getattr(world, who))
        enrol(person, db.session.get(Cohort, getattr(world, cohort)), "participant")
        db.session.commit()
        db.session.remove()


def test_only_the_whole_portals_administrator_appoints_and_dismisses(sign_in, world, look):
    page = page_of(world, "participant")
    mine = sa.select(Appointment.ended_at).filter_by(person_id=world.participant)
    sure = {"sure": "yes"}
    assert sign_in("administrator").post(f"{page}/appointment", data=sure).status_code == 422
    assert look(mine) == []
    chief, theirs = sign_in("chief"), sign_in("participant")
    assert chief.post(f"{page}/appointment").status_code == 422
    for _ in range(2):
        assert chief.post(f"{page}/appointment", data=sure).status_code == 303
    assert look(mine) == [None]
    assert theirs.get(f"/cohorts/{world.here}/people").status_code == 200
    assert chief.post(f"{page}/dismissal", data=sure).status_code == 303
    assert look(mine) != [None]
    assert theirs.get(f"/cohorts/{world.here}/people").status_code == 403
    verbs = look(sa.select(JournalEntry.verb).order_by(JournalEntry.id))
    assert verbs[-2:] == ["cohorts.appoint", "cohorts.dismiss"]
