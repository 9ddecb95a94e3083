"""The pages of progress, one module per noun."""

from portal.progress.views import chasing, progress, records, turnaround

ROUTES = (progress.routes, records.routes, chasing.routes, turnaround.routes)
