"""`flask import-course`."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.cohorts.actions import organisation_called
from portal.database import db
from portal.library.actions import Outcome, import_course
from portal.library.prepare import prepare
from portal.library.remarks import said, sentence
from portal.library.sources import Archive, Folder, Source, Unreadable


@click.command("import-course")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--organisation", required=True, help="Name of the organisation that owns it.")
@with_appcontext
def import_course_command(folder: Path, organisation: str) -> None:
    """Import the course in FOLDER (or a ZIP of it); a second import changes only what changed."""
    try:
        if folder.is_file():
            with folder.open("rb") as file:
                prepared = prepare(Archive(file, folder.name))
        else:
            source: Source = Folder(folder)
            prepared = prepare(source)
    except Unreadable as problem:
        raise click.ClickException(said(problem.code, problem.detail)) from problem
    outcome = import_course(prepared, organisation_called(organisation).id, None)
    db.session.commit()
    _report(outcome)


def _report(outcome: Outcome) -> None:
    for change in outcome.changes:
        if change.verdict != "same":
            click.echo(f"{change.verdict:10} {change.what:10} {change.path or change.title}")
    for remark in outcome.remarks:
        click.echo(f"! {remark.path}: {sentence(remark)}")
    counts = ", ".join(f"{number} {verdict}" for verdict, number in outcome.counts.items())
    assert outcome.course is not None
    click.echo(f"{outcome.course.title} ({outcome.course.code}): {counts}.")
