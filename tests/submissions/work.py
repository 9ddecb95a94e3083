"""A participant at work, over HTTP as a browser without JavaScript would do it."""

import html
import io
import re

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.submissions.models import Draft, Submission
from tests.files.made import PDF

JSON = {"Accept": "application/json"}


class Desk:
    """One person's place for one assignment."""

    def __init__(self, client, cohort_id: int, assignment_id: int):
        self.client = client
        self.work = f"/cohorts/{cohort_id}/assignments/{assignment_id}"
        self.draft = f"{self.work}/draft"
        self.versions = f"{self.work}/versions"

    def page(self) -> str:
        return self.client.get(self.draft).text

    def hidden(self, name: str, address: str | None = None) -> str:
        """The value of a hidden field as the page holds it now."""
        text = self.client.get(address or self.draft).text
        found = re.search(rf'name="{name}" value="([^"]*)"', text)
        assert found, name
        return html.unescape(found[1])

    def save(self, text: str, revision: int | str | None = None, **more):
        if revision is None:
            revision = self.hidden("revision")
        return self.client.post(self.draft, data={"text": text, "revision": revision, **more})

    def autosave(self, text: str, revision: int, **more):
        data = {"text": text, "revision": revision, **more}
        return self.client.post(self.draft, data=data, headers=JSON)

    def upload(self, content: bytes = PDF, name: str = "rap.pdf", headers=None):
        fields = {
            "csrf_token": self.client.token(),
            "file": FileStorage(io.BytesIO(content), filename=name),
        }
        boundary, body = encode_multipart(fields)
        return self.client.post(
            f"{self.draft}/files",
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
            headers=headers,
        )

    def hand_in(self, **changes):
        new = f"{self.versions}/new"
        data = {"key": self.hidden("key", new), "seen": self.hidden("seen", new)}
        return self.client.post(self.versions, data={**data, **changes})

    def shown_text(self, name: str = "text") -> str:
        return typed_in(self.page(), name)


def typed_in(page: str, name: str) -> str:
    """What a browser would put into the text field ``name``: the first line end belongs to HTML."""
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page, re.S)
    assert found, f"no text field {name}"
    text = html.unescape(found[1]).replace("\r\n", "\n")
    return text.removeprefix("\n")


def drafts(scene, person_id: int) -> list[Draft]:
    """The person's drafts with files and copies, as they are stored now."""
    statement = (
        sa.select(Draft)
        .where(Draft.person_id == person_id)
        .options(selectinload(Draft.files), selectinload(Draft.copies))
        .order_by(Draft.id)
    )
    with scene() as session:
        return list(session.scalars(statement))


def submissions(scene, person_id: int) -> list[Submission]:
    """The person's submission versions with their files, as they are stored now."""
    statement = (
        sa.select(Submission)
        .where(Submission.person_id == person_id)
        .options(selectinload(Submission.files))
        .order_by(Submission.number)
    )
    with scene() as session:
        return list(session.scalars(statement))
