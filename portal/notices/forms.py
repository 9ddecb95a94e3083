"""The form in which a person chooses what they are told."""

from collections.abc import Iterable, Mapping

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice

from portal.notices.events import DAILY, NEVER, NOW, WEEKLY, Event
from portal.notices.queries import Wishes
from portal.notices.rules import Rhythm
from portal.texts import lazy
from portal.web.forms import Form

CHANNEL_NAMES = {
    NOW: lazy("At once"),
    DAILY: lazy("Once a day"),
    WEEKLY: lazy("Once a week"),
    NEVER: lazy("Never"),
}
HOURS = [SelectChoice(str(hour), f"{hour:02}:00") for hour in range(24)]
NO_QUIET = SelectChoice("", lazy("No quiet hours"))


class ChoicesForm(Form):
    """The hours; ``choices_form`` adds the fields of each event."""

    digest_hour = SelectField(lazy("Daily and weekly e-mails come at"), choices=HOURS)
    quiet_from = SelectField(lazy("No e-mail from"), choices=[NO_QUIET, *HOURS])
    quiet_until = SelectField(lazy("Until"), choices=HOURS)
    events: tuple[Event, ...] = ()

    def mail_of(self, event: Event):
        return self[f"mail_{event.key}"]

    def shown_of(self, event: Event):
        return self[f"shown_{event.key}"]

    def choices(self) -> dict[str, tuple[str, bool]]:
        """(channel by e-mail, hidden in the portal) by event, for those that leave a choice."""
        return {
            one.key: (self.mail_of(one).data, one.may_hide and not self.shown_of(one).data)
            for one in self.events
            if not one.is_vital
        }

    def rhythm(self) -> Rhythm:
        hour = int(self.digest_hour.data)
        if not self.quiet_from.data:
            return Rhythm(hour, None, None)
        return Rhythm(hour, int(self.quiet_from.data), int(self.quiet_until.data))


def choices_form(
    groups: Mapping[str, Iterable[Event]], wishes: Wishes, person_id: int
) -> ChoicesForm:
    """The form for these events, filled with what the person has chosen."""
    events = tuple(one for group in groups.values() for one in group)
    channels = [SelectChoice(*one) for one in CHANNEL_NAMES.items()]
    fields: dict[str, object] = {"events": events}
    rhythm = wishes.rhythm(person_id)
    data: dict[str, object] = {
        "digest_hour": str(rhythm.digest_hour),
        "quiet_from": "" if rhythm.quiet_from is None else str(rhythm.quiet_from),
        "quiet_until": str(rhythm.quiet_until or 0),
    }
    for one in events:
        if one.is_vital:
            continue
        fields[f"mail_{one.key}"] = SelectField(one.label, choices=channels)
        data[f"mail_{one.key}"] = wishes.mail(person_id, one)
        if one.may_hide:
            fields[f"shown_{one.key}"] = BooleanField(one.label)
            data[f"shown_{one.key}"] = not wishes.hides(person_id, one)
    return type("EventsForm", (ChoicesForm,), fields)(data=data)
