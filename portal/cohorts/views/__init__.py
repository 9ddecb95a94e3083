"""The administrator's pages about cohorts and people, one module per noun."""

from portal.cohorts.views import (
    announcements,
    cohorts,
    enrolments,
    invitations,
    mentorships,
    organisations,
    people,
    roster_columns,
    rosters,
    sharings,
    stand_ins,
)

ROUTES = (
    organisations.routes,
    cohorts.routes,
    enrolments.routes,
    mentorships.routes,
    sharings.routes,
    stand_ins.routes,
    rosters.routes,
    roster_columns.routes,
    invitations.routes,
    announcements.routes,
    people.routes,
)
