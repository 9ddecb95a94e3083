"""Who opened what: noted after the answer, in a short transaction of its own.

A sighting is a visit: opening the same thing again within ten minutes is the same visit, so that
somebody who turns pages back and forth does not write with each of them.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from flask import Flask, current_app, g
from flask_login import current_user
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.database import db
from portal.journal.models import Sighting
from portal.web.htmx import is_prefetch

VISIT = timedelta(minutes=10)
REMEMBERED = 10_000

Seen = tuple[int, str, int, int | None]


class Visits:
    """The visits this process noted lately. Another process may note one of them once more."""

    def __init__(self) -> None:
        self._begun: OrderedDict[Seen, datetime] = OrderedDict()
        self._lock = Lock()

    def is_under_way(self, seen: Seen, now: datetime) -> bool:
        begun = self._begun.get(seen)
        return begun is not None and abs(now - begun) < VISIT

    def note(self, seen: Seen, now: datetime) -> None:
        with self._lock:
            self._begun[seen] = now
            self._begun.move_to_end(seen)
            while len(self._begun) > REMEMBERED:
                self._begun.popitem(last=False)

    def forget(self) -> None:
        """Every visit from now on is a new one: for a database that was replaced."""
        self._begun.clear()


visits = Visits()


def saw(subject: str, subject_id: int, cohort_id: int | None = None) -> None:
    """The present person is shown this. A prefetch is no sighting."""
    if not current_user.is_authenticated or is_prefetch():
        return
    seen, now = (current_user.id, subject, subject_id, cohort_id), clock.now()
    if not visits.is_under_way(seen, now):
        g.setdefault("sightings", {})[seen] = now


def write(sightings: dict[Seen, datetime]) -> None:
    """Write sightings; a failure is logged and goes no further."""
    rows = [
        {
            "at": at,
            "person_id": person_id,
            "subject": subject,
            "subject_id": subject_id,
            "cohort_id": cohort_id,
        }
        for (person_id, subject, subject_id, cohort_id), at in sightings.items()
    ]
    try:
        with db.engine.begin() as connection:
            connection.execute(insert(Sighting), rows)
    except SQLAlchemyError:
        current_app.logger.exception("Sightings were not written")
        return
    for seen, at in sightings.items():
        visits.note(seen, at)


def init(app: Flask) -> None:
    @app.after_request
    def write_after_the_answer(response):
        sightings = g.pop("sightings", None)
        if sightings and response.status_code == 200:

            def later() -> None:
                with app.app_context():
                    write(sightings)

            response.call_on_close(later)
        return response
