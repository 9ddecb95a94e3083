"""`flask demo`, and the demo of `make serve` on an empty database."""

from datetime import date
from typing import Any

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from portal import clock
from portal.database import analyse, db
from portal.demo import loader, renewal
from portal.demo.days import ZONE
from portal.demo.people import PASSWORD
from portal.journal.models import JournalEntry
from portal.people.queries import is_anybody_known

SIGN_INS = ("participant", "mentor", "administrator")


def today() -> date:
    """The day it is where the demo plays."""
    return clock.now().astimezone(ZONE).date()


@click.command("demo")
@click.option("--renew", is_flag=True, help="Move the dates of a loaded demo around today again.")
@with_appcontext
def demo(renew: bool) -> None:
    """Load the demo into an empty database: two cohorts in the middle of a course."""
    refuse_production()
    day = loader.loaded_on()
    if renew:
        move_to_today(day)
    elif day is not None:
        click.echo(f"The demo is here already, around {day}. `flask demo --renew` moves its dates.")
    elif is_anybody_known():
        raise click.ClickException("There are people here; the demo wants an empty database.")
    else:
        load_with_a_bar()
    say_sign_ins()


def move_to_today(day: date | None) -> None:
    """Move every date so that the demo of ``day`` lies around today."""
    if day is None:
        raise click.ClickException("The demo is not here; `flask demo` loads it.")
    days = (today() - day).days
    if days:
        db.session.rollback()
        db.session.info["readonly"] = False
        renewal.move(days)
        db.session.commit()
    click.echo(f"The demo lies around {today()}; its dates moved by {days} days.")


def refuse_production() -> None:
    """A production portal never gets sign-ins that everybody knows."""
    if current_app.config["SETTINGS"].is_production:
        raise click.ClickException("PORTAL_ENV=production: the demo is not for real use.")


def refuse_known_sign_ins() -> None:
    """A production portal does not serve the demo either: everybody knows its passwords."""
    if not current_app.config["SETTINGS"].is_production:
        return
    has_journal = sa.inspect(db.engine).has_table(JournalEntry.__tablename__)
    if has_journal and loader.loaded_on():
        raise click.ClickException(
            "PORTAL_ENV=production: the demo is in this database, and everybody knows its "
            "passwords. A portal for real use needs an empty one."
        )
    db.session.remove()


def load_into_empty() -> None:
    """Load the demo when nobody is here and this is no production portal; say the sign-ins."""
    if current_app.config["SETTINGS"].is_production:
        return
    if not is_anybody_known():
        db.session.rollback()
        load_with_a_bar()
    if loader.loaded_on():
        say_sign_ins()
    db.session.remove()


def load_with_a_bar() -> None:
    """Load the demo in one transaction, and show how far it is."""
    db.session.info["readonly"] = False
    with click.progressbar(
        length=loader.STEPS, label="Loading the demo", show_eta=False, item_show_func=_shown
    ) as bar:
        loader.load(today(), lambda what: bar.update(1, what))
        db.session.commit()
    analyse()


def _shown(item: Any) -> str:
    return str(item or "")


def say_sign_ins() -> None:
    click.echo(f"Sign in as {', '.join(SIGN_INS)}, each with the password {PASSWORD}.")
