"""A stored roster as its cohort reads it: with the day and the columns of the organisation."""

from portal.cohorts import queries
from portal.cohorts.headers import Column, Told
from portal.cohorts.models import Cohort, RosterImport
from portal.cohorts.roster import Roster, read_roster
from portal.files import storage
from portal.web.formats import local_today


def told_by(organisation_id: int) -> Told:
    """What the organisation said of headers in its lists."""
    return {
        header: column_from(meaning)
        for header, meaning in queries.roster_columns_of(organisation_id)
    }


def column_from(meaning: str) -> Column | None:
    """The column that a stored meaning ("coach.nip") names; None for one that is not used."""
    subject, _, attribute = meaning.partition(".")
    return (subject, attribute) if meaning else None


def bytes_of(row: RosterImport) -> bytes:
    with storage.open_blob(row.blob) as file:
        return file.read()


def roster_of(row: RosterImport, cohort: Cohort, told: Told | None = None) -> Roster:
    """The roster in a stored file; raises Refused as `read_roster` does. ``cohort`` comes with its
    organisation; ``told`` is what that says of headers, unless given."""
    today = local_today(cohort.organisation.zone)
    told = told_by(cohort.organisation_id) if told is None else told
    return read_roster(bytes_of(row), row.file_name, today, told)
