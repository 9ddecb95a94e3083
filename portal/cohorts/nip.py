"""The NIP, an Indonesian civil servant's number: 8 digits of birth, 6 of appointment, sex, serial.

The shape is fixed (18 digits); what the digits say is checked for plausibility only, since a
number in the personnel system is right by definition, however odd.
"""

import re
from datetime import date

LENGTH = 18
# Contract employees (PPPK) have the same 18 digits with 21 and up where others have the month.
CONTRACT_MONTHS = range(21, 30)


def bare_nip(text: str) -> str:
    """The digits of what was typed, without the spaces, dots, dashes and "NIP." people add."""
    text = re.sub(r"^\s*NI(P|PPPK| PPPK)\b[\s.:]*", "", text.strip(), flags=re.IGNORECASE)
    return re.sub(r"[\s.\-–'’_/]", "", text)


def shown_nip(nip: str) -> str:
    """198503152010011012 → 19850315 201001 1 012; anything else unchanged."""
    if len(nip) != LENGTH:
        return nip
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"


def nip_error(text: str) -> str | None:
    """Why a text cannot be a NIP, as a key of problems.TEXTS, or None when it can."""
    if re.fullmatch(r"\d([.,]\d+)?E\+?\d+", text.strip(), re.IGNORECASE):
        return "nip-rounded"
    bare = bare_nip(text)
    if not (bare.isascii() and bare.isdigit()):
        return "nip-characters"
    if len(bare) == 9:
        return "nip-old"
    if len(bare) != LENGTH:
        return "nip-length"
    if bare.endswith("000"):
        return "nip-rounded"
    return None if _day(bare[:8]) else "nip-birth"


def nip_doubt(nip: str, today: date) -> str | None:
    """What makes a NIP of the right shape look mistyped, or None."""
    born = _day(nip[:8])
    if born is None or not 17 <= (today - born).days / 365.25 <= 80:
        return "nip-age"
    year, month = int(nip[8:12]), int(nip[12:14])
    if not (1 <= month <= 12 or month in CONTRACT_MONTHS):
        return "nip-appointed"
    if not born.year + 15 <= year <= today.year:
        return "nip-appointed"
    return None if nip[14] in "12" else "nip-sex"


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
