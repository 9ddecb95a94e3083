"""The administrator's pages about cohorts and people, one module per noun."""

from portal.cohorts.views import rosters

ROUTES = (rosters.routes,)
