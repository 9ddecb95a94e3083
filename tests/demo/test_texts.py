"""The texts of the demo: long enough to be read, and the same for the same seed."""

from random import Random

import pytest

from portal.demo.people import cast
from portal.demo.projects import project, read, themes
from portal.demo.writing import KINDS, beginning_of, revised, text_of

ABOUT = {"unit": "Kelurahan Asoka", "jabatan": "Kepala Seksi", "atasan": "Lurah Asoka"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_is_of_a_readable_length(kind):
    for theme in themes():
        for seed in range(3):
            text = text_of(kind, project(theme, Random(seed), **ABOUT), Random(seed))
            assert 150 <= len(text.split()) <= 420, (theme, kind)
            assert "{" not in text
            assert len(revised(text, Random(seed))) < 8000


def test_every_post_has_a_theme():
    assert {member.theme for member in cast().members} == set(themes())


def test_a_text_follows_from_the_seed():
    def write(seed):
        random = Random(seed)
        return text_of("2-diagnosa", project("bansos", random, **ABOUT), random)

    assert write(1) == write(1) != write(2)


def test_a_draft_is_the_beginning_of_the_text():
    text = text_of("3-gagasan", project("sampah", Random(1), **ABOUT), Random(1))
    draft = beginning_of(text, Random(2))
    assert text.startswith(draft)
    assert not draft.splitlines()[-1].startswith("#")
    assert len(draft) < len(text)


@pytest.mark.parametrize("kind", KINDS)
def test_feedback_has_words_for_every_decision(kind):
    feedback = read(f"feedback/{kind}")
    assert all(feedback[key] for key in ("criteria", "accepted", "revise", "items", "supervisor"))
    for criterion in feedback["criteria"]:
        assert all(criterion[key] for key in ("strong", "fair", "weak"))
