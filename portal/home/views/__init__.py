"""The first page, help and privacy."""

from portal.home.views import guides, index, privacy, search, work_readers
from portal.home.views import help as help_page

ROUTES = (
    index.routes,
    help_page.routes,
    guides.routes,
    privacy.routes,
    search.routes,
    work_readers.routes,
)
