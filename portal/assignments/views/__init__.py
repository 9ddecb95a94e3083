"""Pages about dates: the participant's requests, the administrator's schedule and extensions."""

from portal.assignments.views import extensions, outages, schedules
from portal.assignments.views.extension_requests import extension_requests

ROUTES = (
    extension_requests,
    schedules.routes,
    extensions.routes,
    extensions.answers,
    outages.routes,
)
