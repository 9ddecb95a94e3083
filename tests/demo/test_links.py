"""What the demo's lessons and briefs link to and show is there, for those who read them."""

import re
from urllib.parse import urljoin

import pytest
import sqlalchemy as sa

from portal.cohorts.models import Enrolment
from portal.database import db
from portal.people.models import SignIn
from portal.people.queries import person_called
from tests.demo.conftest import at_work

LINKED = re.compile(r'<(?:a|img)\b[^>]*?\s(?:href|src)="([^"#]+)')
FINE = (200, 303, 403)
"""403 is a lesson that says until when it is locked."""
LISTS = {"course": "lessons", "assignments": "assignments"}


def linked_from(client, page: str, wanted: str = "") -> list[str]:
    """The addresses of the portal in the main part of a page."""
    main = client.get(page).text.split("<main")[1].split("</main>")[0]
    found = (urljoin(page, one.replace("&amp;", "&")) for one in LINKED.findall(main))
    return sorted({one for one in found if one.startswith("/") and wanted in one})


@pytest.fixture
def reader(demo):
    """``reader(person_id)``: reads as they would, and leaves no trace in the demo."""

    def signed_in(person_id: int):
        client = demo.test_client().sign_in(person_id)
        client.environ_base["HTTP_SEC_PURPOSE"] = "prefetch"
        return client

    yield signed_in
    with at_work(demo):
        db.session.execute(sa.delete(SignIn))
        db.session.commit()


@pytest.mark.alike_on_either_database
@pytest.mark.parametrize("role", ["participant", "mentor"])
def test_every_link_of_a_lesson_or_brief_leads_somewhere(demo, reader, role):
    with at_work(demo):
        person_id = person_called(role).id
        own = sa.select(Enrolment.cohort_id).filter_by(person_id=person_id, role=role)
        cohort_id = db.session.scalars(own).first()
    client = reader(person_id)
    texts = [
        text
        for page, texts in LISTS.items()
        for text in linked_from(client, f"/cohorts/{cohort_id}/{page}", f"/{texts}/")
    ]
    assert len(texts) > 20
    linked = {address: text for text in texts for address in linked_from(client, text)}
    broken = {one: linked[one] for one in linked if client.get(one).status_code not in FINE}
    assert broken == {}
