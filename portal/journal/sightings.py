"""Who opened what: noted after the answer, in a short transaction of its own."""

from flask import Flask, current_app, g
from flask_login import current_user
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.database import db
from portal.journal.models import Sighting
from portal.web.htmx import is_prefetch


def saw(subject: str, subject_id: int, cohort_id: int | None = None) -> None:
    """The present person is shown this. A prefetch is no sighting."""
    if current_user.is_authenticated and not is_prefetch():
        g.setdefault("sightings", []).append(
            {
                "at": clock.now(),
                "person_id": current_user.id,
                "subject": subject,
                "subject_id": subject_id,
                "cohort_id": cohort_id,
            }
        )


def write(rows: list[dict]) -> None:
    """Write sightings; a failure is logged and goes no further."""
    try:
        with db.engine.begin() as connection:
            connection.execute(insert(Sighting), rows)
    except SQLAlchemyError:
        current_app.logger.exception("Sightings were not written")


def init(app: Flask) -> None:
    @app.after_request
    def write_after_the_answer(response):
        rows = g.pop("sightings", None)
        if rows and response.status_code == 200:

            def later() -> None:
                with app.app_context():
                    write(rows)

            response.call_on_close(later)
        return response
