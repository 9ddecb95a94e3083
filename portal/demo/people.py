"""The people of the demo: who they are, who mentors whom, and who has one of the three sign-ins."""

from dataclasses import dataclass
from random import Random

from portal.demo.names import Names, Numbers
from portal.demo.places import Desk, Post, desks

SEED = 6
COHORTS = ("Angkatan VI", "Angkatan VII")
SIZE = 35
COACHES = 7
PASSWORD = "sinau-demo"  # noqa: S105 - the demo's, said on the sign-in page and in the README
DOMAIN = "malang.example"


@dataclass(frozen=True, slots=True)
class Someone:
    """One person; ``username`` is set for the three whom a visitor may sign in as."""

    name: str
    nip: str
    position: str
    unit: str
    email: str
    phone: str
    username: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A participant's place: the cohort, the list number, the mentors, the theme of their work."""

    person: Someone
    cohort: str
    list_number: int
    supervisor: Someone
    coach: Someone
    theme: str


@dataclass(frozen=True, slots=True)
class Cast:
    members: tuple[Member, ...]
    coaches: tuple[Someone, ...]
    administrators: tuple[Someone, ...]

    def of(self, cohort: str) -> list[Member]:
        """The participants of one cohort in the order of its list."""
        return [member for member in self.members if member.cohort == cohort]

    @property
    def supervisors(self) -> list[Someone]:
        """Every supervisor once, in the order in which the lists name them."""
        return list(dict.fromkeys(member.supervisor for member in self.members))


def cast(seed: int = SEED) -> Cast:
    """The whole cast of a seed: 70 participants, 50 supervisors, 7 coaches, 2 administrators."""
    return _Casting(Random(f"people {seed}")).cast()


class _Casting:
    def __init__(self, random: Random):
        self.random = random
        self.names = Names(random)
        self.numbers = Numbers(random)
        self.count = 0

    def cast(self) -> Cast:
        administrators = (
            self._someone("Kepala Bidang Pengembangan Kompetensi", "BKPSDM", (1974, 1982),
                          "administrator"),
            self._someone("Analis Pengembangan Kompetensi", "BKPSDM", (1986, 1994)),
        )  # fmt: skip
        coaches = tuple(
            self._someone("Widyaiswara Ahli Madya", "BPSDM Provinsi", (1967, 1980),
                          "" if number else "mentor")
            for number in range(COACHES)
        )  # fmt: skip
        pairs = [(post, desk, self._superior(desk)) for desk in desks() for post in desk.posts[:1]]
        superiors = {id(desk): superior for _, desk, superior in pairs}
        for _post, desk, _superior in list(pairs):
            pairs += [(post, desk, superiors[id(desk)]) for post in desk.posts[1:]]
        # Every second post of a desk falls into the other cohort, so that superiors span both.
        self.random.shuffle(pairs)
        lists: dict[str, list[tuple[Post, Someone]]] = {cohort: [] for cohort in COHORTS}
        used: dict[str, int] = {}
        for post, _desk, superior in sorted(pairs, key=lambda pair: -len(pair[1].posts)):
            turn = used.get(superior.nip, self.random.randrange(2))
            used[superior.nip] = turn + 1
            cohort = COHORTS[turn % 2]
            if len(lists[cohort]) == SIZE:
                cohort = COHORTS[(turn + 1) % 2]
            lists[cohort].append((post, superior))
        members = [
            member for cohort in COHORTS for member in self._list(cohort, lists[cohort], coaches)
        ]
        return Cast(tuple(members), coaches, administrators)

    def _list(
        self, cohort: str, entries: list[tuple[Post, Someone]], coaches: tuple[Someone, ...]
    ) -> list[Member]:
        """The cohort's list. Number 5 of the first, at the counter for deaths, is `participant`."""
        self.random.shuffle(entries)
        if cohort == COHORTS[0]:
            chosen = next(i for i, (post, _) in enumerate(entries) if post.theme == "akta-kematian")
            entries.insert(4, entries.pop(chosen))
        return [
            Member(
                self._someone(post.position, post.unit, (1972, 1989),
                              "participant" if cohort == COHORTS[0] and number == 5 else ""),
                cohort, number, superior,
                # Each coach has five in each cohort; `mentor`, the first, has number 5.
                coaches[(number - 5) % COACHES],
                post.theme,
            )
            for number, (post, superior) in enumerate(entries, 1)
        ]  # fmt: skip

    def _superior(self, desk: Desk) -> Someone:
        return self._someone(desk.position, desk.unit, (1966, 1979))

    def _someone(
        self, position: str, unit: str, born: tuple[int, int], username: str = ""
    ) -> Someone:
        name = self.names.draw()
        self.count += 1
        return Someone(
            name=name.full,
            nip=self.numbers.draw(born=born, is_woman=name.is_woman),
            position=position,
            unit=unit,
            email=f"{'.'.join(name.plain.casefold().split())}@{DOMAIN}",
            phone=f"0812 0000 {self.count:04d}",
            username=username,
        )
