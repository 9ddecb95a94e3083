"""Pages about notices: the list, what a person is told, ending e-mails, and kept e-mails."""

from portal.notices.views import choices, kept_mails, notices, unsubscriptions

ROUTES = (
    notices.routes,
    notices.reading_routes,
    choices.routes,
    unsubscriptions.routes,
    kept_mails.routes,
)
