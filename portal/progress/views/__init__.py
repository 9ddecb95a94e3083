"""The pages of progress, one module per noun."""

from portal.progress.views import chasing, progress, records

ROUTES = (progress.routes, records.routes, chasing.routes)
