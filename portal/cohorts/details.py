"""What a row says of one person: name, NIP, addresses, post; what is wrong with it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from portal.cohorts.nip import bare_nip, nip_doubt, nip_error, shown_nip
from portal.cohorts.problems import Problem, problem

LIMITS = {
    "name": 150, "nip": 40, "email": 254, "username": 64, "position": 200, "unit": 200, "phone": 40,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Details:
    """What a row says of one person; empty text where it says nothing."""

    name: str = ""
    nip: str = ""
    email: str = ""
    username: str = ""
    position: str = ""
    unit: str = ""
    phone: str = ""

    @property
    def has_identity(self) -> bool:
        """Whether the person could sign in with what is known."""
        return bool(self.nip or self.email or self.username)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One row about one person. `mentors` are (capacity, details) of the mentors it names."""

    sheet: str
    number: int
    role: str
    capacity: str
    details: Details
    list_number: str = ""
    mentors: tuple[tuple[str, Details], ...] = ()
    problems: tuple[Problem, ...] = ()
    repeats: tuple[str, int] | None = None

    @property
    def refused(self) -> bool:
        """Whether anything about the row forbids to import it."""
        return any(p.refuses for p in self.problems)


def read_details(cells: dict[str, str], today: date) -> tuple[Details, list[Problem]]:
    """What the cells say of one person, and what is wrong with them."""
    problems: list[Problem] = []
    cells = {attribute: text for attribute, text in cells.items() if text.strip() not in ("", "-")}
    for attribute, text in cells.items():
        problems += _unreadable(attribute, text)
    name, nip = cells.get("name", ""), cells.get("nip", "")
    if "given" in cells or "family" in cells:
        name = name or f"{cells.get('given', '')} {cells.get('family', '')}"
    if "name_nip" in cells:
        split_name, split_nip = _split_name_and_nip(cells["name_nip"])
        name, nip = name or split_name, nip or split_nip
    elif not nip and "name" in cells:
        name, nip = _split_name_and_nip(name)
    values = {
        "name": _line(name),
        "nip": _line(nip),
        "email": re.sub(r"^mailto:", "", _line(cells.get("email", "")), flags=re.I).lower(),
        "username": _line(cells.get("username", "")).lower(),
        "position": _line(cells.get("position", "")),
        "unit": _line(cells.get("unit", "")),
        "phone": _line(cells.get("phone", "")),
    }
    if not values["nip"] and re.fullmatch(r"\d{18}", bare_nip(values["username"])):
        values["nip"], values["username"] = values["username"], ""
    for attribute, text in values.items():
        problems += too_long(attribute, text)
    if not any(p.refuses for p in problems):
        problems += _wrong_identity(values, today)
    short = {attribute: text[: LIMITS[attribute]] for attribute, text in values.items()}
    short["nip"] = bare_nip(short["nip"])
    return Details(**short), problems


def _wrong_identity(values: dict[str, str], today: date) -> list[Problem]:
    found = []
    nip = values["nip"]
    if nip:
        bare = bare_nip(nip)
        key = nip_error(nip)
        if key is not None:
            shown = nip if key == "nip-rounded" else shown_nip(bare)
            found.append(problem(key, found=shown, count=len(bare), digits=bare[:8]))
        elif (doubt := nip_doubt(bare, today)) is not None:
            found.append(problem(doubt, found=shown_nip(bare)))
    email = values["email"]
    if email and not is_email(email):
        found.append(problem("email-shape", found=email))
    username = values["username"]
    if username and not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,62}[a-z0-9]", username):
        found.append(problem("username-shape", found=username))
    return found


def is_email(text: str) -> bool:
    """Whether a text has the shape of one e-mail address."""
    if len(text) > 254 or ".." in text:
        return False
    return (
        re.fullmatch(r"[^\s@,;:<>()\[\]\"\\]{1,64}@([^\W_]([\w-]*[^\W_])?\.)+[^\W\d_]{2,63}", text)
        is not None
    )


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" '’`")


def _unreadable(attribute: str, text: str) -> list[Problem]:
    if re.match(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|N/A!)", text):
        return [problem("cell-error", column=attribute, found=text[:20])]
    if "\ufffd" in text or _is_garbled(text):
        return [problem("unreadable", column=attribute, found=text[:60])]
    return []


def _is_garbled(text: str) -> bool:
    """Whether it is UTF-8 that somebody once read as Windows-1252: “SÃ­ti” for “Síti”."""
    if re.search("[a-z]Ã|Ã[a-z]|â€", text):
        return True
    try:
        return text.encode("cp1252").decode() != text
    except UnicodeError:
        return False


def too_long(attribute: str, text: str) -> list[Problem]:
    limit = LIMITS[attribute]
    return [problem("too-long", column=attribute, limit=limit)] if len(text) > limit else []


def _split_name_and_nip(text: str) -> tuple[str, str]:
    """The name and the NIP of a cell that holds both; else the whole text and nothing."""
    match = re.search(r"\(?\s*(NIP|NI PPPK|NIPPPK)[\s.:]*([\d][\d\s.]{7,30})\)?", text, re.I)
    if match is None:
        match = re.search(r"(\n|/)\s*()?(\d[\d ]{16,22})\s*$", text)
        if match is None:
            return text, ""
        return text[: match.start()].strip(" /\n"), match[3].strip()
    rest = (text[: match.start()] + " " + text[match.end() :]).strip(" /\n()")
    return rest, match[2].strip()


def name_key(name: str) -> str:
    """A name for comparing: without titles, case, accents and punctuation.

    "Dra. Hj. Siti Aminah, M.Si." and "SITI AMINAH" are the same.
    """
    text = unicodedata.normalize("NFKD", name.partition(",")[0]).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    words = re.sub(r"['’`.\-]", " ", re.sub(r"\b(\w{1,6}\.)+(?=\s|\w)", _untitled, text)).split()
    return " ".join(words)


TITLES = {"dr", "drs", "dra", "ir", "h", "hj", "prof", "drg", "kh", "ns", "apt", "rr", "r"}


def _untitled(match: re.Match[str]) -> str:
    parts = [part for part in match[0].split(".") if part]
    return " " if all(part in TITLES for part in parts) else match[0]


def same_person(one: Details, other: Details) -> bool:
    """Whether two descriptions share a NIP, an e-mail address or a user name."""
    return any(
        getattr(one, a) and getattr(one, a) == getattr(other, a)
        for a in ("nip", "email", "username")
    )
