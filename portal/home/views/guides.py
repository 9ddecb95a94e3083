"""The guide for mentors, as it stands in docs/guide, in the reader's language."""

from functools import lru_cache
from pathlib import PurePosixPath

from flask import url_for
from flask_babel import get_locale

from portal.config import ROOT
from portal.markdown import Document, Picture, lesson
from portal.web.access import ANYONE
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes("guides", __name__)


@routes.get("/help/mentors", access=ANYONE)
def show():
    text = _guide("id" if str(get_locale()) == "id" else "en").html(picture=_picture)
    return page("home/guide.html", text=text)


@lru_cache
def _guide(language: str) -> Document:
    return lesson((ROOT / "docs" / "guide" / f"mentors.{language}.md").read_text("utf-8"))


def _picture(source: str) -> Picture:
    """The guide names its pictures by their place in the repository."""
    name = PurePosixPath(source).name
    size = (390, 760) if name.startswith("phone") else (1180, 760)
    return Picture(url_for("static", filename=f"guide/{name}"), *size)
