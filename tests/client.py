"""The test client is an inspector: every page it opens must be a good page."""

import contextvars
import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from portal import clock
from portal.people import actions

LABELLED = {"input", "select", "textarea"}
UNLABELLED_TYPES = {"hidden", "submit", "button", "reset"}
VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}


class Inspector(FlaskClient):
    """A browser without JavaScript that fails the test when a page is faulty."""

    def sign_in(self, person_id: int) -> "Inspector":
        """Sign a person in without the form; ``person_id`` comes from the world."""
        from portal.database import db
        from portal.people.queries import person_by_id

        with self.application.app_context():
            db.session.info["readonly"] = False
            token = actions.open_sign_in(
                person_by_id(person_id), address="127.0.0.1", device="test"
            )
            db.session.commit()
        with self.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
            session.permanent = True
        return self

    def open(self, *args, **kwargs):
        # A context of its own: an app context or a session of the test is not the request's.
        # Only the time is the test's (``with clock.at(...)``).
        arguments = {"buffered": True, **kwargs}
        context = contextvars.Context()
        context.run(clock.told.set, clock.told.get())
        response = context.run(super().open, *args, **arguments)
        if response.mimetype == "text/html" and not response.headers.get("X-Inspected"):
            is_fragment = "HX-Request" in (kwargs.get("headers") or {})
            faults = faults_of(response.get_data(as_text=True), is_fragment=is_fragment)
            assert not faults, f"{response.request.path}: {faults}"
        return response

    def token(self) -> str:
        """This visitor's CSRF token, as any page would hold it."""
        from flask import session
        from flask_wtf.csrf import generate_csrf

        with self.session_transaction() as kept:
            raw = kept.get("csrf_token")
        with self.application.test_request_context():
            if raw:
                session["csrf_token"] = raw
            token = generate_csrf()
            raw = session["csrf_token"]
        with self.session_transaction() as kept:
            kept["csrf_token"] = raw
        return token

    def post(self, *args, data=None, forged=False, **kwargs):
        """POST with a good token, unless ``forged``."""
        if not forged and not isinstance(data, (bytes, str)):
            data = {"csrf_token": self.token(), **(data or {})}
        return super().post(*args, data=data, **kwargs)


class PageReader(HTMLParser):
    """Reads what the inspector asks about."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.stack: list[str] = []
        self.text: dict[str, list[str]] = {"h1": [], "title": []}
        self.inside_label = 0
        self.wrapped: set[int] = set()
        self.faults: list[str] = []

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if "label" in self.stack:
            self.wrapped.add(len(self.elements) - 1)
        if tag in self.text and "svg" not in self.stack:
            self.text[tag].append("")
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if tag not in self.stack:
            self.faults.append(f"</{tag}> closes nothing")
            return
        while self.stack and self.stack.pop() != tag:
            if tag not in {"ul", "ol", "table", "tbody", "tr", "dl", "select"}:
                self.faults.append(f"something inside <{tag}> was not closed")

    def handle_data(self, data):
        for tag in ("h1", "title"):
            if tag in self.stack and self.text[tag] and "svg" not in self.stack:
                self.text[tag][-1] += data


def faults_of(html: str, *, is_fragment: bool = False) -> list[str]:
    """What is wrong with a page: empty when it is a good one."""
    reader = PageReader()
    reader.feed(html)
    faults = list(reader.faults)
    if not is_fragment:
        faults += _faults_of_the_whole(reader)
    ids = Counter(attributes["id"] for _tag, attributes in reader.elements if "id" in attributes)
    faults += [f"id {one} stands {count} times" for one, count in ids.items() if count > 1]
    labels = {attributes.get("for") for tag, attributes in reader.elements if tag == "label"}
    for index, (tag, attributes) in enumerate(reader.elements):
        faults += _faults_of_element(tag, attributes)
        if (
            tag in LABELLED
            and attributes.get("type") not in UNLABELLED_TYPES
            and attributes.get("id") not in labels
            and index not in reader.wrapped
            and not {"aria-label", "aria-labelledby"} & set(attributes)
        ):
            faults.append(f"<{tag} name={attributes.get('name')}> has no label")
    return faults


def _faults_of_the_whole(reader: PageReader) -> list[str]:
    headings = [" ".join(text.split()) for text in reader.text["h1"]]
    titles = [" ".join(text.split()) for text in reader.text["title"]]
    if len(headings) != 1 or len(titles) != 1:
        return [f"a page has one h1 and one title, not {headings} and {titles}"]
    bare = re.sub(r"^\(\d+\) ", "", titles[0])
    if not headings[0] or not bare.startswith(headings[0]):
        return [f"the title {titles[0]!r} does not start with the h1 {headings[0]!r}"]
    return []


def _faults_of_element(tag: str, attributes: dict[str, str]) -> list[str]:
    faults = []
    if "style" in attributes or tag == "style":
        faults.append(f"<{tag}> has an inline style")
    if tag == "script" and "src" not in attributes:
        faults.append("an inline script")
    if any(name.startswith("on") for name in attributes):
        faults.append(f"<{tag}> has an inline handler")
    if tag == "form" and not attributes.get("action"):
        faults.append("a form without an action")
    if tag == "img" and "alt" not in attributes:
        faults.append(f"<img src={attributes.get('src')}> without alt")
    for verb, twin in (("hx-get", "href"), ("hx-post", "action")):
        if verb in attributes and "href" not in attributes and "action" not in attributes:
            faults.append(f"<{tag} {verb}> has no plain {twin}")
        elif verb in attributes:
            plain = attributes.get("href", attributes.get("action", ""))
            if urlsplit(plain).path != urlsplit(attributes[verb]).path:
                faults.append(f"<{tag} {verb}> differs from its plain twin")
    return faults
