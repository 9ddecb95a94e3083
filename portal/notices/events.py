"""What people are told of, and how unless they choose otherwise: one table of events x channels.

A kind is a sentence (templates/notices/_sentence.html); an event is what a person chooses about,
and may have several kinds. A new kind gets its place here, else ``tell`` refuses it.
"""

from dataclasses import dataclass
from typing import Any

from portal.texts import lazy

NOW, DAILY, WEEKLY, NEVER = "now", "daily", "weekly", "never"
CHANNELS = (NOW, DAILY, WEEKLY, NEVER)

PARTICIPANT, MENTOR, ADMINISTRATOR, EVERYBODY = (
    "participant",
    "mentor",
    "administrator",
    "everybody",
)
FOR = (PARTICIPANT, MENTOR, ADMINISTRATOR, EVERYBODY)


@dataclass(frozen=True)
class Event:
    """Something that people are told of; ``whom`` says what they are.

    ``mail`` is the default channel by e-mail. In the portal an event is always shown, unless
    ``may_hide``. An ``is_vital`` event concerns the safety of the account: it goes out at once, at
    any hour, whatever was chosen. One that ``waits_for_entry`` is no e-mail to who cannot sign in
    yet: before the invitation it would lead to a door without a key.
    """

    key: str
    whom: tuple[str, ...]
    label: Any
    mail: str
    kinds: tuple[str, ...]
    may_hide: bool = False
    is_vital: bool = False
    waits_for_entry: bool = False


TABLE = (
    # For participants and mentors.
    Event("places", (PARTICIPANT, MENTOR), lazy("My place in a cohort"), NOW,
          ("enrolled_as_participant", "enrolled_as_mentor", "places_taken_back"),
          waits_for_entry=True),
    # For participants.
    Event("openings", (PARTICIPANT,), lazy("An assignment opens"), DAILY, ("assignment_opened",)),
    Event("due", (PARTICIPANT,), lazy("Work or an action item is due soon"), NOW,
          ("due_soon", "action_item_due")),
    Event("receipts", (PARTICIPANT,), lazy("A receipt for what I hand in"), NOW,
          ("hand_in_received",), may_hide=True),
    Event("feedback", (PARTICIPANT,), lazy("Feedback on my work"), NOW, ("feedback_released",)),
    Event("extensions", (PARTICIPANT,), lazy("More time or an exemption, given or refused"), NOW,
          ("extension_given", "extension_refused", "extension_withdrawn", "exempted",
           "exemption_ended")),
    Event("mentors", (PARTICIPANT,), lazy("Who my mentors are"), DAILY,
          ("mentorship_begun", "mentors_assigned", "mentorship_ended",
           "mentor_stood_in_for", "mentor_is_back"), waits_for_entry=True),
    # For mentors.
    Event("hand_ins", (MENTOR,), lazy("Work that my mentees hand in"), DAILY,
          ("submission_received",), may_hide=True),
    Event("requests", (MENTOR, ADMINISTRATOR), lazy("Requests for more time"), NOW,
          ("extension_asked",)),
    Event("promises", (MENTOR,), lazy("Feedback that I promised is due within a day"), NOW,
          ("promise_near",)),
    Event("mentees", (MENTOR,), lazy("Who my mentees are"), DAILY,
          ("mentee_assigned", "mentees_assigned", "mentees_handed_over", "mentee_gone",
           "stand_in_asked", "stand_in_named", "stand_in_over"), waits_for_entry=True),
    Event("hand_overs", (MENTOR,), lazy("Another mentor hands reviews over to me"), NOW,
          ("reviews_handed_over", "reviews_taken_back")),
    Event("claims", (MENTOR,), lazy("Another mentor takes over a review from me"), NEVER,
          ("claim_taken_over",)),
    Event("reminders", (PARTICIPANT, MENTOR), lazy("Reminders from the organiser"), NOW,
          ("reminder", "mentor_reminder")),
    # For everybody.
    Event("messages", (EVERYBODY,), lazy("Messages about an assignment"), NOW,
          ("message_received",)),
    Event("schedule", (EVERYBODY,), lazy("Changed deadlines and meetings"), NOW,
          ("deadline_moved", "dates_moved",
           "meeting_planned", "meeting_changed", "meeting_cancelled")),
    Event("announcements", (EVERYBODY,), lazy("Announcements"), NOW, ("announcement",)),
    Event("account", (EVERYBODY,), lazy("The safety of my account"), NOW,
          ("password_changed", "new_device"), is_vital=True),
)  # fmt: skip

EVENTS = {one.key: one for one in TABLE}
BY_KIND = {kind: one for one in TABLE for kind in one.kinds}


def event_of(kind: str) -> Event:
    """The event that this kind of notice belongs to; raises LookupError when it has none."""
    try:
        return BY_KIND[kind]
    except KeyError:
        raise LookupError(f"no event in portal/notices/events.py has the kind {kind!r}") from None


# When somebody has chosen nothing: the hour of daily and weekly e-mails, and of silence, in their
# own zone. Weekly e-mails go out on Mondays.
DIGEST_HOUR = 7
QUIET_FROM, QUIET_UNTIL = 21, 5
