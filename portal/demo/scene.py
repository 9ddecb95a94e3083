"""What the loader has made so far."""

from dataclasses import dataclass, field
from datetime import date

from portal.cohorts.models import Cohort, Organisation
from portal.courses.models import Course
from portal.demo.days import Days, days_of
from portal.demo.people import Cast, Someone
from portal.people.models import Person


@dataclass
class Scene:
    """What has been made so far, by name."""

    today: date
    cast: Cast
    organisation: Organisation
    administrator: Person
    course: Course | None = None
    cohorts: dict[str, Cohort] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    """By NIP."""

    @property
    def the_course(self) -> Course:
        """The course, once it has been imported."""
        assert self.course is not None
        return self.course

    def person(self, someone: Someone) -> Person:
        return self.people[someone.nip]

    def days(self, cohort: str) -> Days:
        return days_of(cohort, self.today)
