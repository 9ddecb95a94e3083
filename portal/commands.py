"""The flask CLI of the portal."""

import getpass
import os
import sys

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from portal.database import db
from portal.texts import Refused

LARGEST_PORT = 65535


def register(app: Flask) -> None:
    from portal.demo.commands import demo
    from portal.library.commands import import_course_command
    from portal.upkeep.commands import backup, doctor, restore

    for command in (
        backup,
        create_administrator,
        demo,
        doctor,
        import_course_command,
        restore,
        serve,
        translations,
        worker,
    ):
        app.cli.add_command(command)


@click.command("create-administrator")
@click.argument("name")
@click.argument("sign_in_name")
@click.option("--organisation", help="Name of the organisation; without it, the whole portal.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def create_administrator(name, sign_in_name, organisation, password_stdin):
    """Make an administrator: NAME is the person, SIGN_IN_NAME an e-mail, NIP or user name."""
    from portal.cohorts.actions import appoint, organisation_called
    from portal.journal.actions import record
    from portal.people.actions import create_person
    from portal.people.passwords import LONGEST, SHORTEST, hash_of
    from portal.people.rules import kind_of

    ask = sys.stdin.readline if password_stdin else getpass.getpass
    password = ask().strip()
    if not SHORTEST <= len(password) <= LONGEST:
        raise click.ClickException(f"A password has {SHORTEST} to {LONGEST} characters.")
    names = {kind_of(sign_in_name): sign_in_name}
    try:
        person = create_person(name, names, password_hash=hash_of(password))
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    row = appoint(person, organisation_called(organisation) if organisation else None)
    record("cohorts.appoint", row, by=None, person_id=person.id, where="command line")
    db.session.commit()
    click.echo(f"{name} may sign in as {sign_in_name}.")


@click.command()
def translations():
    """Add new texts to the .po files, and compile them."""
    from portal import catalogue

    missing = catalogue.update()
    catalogue.compile_catalogue()
    for feature, count in missing.items():
        click.echo(f"portal/translations/id/{feature}.po: {count} without Indonesian")


@click.command()
@click.option("--prepare", is_flag=True, help="First migrate; an empty database gets the demo.")
@with_appcontext
def serve(prepare):
    """Serve the portal on HOST (127.0.0.1) and PORT (8000), with one worker beside."""
    from portal import server
    from portal.demo.commands import refuse_known_sign_ins
    from portal.jobs import nudges
    from portal.jobs.worker import work
    from portal.outages import pulse

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    nudges.load(app)
    settings = app.config["SETTINGS"]
    if not prepare:
        refuse_known_sign_ins()
    try:
        code = server.serve(
            app,
            host=os.environ.get("HOST") or "127.0.0.1",
            port=port_of(os.environ.get("PORT") or "8000"),
            processes=settings.processes or server.cores(),
            threads=settings.threads,
            work=lambda parent: work(app, parent=parent),
            prepare=prepare_database if prepare else None,
            beside=lambda: pulse.begin(app),
        )
    except server.PortTaken as taken:
        raise click.ClickException(f"{taken}. Another program listens there; set PORT.") from taken
    sys.exit(code)


def port_of(text: str) -> int:
    """The port that PORT names; 0 takes a free one."""
    if not text.isdecimal() or int(text) > LARGEST_PORT:
        raise click.ClickException(f"PORT: expected a number from 0 to {LARGEST_PORT}.")
    return int(text)


def prepare_database() -> None:
    """Bring the database to the newest migration, and load the demo into an empty one."""
    from flask_migrate import upgrade

    from portal.demo.commands import load_into_empty, refuse_known_sign_ins

    upgrade()
    refuse_known_sign_ins()
    load_into_empty()


@click.command()
@with_appcontext
def worker():
    """Run the jobs: mail and whatever else happens after a commit or at intervals."""
    from portal.jobs.worker import work

    work(current_app._get_current_object())  # type: ignore[attr-defined]
