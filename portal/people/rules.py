"""How names are compared and sorted, how long to wait, and which passwords are too easy."""

import ipaddress
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.texts import lazy

LONGEST_NAME = 200
ZONE_NAMES = {
    "Asia/Jakarta": lazy("WIB (western Indonesia, Jakarta)"),
    "Asia/Makassar": lazy("WITA (central Indonesia, Makassar)"),
    "Asia/Jayapura": lazy("WIT (eastern Indonesia, Jayapura)"),
}


def folded(name: str) -> str:
    """The form in which sign-in names are compared: case, width and spaces do not matter.

    A NIP may be written 8-6-1-3 with spaces or dots.
    """
    text = unicodedata.normalize("NFKC", name).casefold().strip()
    digits = text.replace(" ", "").replace(".", "").replace("-", "")
    return digits if digits.isdigit() and len(digits) == 18 else text


def sort_name(name: str) -> str:
    """The form in which people are sorted: without marks, case, and academic titles in front."""
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    words = plain.casefold().split()
    while len(words) > 1 and words[0].endswith("."):
        words = words[1:]
    return " ".join(words)[:200]


def initials(name: str) -> str:
    words = sort_name(name.split(",")[0]).split()
    return "".join(word[0] for word in words[:2]).upper()


def kind_of(sign_in_name: str) -> str:
    """What kind of sign-in name this is: nip, email or username."""
    if folded(sign_in_name).isdigit() and len(folded(sign_in_name)) == 18:
        return "nip"
    return "email" if "@" in sign_in_name else "username"


@dataclass(frozen=True)
class Patience:
    """How many wrong passwords are borne without a wait, and when they are forgotten."""

    free: int
    longest: timedelta
    forgotten: timedelta

    def wait_after(self, failures: int) -> timedelta:
        """30 seconds after the first failure too many, doubled by each further one."""
        if failures < self.free:
            return timedelta(0)
        doubled = FIRST_WAIT * 2 ** min(failures - self.free, 20)
        return min(self.longest, doubled)

    def free_at(self, failures: int, last_at: datetime) -> datetime:
        """The moment from which the next try is heard."""
        return last_at + self.wait_after(failures)


FIRST_WAIT = timedelta(seconds=30)
A_QUARTER = timedelta(minutes=15)
A_DAY = timedelta(days=1)

# An office of two hundred people may sit behind one address, hence its larger number.
PATIENCE = {
    "pair": Patience(5, A_QUARTER, A_DAY),
    "account": Patience(20, A_QUARTER, A_DAY),
    "address": Patience(60, A_QUARTER, timedelta(hours=1)),
    "forgotten": Patience(3, timedelta(hours=1), A_DAY),
}


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 network of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)


COMMON = {
    "password", "passw0rd", "kata sandi", "katasandi", "rahasia", "indonesia", "bismillah",
    "qwerty", "qwertyuiop", "asdfghjkl", "iloveyou", "sayang", "admin", "administrator",
    "sinau", "malang", "bkpsdm", "kota malang", "kotamalang", "peserta", "mentor",
}  # fmt: skip


def is_easy_to_guess(password: str, names: list[str]) -> bool:
    """True for a password that somebody who knows the person, or a list, would try first."""
    plain = folded(password)
    core = plain.strip("0123456789!@#$%^&*-_+. ")
    return (
        len(set(plain)) < 4
        or core in COMMON
        or (not core and _is_a_run(plain))
        or any(plain == folded(name) for name in names)
        or any(core and core == part for name in names for part in folded(name).split())
    )


def _is_a_run(digits: str) -> bool:
    """1234567890, 0987654321 and the like, or a repeated short group."""
    return digits in "01234567890123456789" or digits in "98765432109876543210"
