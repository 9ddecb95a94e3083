"""The portal is complete in Indonesian and English."""

import re
from collections import defaultdict

import pytest

from portal import catalogue

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@pytest.mark.parametrize("feature", sorted(catalogue.sources()))
def test_every_text_is_there_in_indonesian(feature):
    known = catalogue.written(feature)
    texts = [one for one in catalogue.extracted(catalogue.sources()[feature]) if one.id]
    found = {one.id: known.get(one.id, one.context) for one in texts}
    missing = [text for text, one in found.items() if one is None or not catalogue.is_done(one)]
    assert missing == [], "run `make translations` and fill portal/translations/id/*.po"


def test_a_translation_keeps_the_placeholders():
    wrong = []
    for feature in catalogue.sources():
        for message in catalogue.written(feature):
            ids = message.id if isinstance(message.id, (tuple, list)) else [message.id]
            strings = (
                message.string if isinstance(message.string, (tuple, list)) else [message.string]
            )
            wanted = set(PLACEHOLDER.findall(ids[-1]))
            wrong += [
                text
                for text in strings
                if text and message.id and set(PLACEHOLDER.findall(text)) != wanted
            ]
    assert wrong == []


def test_one_text_has_one_translation():
    seen = defaultdict(set)
    for feature in catalogue.sources():
        for message in catalogue.written(feature):
            if message.id and message.string:
                key = message.id if isinstance(message.id, str) else message.id[0]
                text = message.string if isinstance(message.string, str) else message.string[0]
                seen[key].add(text)
    assert {key: texts for key, texts in seen.items() if len(texts) > 1} == {}
