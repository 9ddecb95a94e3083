"""Compare the rows of a roster: the same person again, or two rows that contradict each other."""

from dataclasses import replace

from portal.cohorts.details import RosterRow, name_key
from portal.cohorts.problems import Problem, problem


def put_together(rows: list[RosterRow]) -> list[RosterRow]:
    """The rows, each with what it contradicts or repeats of an earlier one."""
    first: dict[tuple[str, str], RosterRow] = {}
    numbers: dict[str, RosterRow] = {}
    result = []
    for row in rows:
        if not row.refused:
            row = _compared(row, first)
            if row.list_number and row.repeats is None and not row.refused:
                other = numbers.setdefault(row.list_number, row)
                if other is not row:
                    twice = problem("number-twice", row=_where(other))
                    row = replace(row, problems=(*row.problems, twice))
            if not row.refused:
                for attribute in ("nip", "email", "username"):
                    if text := getattr(row.details, attribute):
                        first.setdefault((attribute, text), row)
        result.append(row)
    return result


def _compared(row: RosterRow, first: dict[tuple[str, str], RosterRow]) -> RosterRow:
    for attribute in ("nip", "username", "email"):
        text = getattr(row.details, attribute)
        earlier = first.get((attribute, text)) if text else None
        if earlier is None:
            continue
        found = _difference(row, earlier)
        if found is None:
            origin = earlier.repeats or (earlier.sheet, earlier.number)
            found = problem("repeats", row=_where(earlier))
            return replace(row, problems=(*row.problems, found), repeats=origin)
        return replace(row, problems=(*row.problems, found))
    return row


def _difference(row: RosterRow, earlier: RosterRow) -> Problem | None:
    where = _where(earlier)
    if row.details.nip and earlier.details.nip and row.details.nip != earlier.details.nip:
        return problem("address-shared", row=where)
    if row.role != earlier.role:
        return problem("two-roles", row=where)
    pairs = [
        (name_key(row.details.name), name_key(earlier.details.name), "name"),
        (row.details.email, earlier.details.email, "email"),
        (row.list_number, earlier.list_number, "list_number"),
    ]
    for here, there, attribute in pairs:
        if here and there and here != there:
            shown = [getattr(r.details, attribute, r.list_number) for r in (row, earlier)]
            return problem("contradicts", row=where, here=shown[0], there=shown[1])
    return None


def _where(row: RosterRow) -> str:
    return f"{row.number} ({row.sheet})" if row.sheet else str(row.number)
