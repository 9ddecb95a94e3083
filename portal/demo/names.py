"""Names of people who do not exist, and civil servant numbers (NIP) that pass the check."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from portal.demo.projects import read

POOLS = {key: words.split() for key, words in read("names").items()}
DEGREES = (
    "S.Sos.", "S.E.", "S.T.", "S.H.", "S.AP.", "S.IP.", "S.Kom.", "S.Pd.", "S.KM.", "S.STP.",
    "S.Sos., M.AP.", "S.E., M.M.", "S.T., M.T.", "S.H., M.H.", "S.AP., M.AP.", "S.STP., M.Si.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name without and with degrees, and whether it is a woman's."""

    plain: str
    full: str
    is_woman: bool


class Names:
    """Draws names, each of them once."""

    def __init__(self, random: Random):
        self.random = random
        self.taken: set[str] = set()

    def draw(self) -> Name:
        """A new name; about half are women's."""
        while True:
            is_woman = self.random.random() < 0.5
            firsts = POOLS["women" if is_woman else "men"]
            lasts = POOLS["last_of_women" if is_woman else "last_of_men"]
            words = [self.random.choice(firsts), self.random.choice(lasts)]
            if self.random.random() < 0.3:
                words.insert(1, self.random.choice(firsts))
            plain = " ".join(words)
            if len(set(words)) == len(words) and plain not in self.taken:
                self.taken.add(plain)
                return Name(plain, f"{plain}, {self.random.choice(DEGREES)}", is_woman)


class Numbers:
    """Draws NIPs: date of birth (8), month of appointment (6), sex (1), serial number (3)."""

    def __init__(self, random: Random):
        self.random = random
        self.serials: dict[str, int] = {}

    def draw(self, *, born: tuple[int, int], is_woman: bool) -> str:
        """A NIP of somebody born in one of the years from ``born[0]`` to ``born[1]``."""
        birthday = date(self.random.randint(*born), 1, 1) + timedelta(self.random.randrange(365))
        appointed = birthday.year + self.random.randint(22, 27)
        month = self.random.choice((1, 3, 4, 12))
        stem = f"{birthday:%Y%m%d}{appointed}{month:02d}{2 if is_woman else 1}"
        self.serials[stem] = self.serials.get(stem, 0) + 1
        return f"{stem}{self.serials[stem]:03d}"
