"""What arrives, without what no database stores: NUL and lone surrogates vanish from queries and
forms here, once, whichever way a view reads them. An address that holds one is no page."""

from functools import cached_property
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

SURROGATES = dict.fromkeys(range(0xD800, 0xE000))
UNWANTED = SURROGATES | {0: None}


def is_storable(text: object) -> bool:
    """False for a text that holds a NUL or a lone surrogate."""
    return not isinstance(text, str) or text == text.translate(UNWANTED)


def _storable(values: MultiDict[str, str]) -> MultiDict[str, str]:
    if all(is_storable(name) and is_storable(text) for name, text in values.items(multi=True)):
        return values
    return ImmutableMultiDict(
        (name.translate(UNWANTED), text.translate(UNWANTED))
        for name, text in values.items(multi=True)
    )


class StorableRequest(Request):
    """A request whose query and form hold only what a database can store."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        return _storable(super().args)

    def _load_form_data(self) -> None:
        super()._load_form_data()
        loaded: dict[str, Any] = self.__dict__
        loaded["form"] = _storable(loaded["form"])
