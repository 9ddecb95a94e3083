"""The pages of the comment bank."""

from flask import abort, flash
from flask_login import current_user

from portal.snippets import actions, queries
from portal.snippets.forms import SnippetForm
from portal.snippets.models import Snippet
from portal.texts import Refused, _
from portal.web.access import SIGNED_IN
from portal.web.htmx import Page, page, redirect_to, wants_json
from portal.web.routes import Routes

routes = Routes("snippets", __name__, url_prefix="/snippets")
uses = Routes("snippet_uses", __name__, url_prefix="/snippets")
ROUTES = (routes, uses)


@routes.get("", access=SIGNED_IN)
def index():
    snippets = queries.snippets_of(current_user.id)
    shared: dict[str, list[Snippet]] = {}
    for one in snippets:
        if one.organisation is not None:
            shared.setdefault(one.organisation.name, []).append(one)
    return page(
        "snippets/index.html",
        own=[one for one in snippets if one.owner_id is not None],
        shared=shared,
        mine={one.id for one in queries.organisations_of(current_user.id)},
    )


@routes.get("/new", access=SIGNED_IN)
def new():
    return _form(_offered(SnippetForm(formdata=None)))


@routes.post("", access=SIGNED_IN)
def create():
    form = _offered(SnippetForm())
    if not form.validate():
        return _form(form, status=422)
    try:
        actions.keep(
            current_user.id,
            form.text.data,
            criterion=form.criterion.data or "",
            level=form.level.data or "",
            organisation_id=form.organisation_id,
        )
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        return _form(form, status=422)
    flash(_("Kept in the comment bank."), "done")
    return redirect_to("snippets.index")


@routes.get("/<int:snippet_id>/edit", access=SIGNED_IN)
def edit(snippet_id: int):
    snippet = _snippet(snippet_id)
    return _form(_filled(snippet), snippet)


@routes.post("/<int:snippet_id>", access=SIGNED_IN)
def update(snippet_id: int):
    snippet = _snippet(snippet_id)
    form = _offered(SnippetForm())
    if not form.validate():
        return _form(form, snippet, status=422)
    try:
        actions.change(
            snippet,
            current_user.id,
            text=form.text.data,
            criterion=form.criterion.data or "",
            level=form.level.data or "",
            organisation_id=form.organisation_id,
            revision=form.revision.data or 0,
        )
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        return _form(form, snippet, status=409 if refusal.conflict else 422)
    flash(_("Saved."), "done")
    return redirect_to("snippets.index")


@routes.post("/<int:snippet_id>/removal", access=SIGNED_IN)
def remove(snippet_id: int):
    snippet = _snippet(snippet_id)
    form = SnippetForm()
    try:
        actions.remove(snippet, current_user.id, revision=form.revision.data or 0)
    except Refused as refusal:
        flash(refusal.sentence, "warning")
        return redirect_to("snippets.edit", snippet_id=snippet_id)
    flash(_("Taken out of the comment bank. What was written with it stays."), "done")
    return redirect_to("snippets.index")


@uses.post("/<int:snippet_id>/uses", access=SIGNED_IN, endpoint="create")
def create_use(snippet_id: int):
    """Note that a script has put it into a remark."""
    snippet = queries.snippet_for(current_user.id, snippet_id) or abort(404)
    actions.count_use(snippet)
    return {} if wants_json() else redirect_to("snippets.index")


def _snippet(snippet_id: int) -> Snippet:
    return queries.snippet_for(current_user.id, snippet_id, to_change=True) or abort(404)


def _offered(form: SnippetForm) -> SnippetForm:
    return form.offer(queries.organisations_of(current_user.id))


def _filled(snippet: Snippet) -> SnippetForm:
    data = {
        "text": snippet.text,
        "criterion": snippet.criterion,
        "level": snippet.level,
        "shared_with": str(snippet.organisation_id or ""),
        "revision": snippet.revision,
    }
    return _offered(SnippetForm(formdata=None, data=data))


def _form(form: SnippetForm, snippet: Snippet | None = None, status: int = 200) -> Page:
    """The form; after a conflict what is typed stands beside what somebody else made of it."""
    if snippet is not None:
        form.revision.data = snippet.revision
    return page(
        "snippets/edit.html",
        status=status,
        form=form,
        snippet=snippet,
        is_conflict=status == 409,
    )
