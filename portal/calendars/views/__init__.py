"""A cohort's calendar, its meetings, and one's own calendar for a calendar program."""

from portal.calendars.views import calendars, feeds, meetings

ROUTES = (calendars.routes, meetings.routes, feeds.routes, feeds.files)
