"""How names are compared and sorted."""

import unicodedata


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
