"""The flask CLI of the portal."""

import getpass

import click
from flask import Flask

from portal.database import db


def register(app: Flask) -> None:
    for command in (create_administrator, translations):
        app.cli.add_command(command)


@click.command("create-administrator")
@click.argument("name")
@click.argument("sign_in_name")
@click.option("--organisation", help="Name of the organisation; without it, the whole portal.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create_administrator(name, sign_in_name, organisation, password_stdin):
    """Make an administrator: NAME is the person, SIGN_IN_NAME an e-mail, NIP or user name."""
    from portal.cohorts.actions import appoint, organisation_called
    from portal.people.actions import create_person
    from portal.people.passwords import hash_of
    from portal.people.rules import kind_of

    password = click.get_text_stream("stdin").readline().strip() if password_stdin \
        else getpass.getpass("Password: ")
    hashed = hash_of(password)
    person = create_person(name, {kind_of(sign_in_name): sign_in_name}, password_hash=hashed)
    appoint(person, organisation_called(organisation) if organisation else None)
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
