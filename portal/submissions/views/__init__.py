"""The pages of a participant's work, one module per noun."""

from portal.submissions.views import (
    comparisons,
    draft_files,
    drafts,
    previews,
    receipts,
    submissions,
)

ROUTES = (
    drafts.routes,
    drafts.copies,
    draft_files.routes,
    submissions.routes,
    submissions.files,
    submissions.packages,
    previews.routes,
    previews.pictures,
    receipts.routes,
    receipts.checks,
    comparisons.routes,
)
