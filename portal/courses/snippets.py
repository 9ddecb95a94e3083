"""The place in a text where searched words stand, with the words marked."""

from markupsafe import Markup, escape

from portal.courses.rendering import folded

AROUND = 90
MORE_BEFORE, MORE_AFTER = Markup("… "), Markup(" …")


def snippet(text: str, words: str) -> Markup:
    """Some text around the first of the words, each occurrence in <mark>; the beginning if none."""
    wanted = [word for word in folded(words).split() if word]
    # Folding keeps the length of nearly every letter; where it does not, marks are left out.
    plain = folded(text)
    if len(plain) != len(text):
        plain = text.lower() if len(text.lower()) == len(text) else ""
    places = [plain.find(word) for word in wanted]
    first = min((place for place in places if place >= 0), default=0)
    start, end = max(0, first - AROUND), min(len(text), first + AROUND * 2)
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    parts, at = [MORE_BEFORE if start else Markup("")], start
    while at < end:
        hits = [(plain.find(word, at, end), word) for word in wanted]
        hits = [(place, word) for place, word in hits if place >= 0]
        if not hits:
            break
        place, word = min(hits, key=lambda hit: (hit[0], -len(hit[1])))
        parts.append(escape(text[at:place]))
        parts.append(Markup("<mark>{}</mark>").format(text[place : place + len(word)]))
        at = place + len(word)
    parts.append(escape(text[at:end]))
    parts.append(MORE_AFTER if end < len(text) else Markup(""))
    return Markup("").join(parts)
