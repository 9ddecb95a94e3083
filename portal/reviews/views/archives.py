"""What waits, as one download: chosen once, then sent piece by piece."""

from collections.abc import Sequence

from flask import abort, request
from flask_login import current_user

from portal.files import storage
from portal.files.archives import Stream
from portal.reviews import archives
from portal.reviews.filters import remembered
from portal.submissions.models import Submission
from portal.texts import Refused, _, language
from portal.web.access import SIGNED_IN
from portal.web.exports import Cell, csv_file
from portal.web.formats import exact
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("review_archives", __name__, url_prefix="/reviews/archives")


@routes.get("", access=SIGNED_IN)
def new():
    return _form()


def _form(because: str = "", status: int = 200) -> Page:
    chosen = remembered(current_user.id).filter_
    return page(
        "reviews/archives.html",
        status=status,
        because=because,
        offered=archives.offered(current_user.id, chosen),
        made=archives.made_by(current_user.id),
        is_narrowed=chosen.narrows,
        most=archives.MOST,
    )


@routes.post("", access=SIGNED_IN)
def create():
    chosen = remembered(current_user.id).filter_
    try:
        archive_id = archives.make(current_user.id, chosen, only_new="only_new" in request.form)
    except Refused as refusal:
        return _form(str(refusal), 422)
    return redirect_to("review_archives.show", archive_id=archive_id)


@routes.get("/<int:archive_id>", access=SIGNED_IN)
def show(archive_id: int):
    """The archive itself: folders by assignment, participant and version, and a list of all."""
    held = archives.held_in(current_user.id, archive_id) or abort(404)
    stream = Stream()
    stream.add((), _("contents.csv"), _filled(stream, held))
    return stream.send(f"{_('submissions')} {archive_id}.zip")


def _filled(stream: Stream, held: Sequence[Submission]) -> bytes:
    """Puts everything into the archive, and says line by line what is where."""
    header = (
        _("Cohort"), _("Assignment"), _("Participant"), _("Version"), _("Handed in"),
        _("File"), _("Bytes"), "SHA-256",
    )  # fmt: skip
    rows: list[list[Cell]] = []
    for one in held:
        folders = (
            one.cohort.name,
            one.assignment.title,
            one.person.name,
            _("version %(number)s", number=one.number),
        )
        about: list[Cell] = [one.cohort.name, one.assignment.title, one.person.name, one.number,
                 exact(one.received_at)]  # fmt: skip
        if one.text:
            path = stream.add(folders, _("text.md"), one.text.encode())
            rows.append([*about, path, len(one.text.encode()), one.text_sha256])
        for file in one.files:
            place = storage.path_of(file.blob)
            if not place.is_file():
                rows.append([*about, _("missing: %(name)s", name=file.name), 0, file.sha256])
                continue
            path = stream.add(folders, file.name, place)
            rows.append([*about, path, file.size, file.sha256])
    return csv_file(header, rows, comma=language() == "id")
