"""Pictures and files of a course, and the preview of a text."""

from flask import Response, abort, request, url_for
from flask_login import current_user

from portal.courses import actions
from portal.courses.queries import file_at, resized
from portal.files import actions as files
from portal.files.kinds import COURSE
from portal.files.names import display_name
from portal.files.sending import send_blob
from portal.library import pictures
from portal.library.here import assignment_ids, course_here, names_of, placed_in
from portal.library.sources import LARGEST_FILE
from portal.library.written import add_file, render_course
from portal.texts import Refused
from portal.web.access import ADMINISTRATOR
from portal.web.htmx import page, redirect_to, wants_json
from portal.web.routes import Routes

routes = Routes(
    "course_files",
    __name__,
    url_prefix="/organisations/<int:organisation_id>/courses/<int:course_id>",
)
previews = Routes(
    "course_previews",
    __name__,
    url_prefix="/organisations/<int:organisation_id>/courses/<int:course_id>",
)


@routes.get("/files/<path:path>", access=ADMINISTRATOR)
def show(organisation_id: int, course_id: int, path: str):
    file = file_at(course_here(organisation_id, course_id).id, path) or abort(404)
    width = request.args.get("width", type=int)
    blob = (resized(file, width) if width else None) or file.blob
    return send_blob(blob, path.rsplit("/", 1)[-1], figure=True)


@routes.post("/files", access=ADMINISTRATOR)
def create(organisation_id: int, course_id: int):
    sent = [one for one in request.files.getlist("file") if one.filename]
    try:
        # Bytes go to disk and pictures are resized before the transaction takes any lock.
        ready = [
            (
                display_name(one.filename),
                pictures.ready(
                    *files.keep_accepted(one.stream, one.filename or "", COURSE, LARGEST_FILE)
                ),
            )
            for one in sent
        ]
    except Refused as refused:
        if wants_json():
            return {"error": str(refused)}, 422
        return page(
            "library/file_refused.html",
            status=422,
            course_id=course_id,
            organisation_id=organisation_id,
            sentence=str(refused),
        )
    course = course_here(organisation_id, course_id)
    for name, one in ready:
        add_file(course, f"files/{name}", one, current_user.id)
    render_course(course)
    if wants_json():
        return {"url": url_for("courses.show", **names_of(course), _anchor="files")}
    return redirect_to(
        "courses.show", organisation_id=organisation_id, course_id=course_id, _anchor="files"
    )


@previews.post("/previews", access=ADMINISTRATOR, endpoint="create")
def create_preview(organisation_id: int, course_id: int):
    course = course_here(organisation_id, course_id)
    text = request.form.get("text", "")[:200_000]
    renderer = actions.renderer_of(course, assignment_ids(course))
    html = placed_in(course, renderer.render(request.args.get("path"), text).html)
    # Sent as plain text, so that no browser takes it for a page.
    return Response(str(html), mimetype="text/plain")
