"""Why a job failed, in words for whoever looks after the portal."""

from typing import Any

from portal.texts import lazy

UNREACHABLE = lazy(
    "The mail server could not be reached. Check PORTAL_SMTP_URL and whether that server runs."
)
REFUSED = lazy("The mail server did not take the e-mail. Its answer stands below.")
BY_ERROR = {
    "ConnectionRefusedError": UNREACHABLE,
    "ConnectionResetError": UNREACHABLE,
    "TimeoutError": UNREACHABLE,
    "gaierror": UNREACHABLE,
    "SMTPConnectError": UNREACHABLE,
    "SMTPServerDisconnected": UNREACHABLE,
    "SMTPAuthenticationError": lazy(
        "The mail server did not accept the portal's user name and password. Check PORTAL_SMTP_URL."
    ),
    "SMTPDataError": REFUSED,
    "SMTPSenderRefused": REFUSED,
    "SMTPRecipientsRefused": REFUSED,
    "SMTPResponseException": REFUSED,
    "OperationalError": lazy("The database was away or busy for too long."),
    "MemoryError": lazy("There was not enough memory."),
    "Hopeless": lazy(
        "Trying again changes nothing until what the last line says is mended, such as an address."
    ),
}
BY_WORDS = {
    "No space left on device": lazy("The disk is full."),
    "The worker died at every try.": lazy(
        "The worker was ended each time it did this, mostly for want of memory."
    ),
    "nobody handles jobs of the kind": lazy(
        "This version of the portal does not know such work any more."
    ),
}
UNEXPECTED = lazy("Something unexpected happened. What it was stands below.")


def last_line(error: str) -> str:
    lines = [line.strip() for line in error.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def explanation(error: str) -> Any:
    """A sentence for what the job's row keeps of its failure."""
    line = last_line(error)
    for words, sentence in BY_WORDS.items():
        if words in line:
            return sentence
    name = line.partition(":")[0].rpartition(".")[2]
    return BY_ERROR.get(name, UNEXPECTED)
