"""The administrator's pages about courses and the cohorts made from them, one module per noun."""

from portal.library.views import (
    arrangements,
    assignments,
    copies,
    courses,
    files,
    imports,
    lessons,
    modules,
    new_cohorts,
    rubrics,
)

ROUTES = (
    courses.routes,
    modules.routes,
    lessons.routes,
    assignments.routes,
    rubrics.routes,
    arrangements.routes,
    files.routes,
    files.previews,
    imports.routes,
    copies.routes,
    new_cohorts.routes,
)
