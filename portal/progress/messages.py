"""Ready-made plain text for a chat group: who still owes what, in Indonesian and in English."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import force_locale

from portal.people.models import LANGUAGES
from portal.progress.chasing import Mentor, Participant
from portal.texts import _, ngettext
from portal.web.formats import day, exact

# What a chat program takes for bold, italic, struck and code.
MARKS = str.maketrans("", "", "*_~`")


def chat_texts(
    participants: Iterable[Participant],
    mentors: Iterable[Mentor],
    link: str,
    now: datetime,
    place: str,
) -> dict[str, str]:
    """Language → the text. Names and titles lose what a chat program would take for bold."""
    people, mentoring = list(participants), list(mentors)
    found = {}
    for language in LANGUAGES:
        with force_locale(language):
            parts = [*_of_participants(people), *_of_mentors(mentoring)]
            as_of = _("As of %(when)s", when=exact(now, place))
            closing = _("Please see to it in the portal: %(link)s. Thank you.", link=link)
            found[language] = "\n\n".join([*parts, as_of, closing])
    return found


def plain(text: str) -> str:
    """A name or title on one line, without marks of a chat program."""
    return " ".join(text.translate(MARKS).split())


def _of_participants(people: list[Participant]) -> list[str]:
    parts = []
    for cohort in dict.fromkeys(one.cohort for one in people):
        own = [one for one in people if one.cohort is cohort]
        head = _("%(cohort)s: still awaited", cohort=plain(cohort.name))
        parts.append("\n".join([f"*{head}*", *_numbered(_line_of(one) for one in own)]))
    return parts


def _line_of(one: Participant) -> str:
    works = "; ".join(
        _(
            "%(title)s (due %(day)s)",
            title=plain(work.schedule.assignment.title),
            day=day(work.cell.deadline.due_at, weekday=False),
        )
        for work in one.lacking
    )
    silent = (
        _("not seen since %(day)s", day=day(one.last_trace_at, weekday=False))
        if one.has_entered
        else _("not yet entered")
    )
    facts = [works] if works else []
    facts += [silent] if one.is_silent else []
    return f"{plain(one.person.name)}: {', '.join(facts)}" if facts else plain(one.person.name)


def _of_mentors(mentors: list[Mentor]) -> list[str]:
    parts = []
    for cohort in dict.fromkeys(one.cohort for one in mentors):
        lines = (
            ngettext(
                "%(name)s: %(num)s submission, waiting since %(day)s",
                "%(name)s: %(num)s submissions, the oldest waiting since %(day)s",
                len(one.waiting),
                name=plain(one.person.name),
                day=day(one.oldest_at, weekday=False),
            )
            for one in mentors
            if one.cohort is cohort
        )
        head = _("%(cohort)s: waiting for feedback", cohort=plain(cohort.name))
        parts.append("\n".join([f"*{head}*", *_numbered(lines)]))
    return parts


def _numbered(lines: Iterable[str]) -> list[str]:
    return [f"{number}. {line}" for number, line in enumerate(lines, 1)]
