"""Nothing unreleased is visible anywhere: words planted in every part of unreleased feedback are
looked for wherever a participant may look, in pages, files, exports, feeds, searches and mail."""

import gzip
import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
import sqlalchemy as sa

from portal import clock
from portal.jobs.worker import run_free_jobs
from portal.journal.models import JournalEntry
from portal.notices.models import Notice
from portal.reviews import actions
from portal.reviews.desks import desk_of
from portal.reviews.models import ReviewSave
from portal.reviews.places import Passage
from portal.reviews.rules import Judged
from portal.reviews.sheets import Item, Placed, Typed
from portal.snippets.models import Snippet
from portal.texts import Refused
from tests.reviews.scene import hand_in, now_of
from tests.reviews.test_sets import release_all
from tests.world import address_of

BIRD = "kenari"
POINTS = Decimal("93.17")
LINK = re.compile(r'(?:href|src|data-preview)="([^"]+)"')
MOST_PAGES = 700


def birds(desk, where: str) -> Typed:
    """A whole judgement whose every text, and whose number, would give it away."""
    criteria = sorted(desk_criteria(desk))
    return Typed(
        judgements=dict.fromkeys(criteria, Judged(None, POINTS)) if desk.may_mark else None,
        remarks={criteria[0]: f"{BIRD} remark {where}"},
        feedback=f"{BIRD} feedback {where}",
        items=(Item(actions.new_thread(), f"{BIRD} item {where}", clock.now().date()),),
        decision="revise",
        revise_by=clock.now() + timedelta(days=3),
        placed=(Placed(actions.new_thread(), f"{BIRD} placed {where}", Passage(0, 5, "Karya", 1)),),
    )


def desk_criteria(desk) -> list[int]:
    from portal.rubrics.queries import criteria_of

    return [one.id for one in criteria_of(desk.submission.rubric_version_id)]


def plant(session, world) -> None:
    """Birds in a draft that was saved twice and refused once, by both mentors; in the correction
    of what was released; in a set on its way; in a mentor's own comment bank."""
    fresh = hand_in(number=60).id
    for mentor_id, where in ((world.coach, "coach"), (world.mentor, "supervisor")):
        desk = desk_of(mentor_id, world.here, fresh)
        actions.save(desk, mentor_id, birds(desk, f"{where} first"), seen=now_of(desk))
        actions.save(desk, mentor_id, birds(desk, f"{where} second"), seen=now_of(desk))
        stale = replace(now_of(desk), revision=1)
        with pytest.raises(Refused):
            actions.save(desk, mentor_id, birds(desk, f"{where} late"), seen=stale)
        actions.keep_refused(desk, mentor_id, birds(desk, f"{where} late"), seen=stale)
    told = desk_of(world.coach, world.here, world.here_told)
    actions.save(told, world.coach, birds(told, "correction"), seen=now_of(told))
    session.add(Snippet(owner_id=world.coach, text=f"{BIRD} bank", changed_at=clock.now()))
    kept = str(session.scalars(sa.select(ReviewSave.content)).all())
    assert [where for where in ("first", "second", "late", "correction") if where not in kept] == []


def readable(response) -> bytes:
    """The bytes of an answer, with those of what is packed in it."""
    data = response.get_data()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data += b"".join(archive.read(name) for name in archive.namelist())
    return data


def gives_away(response) -> bool:
    text = readable(response) + str(response.headers).encode()
    return any(sign in text for sign in (BIRD.encode(), b"93,17", b"93.17"))


def crawl(client, start: list[str]) -> tuple[set[str], list[str]]:
    """Every address that pages lead to from there, and those that give something away."""
    seen, leaking, waiting = set(start), [], list(start)
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        if response.status_code == 200 and gives_away(response):
            leaking.append(address)
        if response.mimetype != "text/html":
            continue
        links = [unescape(one) for one in LINK.findall(response.get_data(as_text=True))]
        for link in [*links, response.location or ""]:
            parts = urlsplit(urljoin(address, link))
            found = f"{parts.path}?{parts.query}".rstrip("?")
            is_here = parts.netloc in ("", "localhost") and parts.scheme in ("", "http", "webcal")
            if is_here and link and not parts.path.startswith("/static/") and found not in seen:
                seen.add(found)
                waiting.append(found)
        assert len(seen) < MOST_PAGES, "the crawl does not end"
    return seen, leaking


@pytest.mark.parametrize("who", ["participant", "classmate"])
def test_no_word_of_unreleased_feedback_is_found(portal, sign_in, world, scene, mail, who):
    with scene() as session:
        plant(session, world)
    with scene():
        report = hand_in(assignment="report", number=60).id
        desk = desk_of(world.coach, world.here, report)
        actions.save(desk, world.coach, whole_birds(world, desk), seen=now_of(desk))
    assert release_all(sign_in("coach")).status_code == 303, "one review is on its way"
    run_free_jobs(portal)
    client = sign_in(who)
    rules = [one.rule for one in portal.url_map.iter_rules() if "GET" in one.methods]
    routes = [
        address
        for rule in sorted(rules)
        if not rule.startswith("/static") and (address := address_of(rule, world))
    ]
    asked = [f"{one}?q={BIRD}&correct=1&rows=2&page=1" for one in routes]
    seen, leaking = crawl(client, ["/", *routes, *asked])
    # A page that repeats what was asked for gives nothing away.
    assert [one for one in leaking if f"q={BIRD}" not in one] == []
    echoes = [client.get(one).get_data(as_text=True) for one in leaking]
    assert [page for page in echoes if re.search(rf"{BIRD} \w", page)] == []
    assert len(seen) > len(routes)
    assert BIRD not in str([one.text for one in mail.received])
    with scene() as session:
        told = session.execute(sa.select(Notice.kind, Notice.values, Notice.path)).all()
        noted = session.scalars(sa.select(JournalEntry.details)).all()
    assert BIRD not in str(told) + str(noted)


def whole_birds(world, desk) -> Typed:
    """One that may be released: with levels."""
    levels = [getattr(world, f"here_level_{position}_1") for position in (1, 2)]
    judged = {
        criterion: Judged(level, POINTS)
        for criterion, level in zip(sorted(desk_criteria(desk)), levels, strict=True)
    }
    return replace(birds(desk, "on its way"), judgements=judged)


def test_the_canaries_are_there_to_be_found(sign_in, world, scene):
    """The same look finds them where a mentor may see them."""
    with scene() as session:
        plant(session, world)
    _seen, leaking = crawl(sign_in("coach"), ["/reviews"])
    assert any(one.endswith("/review") for one in leaking)
    assert any(one.endswith("/saves") for one in leaking)
