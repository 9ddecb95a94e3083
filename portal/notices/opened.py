"""A notice counts as read when the person opens the page it leads to, by whatever way."""

from flask import Flask, Response, current_app, request
from flask_login import current_user
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.database import db
from portal.notices.models import Notice
from portal.notices.queries import leads_to
from portal.web.frame import Frame
from portal.web.htmx import is_prefetch


def mark_opened(person_id: int, path: str) -> None:
    """Note that the person saw this page, in a short transaction; a failure goes no further."""
    statement = (
        update(Notice)
        .where(
            Notice.person_id == person_id,
            Notice.read_at.is_(None),
            leads_to(path),
        )
        .values(read_at=clock.now())
    )
    try:
        with db.engine.begin() as connection:
            connection.execute(statement)
    except SQLAlchemyError:
        current_app.logger.exception("Notices were not marked as read")


def init(app: Flask) -> None:
    @app.after_request
    def mark_after_the_answer(response: Response) -> Response:
        if (
            request.method == "GET"
            and response.status_code == 200
            and response.mimetype == "text/html"
            and not is_prefetch()
            and current_user.is_authenticated
            and Frame.leads_here()
        ):
            person_id, path = current_user.id, request.path

            def later() -> None:
                with app.app_context():
                    mark_opened(person_id, path)

            response.call_on_close(later)
        return response
