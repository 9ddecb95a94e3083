"""Importing a checked roster in the background, step by step, so that its page can tell them."""

import logging
from datetime import timedelta

from portal.cohorts import announcing, imports, queries
from portal.cohorts.models import RosterImport
from portal.cohorts.stored import roster_of
from portal.database import db
from portal.jobs.handlers import Handlers
from portal.jobs.worker import end_transaction
from portal.texts import Refused, lazy

log = logging.getLogger(__name__)

handlers = Handlers()


@handlers.on(
    "cohorts.import_roster",
    label=lazy("Importing a roster"),
    lease=timedelta(minutes=5),
    most_tries=3,
)
def import_roster(import_id: int, by: int) -> None:
    """Read the file once more and do what was shown, or say on its page why nothing was done."""
    row = queries.roster_import_under_way(import_id)
    if row is None:
        return
    try:
        _step(row, "reading")
        cohort = queries.cohort_with_organisation(row.cohort_id)
        roster = roster_of(row, cohort)
        _step(row, "writing")
        imports.apply_roster(cohort, import_id, roster, by)
    except Refused:
        row.state, row.outcome = imports.CHECKED, imports.CONFLICT
    except Exception:
        db.session.rollback()
        log.exception("Import %s could not be carried out", import_id)
        if (row := queries.roster_import_under_way(import_id)) is not None:
            row.state, row.outcome = imports.CHECKED, imports.FAILED


def _step(row: RosterImport, state: str) -> None:
    row.state = state
    end_transaction()  # so that the page sees it, and nobody waits while the file is read


@handlers.on(announcing.JOB, label=lazy("Telling a cohort of an announcement"))
def publish_announcement(announcement_id: int) -> None:
    announcing.publish(announcement_id)
