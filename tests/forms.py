"""Reads the forms of a page, as a browser would fill and send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

PLAIN = {"text", "search", "email", "url", "tel", "password", "number", "date", "datetime-local",
         "time"}  # fmt: skip


@dataclass
class Found:
    """One form: where it goes, what it sends untouched, and the names a person may fill."""

    action: str
    method: str
    is_multipart: bool = False
    values: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class FormReader(HTMLParser):
    """Collects every form with its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Found] = []
        self.inside: Found | None = None
        self.textarea: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = Found(
                attributes.get("action", ""),
                attributes.get("method", "get").lower(),
                "multipart" in attributes.get("enctype", ""),
            )
            self.forms.append(self.inside)
        name = attributes.get("name", "")
        if self.inside is None or (not name and tag != "option"):
            return
        if tag == "input":
            self._input(name, attributes)
        elif tag == "textarea":
            self.textarea = name
            self.inside.typed.append(name)
            self.inside.values[name] = ""
        elif tag == "select":
            self.select = name
            self.inside.chosen.append(name)
        elif tag == "option" and self.select:
            if "selected" in attributes or self.select not in self.inside.values:
                self.inside.values[self.select] = attributes.get("value", "")
        elif tag == "button" and "value" in attributes:
            self.inside.chosen.append(name)
            self.inside.values.setdefault(name, attributes["value"])

    def _input(self, name, attributes):
        kind = attributes.get("type", "text")
        if kind == "file":
            self.inside.files.append(name)
            return
        if kind in {"checkbox", "radio"}:
            self.inside.chosen.append(name)
            if "checked" not in attributes and name in self.inside.values:
                return
        elif kind in PLAIN:
            self.inside.typed.append(name)
        elif kind == "hidden" and name != "csrf_token":
            self.inside.chosen.append(name)
        self.inside.values[name] = attributes.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = None
        elif tag == "textarea":
            self.textarea = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data):
        if self.textarea and self.inside:
            self.inside.values[self.textarea] += data


def forms_of(html: str) -> list[Found]:
    reader = FormReader()
    reader.feed(html)
    return [one for one in reader.forms if one.action.startswith("/")]
