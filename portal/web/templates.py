"""How templates are found and made; what they may use stands in ``create_app``."""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class Templates(Environment):
    """Gives every template the globals themselves, since none of ours has globals of its own.

    Jinja would wrap them for each template, and then each import of a macro walks the wrapping:
    a sixth of all calls of a page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals
