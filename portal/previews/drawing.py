"""What templates draw previews with."""

from typing import Any

from flask import Flask, url_for
from markupsafe import Markup

from portal.markdown import document
from portal.texts import _


def office_document(html: str, place: dict[str, Any]) -> Markup:
    """A document's cleaned HTML; its pictures come from the preview of the file at ``place``."""

    def picture(number: int) -> str:
        return url_for("preview_pictures.show", picture_number=number, **place)

    return document(html, picture, _("Picture in the document"))


def init(app: Flask) -> None:
    app.jinja_env.globals["office_document"] = office_document
