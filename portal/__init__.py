"""Sinau: a learning portal for training that happens half in the classroom and half at work."""

import os

from flask import Flask
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from sqlalchemy.orm import configure_mappers
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import database
from portal.config import ROOT, Settings
from portal.database import db
from portal.web import (
    access,
    addresses,
    arrival,
    assets,
    attributes,
    compression,
    cookies,
    errors,
    formats,
    frame,
    headers,
    language,
)
from portal.web.forgery import token
from portal.web.htmx import htmx
from portal.web.routes import bound_ids, undeclared_routes
from portal.web.templates import Templates, TextsAtHand

migrate = Migrate(directory=str(ROOT / "migrations"))

FORM_SLACK_BYTES = 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """The portal as a WSGI application, configured from the environment unless told otherwise."""
    settings = settings or Settings.read()
    app = Flask("portal", static_folder=ROOT / "static", template_folder=ROOT / "templates")
    app.jinja_environment = Templates
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MIGRATIONS=str(ROOT / "migrations"),
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + FORM_SLACK_BYTES,
        MAX_FORM_MEMORY_SIZE=4 * FORM_SLACK_BYTES,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES=os.fspath(ROOT / "portal" / "translations"),
        TESTING=settings.env == "test",
    )
    app.logger.setLevel(settings.log_level.upper())
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops, hops)  # type: ignore[method-assign]
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.add_extension(TextsAtHand)
    settings.files_folder.mkdir(parents=True, exist_ok=True)

    start_database(app)
    start_web(app, settings)
    register_features(app)
    refuse_undeclared_routes(app)
    return app


def start_database(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, render_as_batch=True, compare_type=True)
    with app.app_context():
        database.listen(db.engine)


def start_web(app: Flask, settings: Settings) -> None:
    from portal.people import entrance

    arrival.init(app)
    cookies.init(app)
    bound_ids(app)
    htmx.init_app(app)
    entrance.init(app)
    language.init(app)
    formats.init(app)
    addresses.init(app)
    frame.init(app)
    assets.init(app)
    attributes.init(app)
    compression.init(app, is_on=settings.compress)
    headers.init(app, is_secure=settings.is_secure)
    errors.init(app)
    app.jinja_env.globals.update(
        csrf_token=token, standing=access.standing, portal_name=settings.name
    )


def register_features(app: Flask) -> None:
    """The one place that sees every feature: their routes, and the hooks between them."""
    from portal import commands
    from portal.assignments.views import ROUTES as OF_ASSIGNMENTS
    from portal.calendars.views import ROUTES as OF_CALENDARS
    from portal.cohorts import queries as cohorts
    from portal.cohorts.views import ROUTES as OF_COHORTS
    from portal.holidays.views import ROUTES as OF_HOLIDAYS
    from portal.home import navigation
    from portal.home.views import ROUTES as OF_HOME
    from portal.jobs.views import ROUTES as OF_JOBS
    from portal.journal import sightings
    from portal.learning.views import ROUTES as OF_LEARNING
    from portal.library.views import ROUTES as OF_LIBRARY
    from portal.notices import opened
    from portal.notices.views import ROUTES as OF_NOTICES
    from portal.people import keeping
    from portal.people.views import ROUTES as OF_PEOPLE
    from portal.previews import drawing as previewing
    from portal.progress.views import ROUTES as OF_PROGRESS
    from portal.reviews import drawing
    from portal.reviews.views import ROUTES as OF_REVIEWS
    from portal.snippets.views import ROUTES as OF_SNIPPETS
    from portal.submissions.views import ROUTES as OF_SUBMISSIONS
    from portal.web import health, previews

    for one in (
        health.routes,
        previews.routes,
        *OF_ASSIGNMENTS,
        *OF_CALENDARS,
        *OF_COHORTS,
        *OF_HOLIDAYS,
        *OF_HOME,
        *OF_JOBS,
        *OF_LEARNING,
        *OF_LIBRARY,
        *OF_NOTICES,
        *OF_PEOPLE,
        *OF_PROGRESS,
        *OF_REVIEWS,
        *OF_SNIPPETS,
        *OF_SUBMISSIONS,
    ):
        app.register_blueprint(one)
    keeping.init()
    opened.init(app)
    drawing.init(app)
    previewing.init(app)
    access.standings.finders = {
        "cohort_id": navigation.standing_in_cohort,
        "organisation_id": cohorts.standing_in_organisation,
    }
    access.standings.keepers = {"cohort_id": cohorts.stays_open}
    access.standings.portal = cohorts.standing_in_portal
    wire_dates()
    wire_notices()
    wire_handover()
    navigation.init()
    sightings.init(app)
    wire_jobs()
    commands.register(app)
    import_models()
    configure_mappers()


def wire_dates() -> None:
    """Tell the deadline, which stands below, by when mentors asked for new versions, and who has
    handed in; and the draft which action items are open."""
    from portal.assignments.effects import HandedIn
    from portal.assignments.queries import Revisions
    from portal.reviews.open_items import asked_on
    from portal.reviews.revisions import revisions_asked, revisions_asked_in
    from portal.submissions.asked import OpenItems
    from portal.submissions.queries import handed_in_by, newest_versions

    OpenItems.asked = staticmethod(asked_on)
    Revisions.asked = staticmethod(revisions_asked)
    Revisions.asked_in = staticmethod(revisions_asked_in)
    HandedIn.newest = staticmethod(newest_versions)
    HandedIn.by = staticmethod(handed_in_by)


def wire_notices() -> None:
    """Hand the notices, which know people by id only, the address book."""
    from portal.cohorts import readers
    from portal.notices.readers import AddressBook

    AddressBook.readers = staticmethod(readers.readers)
    AddressBook.roles = staticmethod(readers.roles_of)


def wire_handover() -> None:
    """Tell the page that hands a participant over what goes with them."""
    from portal.cohorts.handover import OpenWork
    from portal.reviews.overview import open_work_of

    OpenWork.of = staticmethod(open_work_of)


def wire_jobs() -> None:
    """Make the features' job handlers known: one line here for each feature that has some."""
    from portal.cohorts import jobs as cohorts
    from portal.files import jobs as files
    from portal.jobs import handlers, worker
    from portal.notices import jobs as notices
    from portal.people import mail
    from portal.previews import jobs as previews
    from portal.progress import jobs as progress
    from portal.reviews import jobs as reviews
    from portal.upkeep import jobs as upkeep

    handlers.wire(
        worker.handlers,
        cohorts.handlers,
        files.handlers,
        notices.handlers,
        previews.handlers,
        reviews.handlers,
        progress.handlers,
        mail.handlers,
        upkeep.handlers,
    )


def import_models() -> None:
    """Load every table, so that the metadata is whole for migrations."""
    import portal.assignments.models
    import portal.calendars.models
    import portal.cohorts.models
    import portal.courses.models
    import portal.files.models
    import portal.holidays.models
    import portal.jobs.models
    import portal.journal.models
    import portal.learning.models
    import portal.notices.models
    import portal.outages.models
    import portal.people.models
    import portal.previews.models
    import portal.reviews.models
    import portal.rubrics.models
    import portal.snippets.models
    import portal.submissions.models  # noqa: F401


def refuse_undeclared_routes(app: Flask) -> None:
    app.view_functions["static"].access = access.ANYONE  # type: ignore[union-attr]
    if undeclared := undeclared_routes(app):
        raise RuntimeError(f"Routes without access=: {', '.join(undeclared)}")
