"""Whole pages and fragments of them. The only file that names an HX- header."""

from dataclasses import dataclass, field
from typing import Any

from flask import Response, jsonify, make_response, redirect, request, url_for
from flask_htmx import HTMX
from werkzeug.wrappers import Response as BaseResponse

from portal.web.templates import render

htmx = HTMX()


@dataclass
class Page:
    """What a view answers: rendered by Routes after the commit, outside any write transaction."""

    template: str
    fragment: str | None = None
    status: int = 200
    target: str | None = None
    context: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] | None = None
    """With words for the portal's own scripts the answer is JSON, with the page in it."""

    def render(self) -> Response:
        if self.said is not None:
            return jsonify(self.said | {"page": render(self.template, **self.context)})
        template = self.template
        if self.fragment and _wants(self.fragment, self.target):
            template = self.fragment
        response = make_response(render(template, **self.context), self.status)
        response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
        return response


def page(
    template: str,
    *,
    fragment: str | None = None,
    target: str | None = None,
    status: int = 200,
    **context,
) -> Page:
    """The page ``template``, or for htmx its ``fragment`` alone.

    A fragment ``feature/_name.html`` has one root element with the id ``name`` (underscores
    become hyphens); it is chosen when htmx says that this element is its target. A fragment that
    may stand several times in a page has another id each time, named by ``target``.
    """
    return Page(template, fragment, status, target, context)


def _wants(fragment: str, target: str | None) -> bool:
    if not htmx or htmx.history_restore_request:
        return False
    if target:
        return htmx.target == target
    name = fragment.rsplit("/", 1)[-1].removeprefix("_").removesuffix(".html")
    return htmx.target == name.replace("_", "-")


def redirect_to(endpoint: str, _anchor: str | None = None, **values) -> BaseResponse:
    """303: after a write, go and look at this page."""
    return redirect(url_for(endpoint, _anchor=_anchor, **values), 303)


def leave_to(endpoint: str, **values) -> BaseResponse:
    """The same, to a page that does not fit into the place that htmx would fill."""
    if is_swap():
        return Response(status=204, headers={"HX-Redirect": url_for(endpoint, **values)})
    return redirect_to(endpoint, **values)


def is_prefetch() -> bool:
    """True when a browser or htmx asks ahead of the person: then nothing was seen yet."""
    purpose = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return "prefetch" in purpose or request.headers.get("HX-Preloaded") == "true"


def is_swap() -> bool:
    """True when htmx will put the answer into a page that stays."""
    return bool(htmx) and not htmx.boosted


def leave_page(location: str) -> Response:
    """Tell htmx to leave the page for ``location`` instead of swapping something into it."""
    return Response(status=401, headers={"HX-Redirect": location})


def wants_json() -> bool:
    """True for the portal's own scripts (autosave, upload), which ask for JSON by name."""
    return request.accept_mimetypes.best == "application/json"
