"""Days of a cohort and moments in them, around the day on which the demo is loaded."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Jakarta")
# On the day of loading each cohort has run for so many days.
RUN = {"Angkatan VI": 47, "Angkatan VII": 19}
LENGTH = 95
PREPARED = 14
"""So many days before its first day a cohort is made and its roster imported."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of one cohort: day 0 is its first one, ``today`` the day of loading."""

    today: date
    run: int

    @property
    def starts_on(self) -> date:
        return self.today - timedelta(days=self.run)

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(days=LENGTH)

    def day(self, number: int) -> date:
        """The date of a day of the cohort."""
        return self.starts_on + timedelta(days=number)

    def at(self, number: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
        """A moment on a day of the cohort, by the organisation's clock."""
        local = datetime.combine(self.day(number), time(hour, minute, second), ZONE)
        return local.astimezone(UTC)

    def is_past(self, moment: datetime) -> bool:
        """Whether the moment lies before the day of loading."""
        return moment < self.at(self.run, 0)


def days_of(cohort: str, today: date) -> Days:
    return Days(today, RUN[cohort])
