"""The record of one's own account: sign-ins, passwords, and who changed what."""

from flask_login import current_user

from portal.journal.queries import entries_about_account
from portal.people import queries
from portal.web.access import SIGNED_IN
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes("account_journal", __name__, url_prefix="/profile/journal")

SHOWN = 200


@routes.get("", access=SIGNED_IN)
def index():
    entries = entries_about_account(current_user.id, limit=SHOWN)
    return page(
        "people/account_journal.html",
        entries=entries,
        people=queries.names_by_id({one.person_id for one in entries if one.person_id}),
        most=SHOWN,
    )
