"""The guides for mentors and administrators of docs/guide, in the language of the reader."""

from functools import lru_cache
from pathlib import PurePosixPath

from flask import url_for
from flask_babel import get_locale

from portal.config import ROOT
from portal.markdown import Document, Picture, lesson
from portal.texts import _
from portal.web.access import ANYONE
from portal.web.htmx import Page, page
from portal.web.routes import Routes

routes = Routes("guides", __name__)


@routes.get("/help/mentors", access=ANYONE)
def mentors():
    return _guide_page("mentors", _("Guide for mentors"))


@routes.get("/help/administrators", access=ANYONE)
def administrators():
    return _guide_page("administrators", _("Guide for administrators"))


def _guide_page(name: str, title: str) -> Page:
    language = "id" if str(get_locale()) == "id" else "en"
    return page("home/guide.html", title=title, text=_guide(name, language).html(picture=_picture))


@lru_cache
def _guide(name: str, language: str) -> Document:
    return lesson((ROOT / "docs" / "guide" / f"{name}.{language}.md").read_text("utf-8"))


def _picture(source: str) -> Picture:
    """The guide names its pictures by their place in the repository."""
    name = PurePosixPath(source).name
    size = (390, 760) if name.startswith("phone") else (1180, 760)
    return Picture(url_for("static", filename=f"guide/{name}"), *size)
