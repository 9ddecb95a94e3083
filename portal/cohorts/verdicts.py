"""What importing a roster would do, row by row, judged before anything is written.

Pure: the portal's side comes in as a Snapshot, what is to be done goes out as a Plan. Importing
never changes a role, never removes anybody, never ends a mentorship; an empty cell changes nothing.
"""

from collections.abc import Iterable
from dataclasses import replace

from portal.cohorts.details import Details, RosterRow, name_key
from portal.cohorts.headers import words_of
from portal.cohorts.nip import shown_nip
from portal.cohorts.plan import (
    CHANGED,
    DETAILS,
    IDENTITIES,
    NEW,
    NOTHING,
    REFUSED,
    SAME,
    Changes,
    Known,
    Plan,
    Reference,
    Snapshot,
    Verdict,
)
from portal.cohorts.problems import Problem, problem
from portal.cohorts.roster import MENTOR, PARTICIPANT, Roster


def plan_of(roster: Roster, snapshot: Snapshot) -> Plan:
    """The plan for a roster in a cohort as it is now."""
    return _Planner(snapshot).run(roster.rows)


class _Planner:
    def __init__(self, snapshot: Snapshot) -> None:
        self.plan = Plan()
        self.labels = snapshot.capacities
        self.capacities = {words_of(label): key for key, label in snapshot.capacities}
        self.capacities |= {key: key for key, _ in snapshot.capacities}
        self.said: dict[int, set[str]] = {}
        self.known = {person.id: person for person in snapshot.people}
        self.by_identity = {
            identity: person for person in snapshot.people for identity in person.identities
        }
        self.mentorships = set(snapshot.mentorships)
        self.new: dict[tuple[str, str], str] = {}
        self.roles: dict[Reference, str] = {
            person.id: person.role for person in snapshot.people if person.role and not person.left
        }
        self.mentor_names: dict[str, set[Reference]] = {}
        for person in snapshot.people:
            if person.role == MENTOR and not person.left:
                self._remember_mentor(person.details.name, person.id)

    def run(self, rows: Iterable[RosterRow]) -> Plan:
        # Everybody with a row of their own first: a participant's mentor may stand further down.
        judged: list[tuple[RosterRow, Verdict, Reference | None]] = []
        for row in rows:
            judged.append(self._judge(row))
        implied = [self._implied(row, who) for row, _, who in judged]
        for (row, verdict, who), extra in zip(judged, implied, strict=True):
            if who is not None and row.mentors:
                verdict = self._with_mentors(row, verdict, who)
            self.plan.verdicts += [verdict, *extra]
        return self.plan

    def _judge(self, row: RosterRow) -> tuple[RosterRow, Verdict, Reference | None]:
        problems = list(row.problems)
        capacity = self.capacities.get(row.capacity) or self.capacities.get(words_of(row.capacity))
        if not row.refused and row.role == MENTOR and capacity is None:
            names = ", ".join(label for _, label in self.labels)
            problems.append(problem("capacity-unknown", found=row.capacity, known=names))
        who: Reference | None = None
        kind, changes = REFUSED, NOTHING
        if not any(p.refuses for p in problems):
            who, kind, changes = self._place(row.details, row.role, row.list_number, problems)
        verdict = Verdict(
            row.sheet, row.number, kind, row.role, capacity or row.capacity,
            row.details.name, _identity(row.details), tuple(changes), tuple(problems),
        )  # fmt: skip
        return row, verdict, who

    def _place(
        self, details: Details, role: str, number: str, problems: list[Problem]
    ) -> tuple[Reference | None, str, Changes]:
        """Find or plan the person and their enrolment; a problem that refuses is appended."""
        new = next((self.new[k] for k in _keys(details) if k in self.new), None)
        if new is not None:
            return self._again(new, details, role, problems)
        person, wrong = self._find(details)
        if wrong is None and person is not None:
            wrong = self._objection(person, role)
        if wrong is not None:
            problems.append(wrong)
            return None, REFUSED, ()
        if person is None:
            return self._create(details, role, number), NEW, ()
        changes = self._update(person, details, number, problems)
        kind = NEW if person.id not in self.roles else CHANGED if changes else SAME
        if person.id not in self.roles:
            self.plan.enrol[person.id] = (role, number)
            self.roles[person.id] = role
            if person.cohort:
                problems.append(problem("known-here", cohort=person.cohort))
            elif not any(one.key == "details-stay" for one in problems):
                problems.append(problem("known"))
        if role == MENTOR:
            self._remember_mentor(person.details.name, person.id)
            self._remember_mentor(details.name, person.id)
        return person.id, kind, changes

    def _again(
        self, new: str, details: Details, role: str, problems: list[Problem]
    ) -> tuple[Reference | None, str, Changes]:
        if self.roles[new] != role:
            problems.append(problem("enrolled-otherwise"))
            return None, REFUSED, ()
        first = self.plan.create[new]
        added = {a: getattr(details, a) for a in DETAILS if not getattr(first, a)}
        self.plan.create[new] = replace(first, **added)
        self._remember_new(new)
        return new, SAME, ()

    def _find(self, details: Details) -> tuple[Known | None, Problem | None]:
        found = {
            self.by_identity[key].id: self.by_identity[key]
            for key in _keys(details)
            if key in self.by_identity
        }
        if len(found) > 1:
            first, second, *_ = found.values()
            names = {"first": _name_for(first), "second": _name_for(second)}
            return None, problem("identities-differ", **names)
        person = next(iter(found.values()), None)
        if person and details.nip and person.details.nip not in ("", details.nip):
            nip = shown_nip(person.details.nip) if person.editable else "…"
            return None, problem("other-nip", name=_name_for(person), found=nip)
        return person, None

    def _objection(self, person: Known, role: str) -> Problem | None:
        if person.closed:
            return problem("closed-account", name=_name_for(person))
        if person.left is not None:
            return problem("left-cohort", date=person.left.isoformat())
        if self.roles.get(person.id, role) != role:
            return problem("enrolled-otherwise")
        return None

    def _create(self, details: Details, role: str, number: str) -> str:
        key = ":".join(_keys(details)[0])
        self.plan.create[key] = details
        self.plan.enrol[key] = (role, number)
        self.roles[key] = role
        self._remember_new(key)
        if role == MENTOR:
            self._remember_mentor(details.name, key)
        return key

    def _update(
        self, person: Known, details: Details, number: str, problems: list[Problem]
    ) -> Changes:
        # What an earlier row says of the same person stands; this one only fills its gaps.
        said = self.said.setdefault(person.id, set())
        given = [a for a in DETAILS if getattr(details, a) and a not in said]
        said.update(given)
        changes = [
            (a, getattr(person.details, a), getattr(details, a))
            for a in given
            if getattr(details, a) != getattr(person.details, a)
            and (a, getattr(details, a)) not in person.aliases
        ]
        if changes and not person.editable:
            # Without the values: they are none of this organisation's business.
            problems.append(problem("details-stay", columns=", ".join(c[0] for c in changes)))
            changes = []
        if changes:
            updated = self.plan.update.setdefault(person.id, {})
            updated.update({attribute: to for attribute, _, to in changes})
        if number and person.id in self.roles and number != person.list_number:
            self.plan.renumber[person.id] = number
            changes.append(("list_number", person.list_number, number))
        return tuple(changes)

    def _implied(self, row: RosterRow, who: Reference | None) -> list[Verdict]:
        """Verdicts for mentors whom a row names, without a row of their own and not here yet."""
        found = []
        for capacity, details in row.mentors if who is not None else ():
            if not details.has_identity or self._mentor_with_identity(details) is not None:
                continue
            if any(self.roles.get(one) == PARTICIPANT for one in self._anybody(details)):
                continue  # said on the participant's row
            problems: list[Problem] = []
            person, wrong = self._find(details)
            if wrong is not None or (person and self._objection(person, MENTOR)):
                continue  # said on the participant's row
            if person is None and not details.name:
                continue
            _, kind, changes = self._place(details, MENTOR, "", problems)
            found.append(
                Verdict(
                    row.sheet,
                    row.number,
                    kind,
                    MENTOR,
                    capacity,
                    details.name,
                    _identity(details),
                    changes,
                    tuple(problems),
                    implied=True,
                )
            )
        return found

    def _with_mentors(self, row: RosterRow, verdict: Verdict, who: Reference) -> Verdict:
        problems, changes = list(verdict.problems), list(verdict.changes)
        for capacity, details in row.mentors:
            mentor, wrong = self._mentor(capacity, details)
            if mentor is None:
                problems.append(wrong)  # type: ignore[arg-type]
                continue
            if isinstance(who, int):
                holders = {m for p, c, m in self.mentorships if p == who and c == capacity}
                if mentor in holders:
                    continue
                if holders:
                    name = self.known[min(holders)].details.name
                    problems.append(problem("has-mentor", name=name, capacity=capacity))
                    continue
            step = (who, capacity, mentor)
            if step not in self.plan.mentor:
                self.plan.mentor.append(step)
                changes.append((capacity, "", self._name_of(mentor)))
        kind = CHANGED if verdict.kind == SAME and changes else verdict.kind
        return replace(verdict, kind=kind, changes=tuple(changes), problems=tuple(problems))

    def _mentor(self, capacity: str, details: Details) -> tuple[Reference | None, Problem | None]:
        shown = details.name or _identity(details)
        values = {"capacity": capacity, "name": shown}
        if details.has_identity:
            found = self._mentor_with_identity(details)
            if found is not None:
                return found, None
            if any(self.roles.get(who) == PARTICIPANT for who in self._anybody(details)):
                return None, problem("mentor-is-participant", **values)
            return None, problem("mentor-unknown", **values)
        candidates = self.mentor_names.get(name_key(details.name), set())
        if len(candidates) == 1:
            return next(iter(candidates)), None
        return None, problem("mentor-ambiguous" if candidates else "mentor-unknown", **values)

    def _anybody(self, details: Details) -> list[Reference]:
        people: list[Reference] = []
        for key in _keys(details):
            if key in self.new:
                people.append(self.new[key])
            elif key in self.by_identity:
                people.append(self.by_identity[key].id)
        return people

    def _mentor_with_identity(self, details: Details) -> Reference | None:
        people = set(self._anybody(details))
        if len(people) != 1:
            return None
        person = people.pop()
        return person if self.roles.get(person) == MENTOR else None

    def _remember_new(self, key: str) -> None:
        for identity in _keys(self.plan.create[key]):
            self.new.setdefault(identity, key)

    def _remember_mentor(self, name: str, who: Reference) -> None:
        if name_key(name):
            self.mentor_names.setdefault(name_key(name), set()).add(who)

    def _name_of(self, who: Reference) -> str:
        return self.plan.create[who].name if isinstance(who, str) else self.known[who].details.name


def _keys(details: Details) -> list[tuple[str, str]]:
    return [(a, text) for a in IDENTITIES if (text := getattr(details, a))]


def _identity(details: Details) -> str:
    return shown_nip(details.nip) if details.nip else details.username or details.email


def _name_for(person: Known) -> str:
    """The name where it is this administrator's business, else a sign that there is one."""
    return person.details.name if person.editable else "…"
