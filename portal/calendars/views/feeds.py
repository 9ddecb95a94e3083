"""One's own calendar in a calendar program: a secret address, shown once and ended at will."""

from flask import Response, abort, url_for
from flask_babel import force_locale
from flask_login import current_user

from portal import clock
from portal.calendars import actions, queries
from portal.calendars.icalendar import Event, calendar
from portal.people.models import Person
from portal.texts import Refused, _
from portal.web.access import ANYONE, SIGNED_IN
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("calendar_feeds", __name__, url_prefix="/profile/calendar")
files = Routes("calendar_files", __name__, url_prefix="/calendar")
LANGUAGE = "id"


@routes.get("", access=SIGNED_IN)
def show():
    return _page()


@routes.post("", access=SIGNED_IN)
def create():
    """Make an address. It is shown on this answer and never again, so this is no redirect."""
    try:
        token = actions.make_feed(current_user.id)
    except Refused as refused:
        return _page(refusal=str(refused), status=409)
    return _page(address=url_for("calendar_files.show_file", token=token, _external=True))


@routes.post("/removal", access=SIGNED_IN)
def remove():
    actions.end_feed(current_user.id)
    return redirect_to("calendar_feeds.show")


@files.get("/<token>.ics", access=ANYONE)
def show_file(token: str):
    person = queries.person_of_feed(token) if len(token) < 100 else None
    if person is None:
        abort(404)
    with force_locale(person.language or LANGUAGE):
        text = calendar("Sinau", _events(person), clock.now())
    answer = Response(text, mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Disposition"] = 'attachment; filename="sinau.ics"'
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _events(person: Person) -> list[Event]:
    mine = queries.calendar_of(person.id)
    events = [
        Event(
            uid=f"meeting-{one.id}@sinau",
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            title=one.subject,
            place=one.place or one.link,
            description="\n".join(filter(None, (one.teacher, mine.names[one.cohort_id], one.link))),
            link=one.link,
            changes=one.revision,
            is_cancelled=one.cancelled_at is not None,
        )
        for one in mine.meetings
    ]
    events += [
        Event(
            uid=f"due-{one.schedule.id}-{person.id}@sinau",
            starts_at=one.deadline.due_at,
            title=_("Due: %(title)s", title=one.assignment.title),
            description=mine.names[one.schedule.cohort_id],
            link=url_for(
                "work.show",
                cohort_id=one.schedule.cohort_id,
                assignment_id=one.assignment.id,
                _external=True,
            ),
            changes=one.schedule.revision,
        )
        for one in mine.tasks
        if not one.deadline.is_exempt
    ]
    return sorted(events, key=lambda one: (one.starts_at, one.uid))


def _page(address: str = "", refusal: str = "", status: int = 200) -> Page:
    return page(
        "calendars/feed.html",
        status=status,
        feed=queries.current_feed_of(current_user.id),
        address_made=address,
        refusal=refusal,
    )
