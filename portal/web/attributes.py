"""The attributes of elements, as the macros of ``templates/ui`` and WTForms want them written."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import Flask
from markupsafe import Markup
from wtforms.widgets import core as widgets

from portal.web.texts import shown


def attributes(values: Mapping[str, Any]) -> Markup:
    """What keyword arguments say, for an element: ``data_copy="x"`` gives data-copy="x", class_ and
    for_ lose their underscore, True stands bare, None and False are left out."""
    parts = [
        f" {_dashed(name)}" if value is True else f' {_dashed(name)}="{shown(value)}"'
        for name, value in values.items()
        if value is not None and value is not False
    ]
    return Markup("".join(parts))  # noqa: S704 - names are ours, values are escaped


@cache
def _dashed(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def of_input(**values: Any) -> Markup:
    """The attributes of an input. WTForms' own function formats each by itself: a tenth of the
    page on which a mentor judges."""
    parts = [
        _named(name) if value is True else f'{_named(name)}="{shown(value)}"'
        for name, value in sorted(values.items())
        if value is not False
    ]
    return Markup(" ".join(parts))  # noqa: S704 - names are ours, values are escaped


_named = cache(widgets.clean_key)


def init(app: Flask) -> None:
    widgets.html_params = of_input
    widgets.Input.html_params = staticmethod(of_input)
    app.jinja_env.globals["attributes"] = attributes
