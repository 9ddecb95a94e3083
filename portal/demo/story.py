"""What happens in the two cohorts until the day of loading: a list of events in order of time.

`participant` has a story of their own (`hero.py`), written so that every state can be seen; the
other 69 are drawn by chance, some of them diligent, some late, some silent.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random

from portal.demo.days import Days
from portal.demo.events import (
    Announced,
    Answered,
    Asked,
    Drafted,
    Entered,
    Event,
    Exempted,
    ExtendedForAll,
    HandedIn,
    Read,
    Reviewed,
    Said,
    Stepped,
    Term,
)
from portal.demo.feedback import later, review_of
from portal.demo.hero import hero
from portal.demo.people import COHORTS, Cast, Member
from portal.demo.projects import read
from portal.demo.works import Works

EXTENDED, EXTENDED_UNTIL = 1, 12
"""The whole first cohort got more time for its first assignment."""
EXEMPTED, EXEMPT = 6, (8, 21)
"""Of the first cohort these numbers on the list are exempt from its study visit."""
READ = 17
"""So many lessons `participant` has read at most: some are left to mark as done."""


def story(
    cast: Cast, days: dict[str, Days], terms: Sequence[Term], lessons: Sequence[int], seed: int
) -> list[Event]:
    """Every event, in order of time. ``lessons`` holds the day on which each lesson opens."""
    events: list[Event] = []
    for cohort in COHORTS:
        events += _organiser(cohort, days[cohort])
        events += _exempting(cast, cohort, days[cohort], terms)
        slow = {cast.coaches[0].nip: 4, cast.coaches[3].nip: 4, cast.coaches[5].nip: 3}
        for member in cast.of(cohort):
            life = _Life(member, days[cohort], terms, seed, lag=slow.get(member.coach.nip, 0))
            if member.person.username:
                events += hero(member, days[cohort], life.works, life.random)
            else:
                events += life.events()
            events += life.reading(lessons[: READ if member.person.username else None])
        events += _entering(cast, cohort, days[cohort], seed)
    past = [event for event in events if days[COHORTS[0]].is_past(event.at)]
    # Equal moments keep the order in which they were thought of.
    return sorted(past, key=lambda event: event.at)


def _organiser(cohort: str, days: Days) -> Iterator[Event]:
    talk = read("feedback/talk")
    for one in talk["announcements"][cohort]:
        yield Announced(days.at(one["at"], 8, 5), cohort, one["title"], one["body"])
    if cohort == COHORTS[0]:
        yield ExtendedForAll(
            days.at(9, 13, 20), cohort, EXTENDED, days.at(EXTENDED_UNTIL, 23, 59),
            talk["cohort_extension"]["reason"],
        )  # fmt: skip


def _exempting(cast: Cast, cohort: str, days: Days, terms: Sequence[Term]) -> Iterator[Event]:
    members = tuple(one for one in cast.of(cohort) if _is_exempt(one, EXEMPTED))
    if members:
        opens = next(one.opens for one in terms if one.number == EXEMPTED)
        reason = read("feedback/talk")["exemption"]["reason"]
        yield Exempted(days.at(opens + 1, 10, 15), members, EXEMPTED, reason)


def _is_exempt(member: Member, number: int) -> bool:
    return (member.cohort, number) == (COHORTS[0], EXEMPTED) and member.list_number in EXEMPT


def _entering(cast: Cast, cohort: str, days: Days, seed: int) -> Iterator[Event]:
    """Participants enter in the first days, most mentors too; a few have not come yet."""
    random = Random(f"{seed} entering {cohort}")
    members = cast.of(cohort)
    for coach in cast.coaches:
        yield Entered(later(days.at(-2, 9), random), coach.nip)
    for member in members:
        yield Entered(later(days.at(random.randint(-1, 0), random.randint(8, 20)), random),
                      member.person.nip)  # fmt: skip
    for superior in dict.fromkeys(member.supervisor for member in members):
        if random.random() < 0.8:
            yield Entered(later(days.at(random.randint(2, 14), 10), random), superior.nip)


class _Life:
    """One participant's work, by chance."""

    def __init__(self, member: Member, days: Days, terms: Sequence[Term], seed: int, *, lag: int):
        self.member, self.days, self.terms, self.lag = member, days, terms, lag
        self.random = Random(f"{seed} life {member.person.nip}")
        self.works = Works(member, seed)
        self.diligence = self.random.betavariate(4, 1.6)

    def events(self) -> Iterator[Event]:
        """Everything this participant and their mentors do about the assignments."""
        for term in self.terms:
            if term.opens < self.days.run and not _is_exempt(self.member, term.number):
                yield from self._work_on(term)

    def reading(self, lessons: Sequence[int]) -> Iterator[Event]:
        """The lessons that are read, in order; a diligent reader keeps up with the dates."""
        day = 1.0
        for number, opens in enumerate(lessons):
            # A module opens for a cohort day by day; reading needs two or three days a lesson.
            day = max(day, opens) + self.random.uniform(0.6, 1.6 + 3.5 * (1 - self.diligence))
            if day >= self.days.run:
                return
            hour = self.random.choice((5, 12, 19, 20, 21))
            yield Read(later(self.days.at(int(day), hour), self.random), self.member, number)

    def _work_on(self, term: Term) -> Iterator[Event]:
        random, due = self.random, term.due
        if (self.member.cohort, term.number) == (COHORTS[0], EXTENDED):
            due = EXTENDED_UNTIL
        chance = random.random() * (0.6 + 0.4 * self.diligence)
        if chance < 0.03:
            return
        asks = 0.45 < chance < 0.50 and due + 4 < term.closes
        day = due - random.choice((0, 0, 1, 1, 2, 3, 4, 5))
        if 0.03 <= chance < 0.13:
            day = min(due + random.randint(1, 5), term.closes)
        day = max(day, term.opens + 2)
        if asks:
            yield from self._more_time(term, due)
            day = due + random.randint(1, 3)
        if day >= self.days.run:
            yield from self._draft(term)
            return
        yield from self._versions(term, day)
        if random.random() < 0.12:
            yield from self._dialogue(term, day)

    def _more_time(self, term: Term, due: int) -> Iterator[Event]:
        """A request, and its answer when a day has passed."""
        talk = self.random.choice(read("feedback/talk")["extensions"])
        until = self.days.at(due + 4, 23, 59)
        asked = later(self.days.at(due - 2, self.random.randint(8, 20)), self.random)
        yield Asked(asked, self.member, term.number, talk["reason"], until)
        refused = talk["answer"].startswith("Belum")
        yield Answered(
            asked + timedelta(hours=18), self.member, term.number, talk["answer"],
            None if refused else until,
        )  # fmt: skip

    def _draft(self, term: Term) -> Iterator[Event]:
        run = self.days.run
        last = min(run - 1, term.closes)
        likely = 0.75 * min(1.0, (run - term.opens) / 9)
        if term.takes_text and last > term.opens and self.random.random() < likely:
            day = self.random.randint(max(term.opens + 1, last - 5), last)
            at = later(self.days.at(day, self.random.choice((6, 12, 20))), self.random)
            yield Drafted(at, self.member, term.number, self.works.draft(term))
        if run <= term.due <= run + 3 and self.random.random() < 0.12:
            # Asked yesterday, and nobody has answered yet.
            reasons = [one["reason"] for one in read("feedback/talk")["extensions"]]
            yield Asked(
                later(self.days.at(run - 1, self.random.randint(9, 21)), self.random),
                self.member, term.number, self.random.choice(reasons),
                self.days.at(term.due + 4, 23, 59),
            )  # fmt: skip

    def _versions(self, term: Term, day: int) -> Iterator[Event]:
        """The first version, its review, and what follows from it."""
        random = self.random
        text, papers = self.works.first(term)
        hour = random.choice((6, 11, 13, 16, 19, 20, 21, 22))
        yield HandedIn(
            later(self.days.at(day, hour), random), self.member, term.number, text, papers
        )
        wants_more = random.random() < (0.12 if term.number == 1 else 0.3)
        seen = day + self._lag()
        if seen >= self.days.run:
            yield from self._begun(term, day)
            return
        revise_day = seen + random.randint(5, 7) if wants_more else None
        review = self._review(term, seen, revise_day)
        yield review
        if revise_day is None:
            if review.items and random.random() < 0.6:
                yield Stepped(review.at + timedelta(days=3), self.member, term.number, "done")
            return
        again = seen + random.randint(2, 5)
        if again >= self.days.run or random.random() < 0.12:
            return
        text, papers = self.works.next(term, text, papers)
        at = later(self.days.at(again, hour), random)
        yield Stepped(at - timedelta(minutes=40), self.member, term.number, "done")
        yield HandedIn(at, self.member, term.number, text, papers)
        seen = again + self._lag()
        if seen < self.days.run:
            asked = [item.text for item in review.items]
            review = self._review(term, seen, None, asked)
            yield review
            confirmed = review.at + timedelta(minutes=6)
            yield Stepped(confirmed, self.member, term.number, "confirmed")

    def _lag(self) -> int:
        return self.random.randint(2, 6) + self.lag

    def _review(
        self, term: Term, day: int, revise_day: int | None, asked: Sequence[str] = ()
    ) -> Reviewed:
        return review_of(
            self.member, term.number, random=self.random, days=self.days, day=day,
            at=later(self.days.at(day, self.random.choice((8, 10, 14, 19, 20))), self.random),
            decision="accepted" if revise_day is None else "revise", revise_day=revise_day,
            asked=asked,
        )  # fmt: skip

    def _begun(self, term: Term, day: int) -> Iterator[Event]:
        """A review that somebody has begun and nobody has released."""
        if day + 1 < self.days.run and self.random.random() < 0.25:
            at = later(self.days.at(self.days.run - 1, self.random.randint(8, 20)), self.random)
            yield review_of(
                self.member, term.number, random=self.random, days=self.days, day=day, at=at,
                decision=None,
            )  # fmt: skip

    def _dialogue(self, term: Term, day: int) -> Iterator[Event]:
        at = self.days.at(max(term.opens + 1, day - 3), 9)
        for line in self.random.choice(read("feedback/talk")["dialogues"]):
            ((who, text),) = line.items()
            at = later(at + timedelta(hours=2), self.random)
            yield Said(at, self.member, term.number, who, text)
