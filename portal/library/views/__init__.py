"""The administrator's pages about courses, one module per noun."""

from portal.library.views import (
    arrangements,
    assignments,
    copies,
    courses,
    files,
    imports,
    lessons,
    modules,
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
)
