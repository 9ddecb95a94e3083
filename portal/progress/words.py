"""What the pages of this feature say, in the reader's language."""

from portal.progress import rules
from portal.texts import _


def state_words() -> dict[str, str]:
    """The states in the reader's language."""
    return {
        rules.NOT_YET: _("not open yet"),
        rules.TO_DO: _("to do"),
        rules.DRAFT: _("draft"),
        rules.OVERDUE: _("overdue"),
        rules.MISSED: _("not handed in"),
        rules.WAITING: _("waiting for feedback"),
        rules.UNANSWERED: _("feedback overdue"),
        rules.REVISE: _("to be revised"),
        rules.REVISE_LATE: _("revision overdue"),
        rules.ACCEPTED: _("accepted"),
        rules.EXEMPT: _("exempt"),
    }


def punctuality_words() -> dict[str, str]:
    return {"in_time": _("in time"), "grace": _("in time, within the grace"), "late": _("late")}


def verb_words() -> dict[str, str]:
    """What a participant does, in words; other journal lines show their own name."""
    return {
        "submissions.hand_in": _("handed in"),
        "assignments.ask_extension": _("asked for more time"),
        "learning.mark_done": _("marked a lesson as done"),
        "learning.mark_undone": _("marked a lesson as not done"),
        "reviews.send_message": _("wrote a message"),
    }
