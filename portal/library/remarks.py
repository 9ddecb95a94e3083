"""What an import has to say about a file, in the reader's language."""

from portal.library.plan import Remark
from portal.texts import lazy

TEXTS = {
    "archive-too-large": lazy("The archive holds more than %(detail)s."),
    "bomb": lazy("Left out: it would grow far too much when unpacked."),
    "broken-link": lazy("A link leads nowhere: %(detail)s"),
    "conflict": lazy("Marks of an unfinished merge; the first side was taken."),
    "damaged": lazy("The file is damaged and was left out."),
    "empty": lazy("There is no text in it; left out."),
    "encoding": lazy("The text is not UTF-8; it was read as Windows-1252."),
    "front-matter": lazy("The front matter could not be read and was left out."),
    "html-dropped": lazy("HTML that a lesson cannot hold was taken out: %(detail)s"),
    "html-frame": lazy("An embedded page or video became a link: %(detail)s"),
    "html-left": lazy("HTML that we do not know stands in the text as it is: %(detail)s"),
    "is-link": lazy("Left out: it is a link to another file."),
    "kramdown": lazy("A mark of another site builder was taken out: %(detail)s"),
    "leads-out": lazy("Left out: its name leads out of the folder."),
    "left-out": lazy("Left out: not part of what participants read."),
    "liquid": lazy("A tag of another site builder was taken out: %(detail)s"),
    "liquid-left": lazy("A tag of another site builder is left in the text: %(detail)s"),
    "locked": lazy("Left out: it is protected by a password."),
    "no-archive": lazy("This is not a ZIP file, or it is damaged."),
    "no-folder": lazy("There is no folder %(detail)s."),
    "no-picture": lazy("A picture is missing: %(detail)s"),
    "no-rubric": lazy("This is not a rubric as docs/course-format.md describes it; left out."),
    "no-such-anchor": lazy("A link leads to a heading that is not there: %(detail)s"),
    "no-such-capacity": lazy("There is no capacity of this name: %(detail)s"),
    "no-such-module": lazy("There is no module folder of this name: %(detail)s"),
    "no-such-rubric": lazy("There is no rubric of this name: %(detail)s"),
    "no-such-type": lazy("This kind of file cannot be handed in: %(detail)s"),
    "nothing-to-read": lazy("No lessons and no assignments were found."),
    "odd-name": lazy("Left out: its name cannot be used."),
    "refused": lazy("Left out: %(detail)s"),
    "too-large": lazy("Left out: it is too large."),
    "too-many-files": lazy("There are more than %(detail)s files."),
    "unknown-key": lazy("A line of the front matter is not known: %(detail)s"),
    "unused": lazy("Left out: no lesson and no assignment uses it."),
    "weights-scaled": lazy("The weights sum to %(detail)s; they were scaled to 100."),
    "wrong-value": lazy("A value cannot be used: %(detail)s"),
}

VERDICTS = {
    "new": lazy("New"),
    "same": lazy("Unchanged"),
    "changed": lazy("Changed"),
    "kept": lazy("Changed in the file, but also edited here: ours is kept"),
    "gone": lazy("Gone from the folder: hidden"),
    "kept-gone": lazy("Gone from the folder, but edited here: ours is kept"),
    "back": lazy("Back in the folder: shown again"),
}

PARTS = {
    "course": lazy("Course"),
    "module": lazy("Module"),
    "lesson": lazy("Lesson"),
    "assignment": lazy("Assignment"),
    "rubric": lazy("Rubric"),
    "file": lazy("File"),
}

GRAVE = {
    "bomb", "damaged", "empty", "front-matter", "is-link", "leads-out", "locked", "no-picture",
    "no-rubric", "nothing-to-read", "odd-name", "refused", "too-large",
}  # fmt: skip
"""Remarks after which something is missing from the course."""


def sentence(remark: Remark) -> str:
    """The remark as a sentence."""
    return said(remark.code, remark.detail)


def said(code: str, detail: str = "") -> str:
    """A remark's code and detail as a sentence."""
    text = str(TEXTS[code])
    return text % {"detail": detail} if "%(detail)s" in text else text
