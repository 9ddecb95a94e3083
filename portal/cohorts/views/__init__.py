"""The administrator's pages about cohorts and people, one module per noun."""

from portal.cohorts.views import (
    announcements,
    cohorts,
    enrolments,
    invitations,
    mentorships,
    people,
    rosters,
)

ROUTES = (
    cohorts.routes,
    enrolments.routes,
    mentorships.routes,
    rosters.routes,
    invitations.routes,
    announcements.routes,
    people.routes,
)
