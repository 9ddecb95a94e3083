"""The pages of reviews, one file per noun."""

from portal.reviews.views import (
    action_items,
    archives,
    claims,
    feedback,
    queue_filters,
    release_sets,
    releases,
    remarks,
    review_saves,
    reviews,
    snippets,
    work,
)

ROUTES = (
    reviews.routes,
    queue_filters.routes,
    claims.routes,
    claims.first,
    archives.routes,
    releases.routes,
    release_sets.routes,
    release_sets.single,
    snippets.routes,
    review_saves.routes,
    remarks.routes,
    remarks.files,
    remarks.review_files,
    remarks.marked,
    work.routes,
    work.histories,
    work.messages,
    work.answers,
    action_items.routes,
    feedback.routes,
)
