"""Two people at one sheet: nothing that either wrote disappears, whatever is chosen."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.reviews.rules import Judged
from portal.reviews.sheets import (
    EMPTY,
    Item,
    Sheet,
    Typed,
    applied,
    differences,
    from_content,
    normal,
    settled,
    to_content,
)

ME, OTHER = 1, 2
texts = st.text(alphabet="ab \n", max_size=6)
judged = st.builds(
    Judged, st.sampled_from([None, 1, 2]), st.sampled_from([None, Decimal("80.01"), Decimal(7)])
)
items = st.lists(
    st.builds(Item, st.sampled_from("xyz"), texts, st.sampled_from([None, date(2026, 12, 1)])),
    max_size=3, unique_by=lambda item: item.thread,
).map(tuple)  # fmt: skip
typings = st.builds(
    Typed,
    judgements=st.one_of(st.none(), st.dictionaries(st.sampled_from([7, 8]), judged, min_size=2)),
    remarks=st.dictionaries(st.sampled_from([7, 8]), texts, min_size=2),
    feedback=texts,
    items=items,
    decision=st.sampled_from([None, "accepted", "revise"]),
    revise_by=st.sampled_from([None, datetime(2026, 12, 1, tzinfo=UTC)]),
)


@given(typings)
def test_the_history_keeps_a_sheet_whole(typed):
    sheet = applied(typed, EMPTY, ME)
    assert from_content(json.loads(json.dumps(to_content(sheet)))) == sheet


@given(typings, typings)
def test_saving_leaves_the_others_remarks_and_who_wrote_what(first, second):
    before = applied(first, EMPTY, OTHER)
    after = applied(second, before, ME)
    for criterion_id, by in before.remarks.items():
        assert after.remarks[criterion_id][OTHER] == by[OTHER]
    if second.judgements is None:
        assert after.judgements == before.judgements
    for key, one in after.judgements.items():
        same = before.judged(key)
        unchanged = (same.level_id, same.value) == (one.level_id, one.value)
        assert one.by == (OTHER if unchanged else ME)


@given(typings, typings, typings)
def test_settling_all_as_mine_or_theirs_gives_exactly_that(start, mine, theirs):
    base = applied(start, EMPTY, OTHER)
    now = applied(theirs, base, OTHER)
    wanted = applied(mine, base, ME)
    wanted = replace(wanted, remarks=now.remarks | wanted.remarks)
    found = differences(wanted, now, base, ME)
    as_mine = applied(settled(mine, now, ME, {one.part: "mine" for one in found}), now, ME)
    assert as_mine == applied(mine, now, ME)
    as_theirs = applied(settled(mine, now, ME, {one.part: "theirs" for one in found}), now, ME)
    if mine.judgements is not None:
        assert differences(as_theirs, now, base, ME) == []


@given(typings, typings)
def test_keeping_both_keeps_every_text_of_both(mine, theirs):
    now = applied(theirs, EMPTY, ME)
    wanted = applied(mine, EMPTY, ME)
    found = differences(wanted, now, EMPTY, ME)
    choices = {one.part: "both" if one.can_join else "mine" for one in found}
    both = applied(settled(mine, now, ME, choices), now, ME)
    for sheet in (wanted, now):
        assert sheet.feedback.strip() in both.feedback
        for criterion_id, by in sheet.remarks.items():
            assert by[ME].strip() in both.remark(criterion_id, ME)
        assert {(one.text, one.due_on) for one in sheet.items} <= {
            (one.text, one.due_on) for one in both.items
        }


def test_a_difference_says_whose_change_it_was():
    base = Sheet(feedback="a")
    mine, theirs = Sheet(feedback="b"), Sheet(feedback="a", decision="accepted")
    found = {one.part: one.suggested for one in differences(mine, theirs, base, ME)}
    assert found == {"feedback": "mine", "decision": "theirs"}
    clash = differences(mine, Sheet(feedback="c"), base, ME)
    assert [one.suggested for one in clash] == ["both"]
    levels = differences(
        Sheet(judgements={7: Judged(1)}), Sheet(judgements={7: Judged(2)}), EMPTY, ME
    )
    assert [one.suggested for one in levels] == [None]


def test_what_says_nothing_is_left_out():
    empty = Sheet(judgements={7: Judged()}, remarks={7: {ME: " "}}, feedback="", feedback_by=ME)
    assert normal(empty) == EMPTY
