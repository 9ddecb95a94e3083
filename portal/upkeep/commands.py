"""`flask doctor`, `flask backup`, `flask restore`."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext


@click.command()
@with_appcontext
def doctor() -> None:
    """Look at database, files, mail, worker, versions and clock; exit code 1 when one is unwell."""
    from portal.upkeep.doctor import examine

    findings = list(examine())
    for finding in findings:
        mark = "ok    " if finding.is_well else "UNWELL"
        click.echo(f"{mark} {finding.name:<13}{finding.says}")
    sys.exit(0 if all(finding.is_well for finding in findings) else 1)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Copy database and files into FILE while the portal runs.

    The secret key is not in it. Exit code 1 when stored files were missing or damaged.
    """
    from portal.upkeep.backup import NotMigrated, back_up

    try:
        manifest = back_up(file)
    except (NotMigrated, OSError) as error:
        raise click.ClickException(str(error)) from error
    rows, files = sum(manifest.rows.values()), len(manifest.sha256) - len(manifest.rows)
    click.echo(f"{file}: {rows} rows, {files} files, {file.stat().st_size >> 10} kB.")
    if manifest.missing:
        raise click.ClickException(
            f"{len(manifest.missing)} stored files are missing or damaged and not in the backup, "
            f"such as {manifest.missing[0]}"
        )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Delete what the database holds now.")
@with_appcontext
def restore(file: Path, replace: bool) -> None:
    """Bring database and files back from FILE. Stop the portal first.

    The whole file is checked before anything is written.
    """
    from portal.upkeep.archive import BrokenArchive
    from portal.upkeep.restore import NotEmpty
    from portal.upkeep.restore import restore as bring_back

    try:
        manifest = bring_back(file, replace=replace)
    except (BrokenArchive, NotEmpty, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Restored what the portal was at {manifest.made_at}.")
