"""Markdown as it will look: for the preview of every editor (templates/ui/editor.html)."""

from flask import Response, request

from portal.markdown import note
from portal.web.access import SIGNED_IN
from portal.web.forms import cleaned
from portal.web.routes import Routes

routes = Routes("previews", __name__)


@routes.post("/previews", access=SIGNED_IN)
def create():
    """The text as safe HTML. Sent as plain text, so that no browser takes it for a page."""
    return Response(note(cleaned(request.form.get("text", ""))), mimetype="text/plain")
