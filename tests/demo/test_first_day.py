"""A portal without the demo: whoever sets it up finds the way from every page of the first day."""

import pytest
import sqlalchemy as sa

from portal.cohorts.models import Organisation
from portal.database import db
from portal.journal.models import JournalEntry
from portal.people.models import Person
from tests.demo.conftest import close, empty_portal

START = 'href="/organisations/new"'


@pytest.fixture
def chief(database, tmp_path):
    """Signed in as the administrator whom the command made, on an empty database."""
    app = empty_portal(database, tmp_path)
    made = app.test_cli_runner().invoke(
        args=["create-administrator", "Dwi Rahmawati", "admin", "--password-stdin"],
        input="rahasia-sekali\n",
    )
    assert made.exit_code == 0
    for name, password in (("other", "short"), ("admin", "rahasia-sekali")):
        refused = app.test_cli_runner().invoke(
            args=["create-administrator", "Lain", name, "--password-stdin"], input=f"{password}\n"
        )
        assert (refused.exit_code, refused.output[:6]) == (1, "Error:")
    with app.app_context():
        person_id = db.session.scalars(sa.select(Person.id)).one()
        assert db.session.scalars(sa.select(JournalEntry.verb)).all() == ["cohorts.appoint"]
    yield app.test_client().sign_in(person_id)
    close(app)


@pytest.mark.alike_on_either_database
def test_the_first_pages_lead_to_the_first_organisation_and_cohort(chief):
    for address in ("/", "/cohorts", "/courses", "/people"):
        answer = chief.get(address)
        assert (answer.status_code, START in answer.text) == (200, True), address
    office = {"name": "BKPSDM Kota Malang", "zone": "Asia/Jakarta", "contact": ""}
    assert chief.post("/organisations", data=office).status_code == 303
    with chief.application.app_context():
        organisation_id = db.session.scalars(sa.select(Organisation.id)).one()
    for address in ("/", "/courses", "/people"):
        assert START not in chief.get(address).text
    assert f'href="/organisations/{organisation_id}/cohorts/new"' in chief.get("/").text
