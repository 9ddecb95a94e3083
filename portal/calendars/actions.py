"""What changes meetings and the secret addresses of calendars."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.calendars import queries
from portal.calendars.models import CalendarFeed, Meeting
from portal.cohorts.models import Cohort
from portal.database import action, db
from portal.journal.actions import record
from portal.notices.actions import tell_all
from portal.people.tokens import hash_of, new_token
from portal.texts import Refused, lazy
from portal.web.formats import local_today


def _tell(cohort: Cohort, meeting: Meeting, kind: str) -> None:
    """Tell the cohort once of each change, if the cohort has begun and the meeting lies ahead."""
    has_begun = cohort.starts_on <= local_today(cohort.organisation.zone)
    if not has_begun or meeting.ends_at < clock.now():
        return
    tell_all(
        queries.member_ids_in(cohort.id),
        kind,
        f"meeting-{meeting.id}-{meeting.revision}-{kind}",
        f"/cohorts/{cohort.id}/calendar",
        subject=meeting.subject,
        cohort=cohort.name,
        when=meeting.starts_at.isoformat(),
    )


@action
def plan_meeting(
    cohort: Cohort,
    *,
    starts_at: datetime,
    ends_at: datetime,
    subject: str,
    teacher: str,
    place: str,
    link: str,
    by: int,
) -> Meeting:
    """A new meeting of the cohort; the same subject at the same hour again is the same meeting."""
    db.session.execute(
        sa.select(Cohort.id).where(Cohort.id == cohort.id).with_for_update(key_share=True)
    )
    there = db.session.scalar(
        sa.select(Meeting)
        .where(
            Meeting.cohort_id == cohort.id,
            Meeting.starts_at == starts_at,
            Meeting.subject == subject,
            Meeting.cancelled_at.is_(None),
        )
        .limit(1)
    )
    if there is not None:
        return there
    meeting = Meeting(
        cohort_id=cohort.id,
        starts_at=starts_at,
        ends_at=ends_at,
        subject=subject,
        teacher=teacher,
        place=place,
        link=link,
        changed_at=clock.now(),
    )
    db.session.add(meeting)
    db.session.flush()
    record("calendars.plan_meeting", meeting, by=by, cohort_id=cohort.id)
    _tell(cohort, meeting, "meeting_planned")
    return meeting


def _held(meeting: Meeting, revision: int) -> Meeting:
    row = queries.meeting_to_change(meeting)
    if row is None or row.cancelled_at is not None or row.revision != revision:
        raise Refused(
            lazy("Somebody else changed this meeting meanwhile. Look at it and press again."),
            conflict=True,
        )
    return row


@action
def change_meeting(
    cohort: Cohort,
    meeting: Meeting,
    *,
    starts_at: datetime,
    ends_at: datetime,
    subject: str,
    teacher: str,
    place: str,
    link: str,
    revision: int,
    by: int,
) -> None:
    """Move or rename a meeting. The cohort is told once."""
    row = _held(meeting, revision)
    before = row.starts_at
    row.starts_at, row.ends_at = starts_at, ends_at
    row.subject, row.teacher, row.place, row.link = subject, teacher, place, link
    row.revision += 1
    row.changed_at = clock.now()
    record("calendars.change_meeting", row, by=by, cohort_id=cohort.id, before=before.isoformat())
    _tell(cohort, row, "meeting_changed")


@action
def cancel_meeting(cohort: Cohort, meeting: Meeting, *, revision: int, by: int) -> None:
    """The meeting is off; it stays on the calendar, marked. The cohort is told once."""
    row = _held(meeting, revision)
    row.cancelled_at = clock.now()
    row.revision += 1
    record("calendars.cancel_meeting", row, by=by, cohort_id=cohort.id)
    _tell(cohort, row, "meeting_cancelled")


@action
def make_feed(person_id: int) -> str:
    """A new secret address for the person's calendar; the old one ends. Returns its token."""
    end_feed(person_id)
    token = new_token()
    feed = CalendarFeed(person_id=person_id, token_hash=hash_of(token), created_at=clock.now())
    db.session.add(feed)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refused(
            lazy("An address was made on another device just now."), conflict=True
        ) from error
    record("calendars.make_feed", feed, by=person_id)
    return token


@action
def end_feed(person_id: int) -> None:
    """The address of the person's calendar leads nowhere from now on. Twice does nothing."""
    feed = queries.current_feed_of(person_id)
    if feed is not None:
        feed.revoked_at = clock.now()
        record("calendars.end_feed", feed, by=person_id)
