"""Files of a draft: added one at a time by a form of their own, looked at, taken out."""

from typing import BinaryIO, cast

from flask import abort, flash, request

from portal.files import sending
from portal.files.actions import keep_accepted
from portal.files.kinds import WORK
from portal.submissions import actions, queries
from portal.submissions.forms import FilesForm
from portal.submissions.views.drafts import draft_page, place_of, task_or_404
from portal.texts import Refused, _
from portal.web.access import PARTICIPANT
from portal.web.formats import filesize
from portal.web.htmx import redirect_to, wants_json
from portal.web.routes import Routes, reading

routes = Routes(
    "draft_files",
    __name__,
    url_prefix="/cohorts/<int:cohort_id>/assignments/<int:assignment_id>/draft/files",
)


@routes.post("", access=PARTICIPANT)
def create(cohort_id, assignment_id):
    """Attach what was sent. Each file stands for itself: a refused one takes no other with it."""
    place, kept_files, refusals = place_of(cohort_id, assignment_id), [], []
    sent = [one for one in request.files.getlist("file") if one.filename]
    if not sent:
        refusals.append(_("Choose a file first."))

    def refuse(upload, refused: Refused) -> None:
        refusals.append(f"{upload.filename}: {refused}" if len(sent) > 1 else str(refused))

    with reading():
        task = task_or_404(cohort_id, assignment_id)
        allowed, at_most = task.assignment.file_types or WORK, task.assignment.max_file_bytes
        for upload in sent:
            try:
                found = keep_accepted(
                    cast("BinaryIO", upload.stream), upload.filename or "", allowed, at_most
                )
                kept_files.append((upload, *found))
            except Refused as refused:
                refuse(upload, refused)
    for upload, kept, kind in kept_files:
        try:
            actions.add_file(place, task, kept, kind, upload.filename or "")
        except Refused as refused:
            refuse(upload, refused)
    if wants_json():
        if refusals:
            return {"error": " ".join(refusals)}, 422
        return {"files": len(sent)}
    if refusals:
        form = FilesForm()
        form.validate()
        for sentence in refusals:
            form.refuse(sentence, "file")
        return draft_page(task, status=422, files_form=form)
    return redirect_to("drafts.show", "files", cohort_id=cohort_id, assignment_id=assignment_id)


@routes.get("/<int:draft_file_id>", access=PARTICIPANT)
def show(cohort_id, assignment_id, draft_file_id):
    """Download a file of one's own draft, as it is stored."""
    file = queries.draft_file_of(place_of(cohort_id, assignment_id), draft_file_id)
    if file is None:
        abort(404)
    return sending.send_blob(file.blob, file.name)


@routes.post("/<int:draft_file_id>/removal", access=PARTICIPANT)
def remove(cohort_id, assignment_id, draft_file_id):
    place = place_of(cohort_id, assignment_id)
    file = queries.draft_file_of(place, draft_file_id)
    if file is None:
        abort(404)
    name, size = file.name, filesize(file.blob.size)
    actions.remove_file(place, file)
    flash(_("%(name)s (%(size)s) was taken out of the draft.", name=name, size=size), "info")
    return redirect_to("drafts.show", "files", cohort_id=cohort_id, assignment_id=assignment_id)
