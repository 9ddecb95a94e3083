"""Pure decisions about drafts, receipts and texts."""

from flask import Flask
from flask_babel import Babel, force_locale
from hypothesis import given
from hypothesis import strategies as st

from portal.submissions import rules

texts = st.text(max_size=300)
lines = st.lists(st.sampled_from(["a", "b", "c", "", " d"]), max_size=30).map("\n".join)


@given(lines, lines)
def test_both_texts_can_be_read_back_from_their_differences(before, after):
    rows = rules.differences(before, after)
    assert "\n".join(left for left, _right in rows if left is not None) == before
    assert "\n".join(right for _left, right in rows if right is not None) == after


@given(texts)
def test_a_text_does_not_differ_from_itself(text):
    assert all(left == right for left, right in rules.differences(text, text))


def test_texts_of_very_many_lines_are_not_compared():
    assert rules.differences("\n" * 5000, "") is None


def test_codes_are_long_unlike_each_other_and_read_back_however_they_are_typed():
    codes = {rules.new_code() for _each in range(500)}
    assert len(codes) == 500
    for code in codes:
        assert len(code) == 12
        assert set(code) <= set(rules.ALPHABET)
        for typed in (
            rules.shown_code(code),
            code.lower(),
            f" {code} ",
            code.replace("0", "O").replace("1", "I"),
        ):
            assert rules.read_code(typed) == code


@given(texts, texts, texts)
def test_only_what_stands_whole_in_another_text_need_not_be_kept(start, middle, end):
    assert rules.holds(start + middle + end, middle)


@given(
    st.booleans(), st.booleans(), st.integers(1, 50), st.integers(1, 5), texts, st.integers(0, 8)
)
def test_a_draft_without_obstacles_holds_to_every_limit(
    takes_text, takes_files, most_characters, most_files, text, files
):
    limits = rules.Limits(takes_text or not takes_files, takes_files, most_characters, most_files)
    bare = Flask("bare")
    Babel(bare)
    with bare.test_request_context():
        found = rules.obstacles(limits, text, files)
    is_good = (
        bool(text.strip() or files)
        and (limits.accepts_text or not text.strip())
        and len(text) <= most_characters * (1 if limits.accepts_text else 10**6)
        and (limits.accepts_files or not files)
        and files <= most_files
    )
    assert (found == []) == is_good


def test_how_much_too_long_a_text_is_reads_as_every_other_number(portal):
    limits = rules.Limits(True, False, 12_000, 0)
    for language, said in (
        ("id", "Naskah kelebihan 288.000 karakter."),
        ("en", "The text is 288,000 characters too long."),
    ):
        with portal.test_request_context("/"), force_locale(language):
            assert rules.obstacles(limits, "a" * 300_000, 0) == [said]
