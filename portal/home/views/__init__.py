"""The first page, help and privacy."""

from portal.home.views import help as help_page
from portal.home.views import index, privacy, search, work_readers

ROUTES = (index.routes, help_page.routes, privacy.routes, search.routes, work_readers.routes)
