"""The main navigation: a few plain links, by what the person is and where the page stands."""

import contextlib

from flask import g, request
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from portal.cohorts import queries as cohorts
from portal.home.queries import (
    Place,
    Places,
    arrived,
    contact_of_the_only_organisation,
    places_of,
)
from portal.people.entrance import Arrival
from portal.people.queries import LiveSignIn, Shown
from portal.texts import _
from portal.web.access import Standing, standing
from portal.web.frame import Frame, Link, address
from portal.web.requests import is_storable

WORK = {"work", "drafts", "submissions", "receipts", "comparisons", "extension_requests"}
REVIEWS = {
    "reviews", "releases", "release_sets", "review_archives", "review_saves", "snippets",
    "histories", "briefs", "stand_ins", "hand_overs",
}  # fmt: skip


# The administrator's pages of a cohort, by blueprint.
OF_COHORTS = {
    "announcements", "calendars", "chasing", "cohorts", "dashboards", "enrolments",
    "extension_answers", "extensions", "invitations", "meetings", "mentorships", "new_cohorts",
    "organisations",
    "progress", "records", "rosters", "schedules", "sharings", "turnaround",
}  # fmt: skip


# Those of what a cohort follows, which is written without one.
OF_COURSES = {
    "arrangements", "course_assignments", "course_copies", "course_files", "course_imports",
    "course_lessons", "course_previews", "courses", "modules", "rubrics",
}  # fmt: skip


# Those of the whole portal.
OF_PORTAL = {"jobs", "kept_mails", "portal_holidays"}


def init() -> None:
    """Give the frame of every page its answers, before it asks."""
    Arrival.find = staticmethod(arrive)
    Frame.navigation = staticmethod(navigation)
    Frame.unread = staticmethod(lambda: places().unread)
    Frame.leads_here = staticmethod(lambda: places().leads_here)
    Frame.contact = staticmethod(contact)
    Frame.brand = staticmethod(brand)
    Frame.zone = staticmethod(zone)


def arrive(shown: Shown) -> LiveSignIn | None:
    """Who asks for a page, with where it stands and what its frame needs, kept until they ask."""
    cohort_id = (request.view_args or {}).get("cohort_id")
    found = arrived(shown, _path(), cohort_id)
    if found is None:
        return None
    g.places = found.places
    g.arrived = found.sign_in.person_id, cohort_id, found.standing
    return found.sign_in


def _path() -> str:
    """The path of the page; nothing where no notice can lead, since no database holds it."""
    return request.path if is_storable(request.path) else ""


def standing_in_cohort(person_id: int, cohort_id: int) -> Standing | None:
    """The standing where the page stands, which came with who asks for it."""
    who, where, standing = g.pop("arrived", (None, None, None))
    if (who, where) == (person_id, cohort_id):
        return standing
    return cohorts.standing_in_cohort(person_id, cohort_id)


def places() -> Places:
    """The present person's places, asked once for each page. An error page does without."""
    if "places" not in g:
        g.places = Places()
        if current_user.is_authenticated:
            with contextlib.suppress(SQLAlchemyError):
                g.places = places_of(current_user.id, _path())
    return g.places


def contact() -> str:
    """Whom to ask: the organiser of the place the page stands in, else the person's own."""
    organisation = standing().organisation
    if organisation or current_user.is_authenticated:
        return organisation.contact if organisation else places().contact
    with contextlib.suppress(SQLAlchemyError):
        return contact_of_the_only_organisation()
    return ""


def brand() -> str:
    organisation = standing().organisation
    return organisation.brand if organisation else places().brand


def zone() -> str | None:
    """The time zone of the place the page stands in, else of the person's own."""
    organisation = standing().organisation
    return organisation.zone if organisation else places().zone


def navigation() -> list[Link]:
    if not current_user.is_authenticated:
        return []
    mine = places()
    links = [_link(_("Home"), "home.index", {"home"})]
    if place := _present(mine.as_role("participant")):
        here = {"cohort_id": place.cohort_id}
        # Indonesian has one word for the course one follows and for those one administers.
        course = _("My course") if mine.is_administrator else _("Course")
        links += [
            _link(course, "lessons.index", {"lessons", "search"}, **here),
            _link(_("Assignments"), "work.index", WORK, **here),
            _link(_("Feedback"), "feedback.index", {"feedback"}, **here),
        ]
    if mine.as_role("mentor"):
        links.append(_link(_("Reviews"), "reviews.index", REVIEWS))
    if place := place or _present(mine.as_role("mentor")):
        here = {"cohort_id": place.cohort_id}
        links.append(_link(_("Calendar"), "calendars.show", {"calendars"}, **here))
    if mine.is_administrator:
        is_elsewhere = any(link and link.current for link in links)
        of_cohorts = OF_COHORTS
        if standing().cohort and not is_elsewhere:
            of_cohorts = OF_COHORTS | {request.blueprint or ""}
        links += [
            _link(_("Cohorts"), "cohorts.index", of_cohorts),
            _link(_("People"), "people.index", {"people"}),
            _link(_("Courses"), "courses.index", OF_COURSES),
        ]
    if mine.is_chief:
        links.append(_link(_("Portal"), "jobs.index", OF_PORTAL))
    return [link for link in links if link]


def _present(participating: list[Place]) -> Place | None:
    """The cohort the page stands in if the person is a participant there, else their newest."""
    cohort = standing().cohort
    if cohort:
        here = [place for place in participating if place.cohort_id == cohort.id]
        if here:
            return here[0]
    return participating[0] if participating else None


def _link(label: str, endpoint: str, blueprints: set[str], **values) -> Link | None:
    href = address(endpoint, **values)
    return Link(label, href, request.blueprint in blueprints) if href else None
