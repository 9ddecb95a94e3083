"""The pages of progress, one module per noun."""

from portal.progress.views import chasing, dashboards, progress, records, turnaround

ROUTES = (
    progress.routes,
    records.routes,
    chasing.routes,
    dashboards.routes,
    turnaround.routes,
)
