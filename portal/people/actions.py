"""What changes people and their sign-ins."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from portal import clock
from portal.database import action, db
from portal.journal.actions import record
from portal.notices.actions import tell
from portal.people import queries, tokens
from portal.people.models import KeptText, OneTimeLink, Person, SignIn, SignInName
from portal.people.rules import LONGEST_NAME, folded, sort_name
from portal.texts import Refused, lazy

INVITATION_DAYS = 14
RESET_HOURS = 24
MOST_KEPT = 100


@action
def create_person(name: str, names: dict[str, str], **details) -> Person:
    """A person with sign-in names (kind → name). Refuses a name that somebody else uses."""
    person = Person(name=name, sort_name=sort_name(name), created_at=clock.now(), **details)
    db.session.add(person)
    db.session.flush()
    for kind, text in names.items():
        add_sign_in_name(person, kind, text)
    return person


@action
def add_sign_in_name(person: Person, kind: str, name: str) -> SignInName:
    if not folded(name) or len(folded(name)) > LONGEST_NAME:
        raise Refused(lazy("A sign-in name has 1 to 200 characters."), field=kind)
    taken = db.session.query(SignInName.id).filter_by(folded=folded(name)).first()
    if taken:
        raise Refused(lazy("%(name)s is used by somebody else.", name=name), field=kind)
    row = SignInName(person_id=person.id, kind=kind, name=name.strip(), folded=folded(name))
    db.session.add(row)
    db.session.flush()
    return row


@action
def speak(person: Person, language: str) -> None:
    """From now on the portal speaks this language to the person, on every device."""
    person.language = language


@action
def open_sign_in(person: Person, *, address: str, device: str) -> str:
    """Sign the person in on one device; returns the token for its cookie."""
    token = tokens.new_token()
    now = clock.now()
    db.session.add(
        SignIn(
            person_id=person.id,
            token_hash=tokens.hash_of(token),
            rotated_at=now,
            created_at=now,
            last_seen_at=now,
            address=address[:64],
            device=device[:200],
        )
    )
    if person.first_entered_at is None:
        person.first_entered_at = now
    return token


@action
def end_sign_in(sign_in: SignIn, at: datetime | None = None) -> None:
    sign_in.ended_at = at or clock.now()


@action
def end_sign_ins(person_id: int, *, but: int | None = None) -> None:
    """End the person's sign-ins on every device, except the sign-in ``but``."""
    db.session.execute(
        sa.update(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.id != (but or 0))
        .values(ended_at=clock.now())
    )


@action
def invite(person: Person, by: int | None, days: int = INVITATION_DAYS) -> str:
    """A one-time link with which the person chooses a password and enters; returns its token.

    The address is ``url_for("welcome.show", token=token, _external=True)``. Earlier invitations
    stay good, since they may be on paper; all of them end when one is used.
    """
    return _new_link(person, "invitation", by, timedelta(days=days))


@action
def reset_link(person: Person, by: int | None) -> str:
    """A one-time link for somebody who forgot the password; it ends earlier ones of its kind."""
    _end_links(person.id, "reset")
    return _new_link(person, "reset", by, timedelta(hours=RESET_HOURS))


def _new_link(person: Person, kind: str, by: int | None, good_for: timedelta) -> str:
    if not person.is_active:
        raise Refused(lazy("%(name)s is deactivated.", name=person.name))
    token = tokens.new_token()
    now = clock.now()
    link = OneTimeLink(
        person_id=person.id,
        kind=kind,
        token_hash=tokens.hash_of(token),
        made_by_id=by,
        created_at=now,
        expires_at=now + good_for,
    )
    db.session.add(link)
    record("people.invite" if kind == "invitation" else "people.reset_link", person, by=by)
    return token


def _end_links(person_id: int, *kinds: str) -> None:
    db.session.execute(
        sa.update(OneTimeLink)
        .where(
            OneTimeLink.person_id == person_id,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.kind.in_(kinds),
        )
        .values(used_at=clock.now())
    )


@action
def set_password(person: Person, password_hash: str, *, by: int, but: int | None = None) -> None:
    """Give the person this password: other devices are signed out, one-time links end.

    Somebody who had another one before is told.
    """
    had_one = person.password_hash is not None
    person.password_hash = password_hash
    person.password_changed_at = clock.now()
    if had_one:
        key = f"password-{person.password_changed_at.isoformat()}"
        tell(person.id, "password_changed", key, "/profile/journal")
    _end_links(person.id, "invitation", "reset")
    end_sign_ins(person.id, but=but)
    record("people.set_password", person, by=by)


@action
def deactivate(person: Person, by: int) -> None:
    """The person may no longer enter. What they wrote stays; their sign-ins and links end."""
    if person.deactivated_at is None:
        person.deactivated_at = clock.now()
        end_sign_ins(person.id)
        _end_links(person.id, "invitation", "reset")
        record("people.deactivate", person, by=by)


@action
def reactivate(person: Person, by: int) -> None:
    """The person may enter again, with the password they had."""
    if person.deactivated_at is not None:
        person.deactivated_at = None
        record("people.reactivate", person, by=by)


@action
def keep_text(
    person_id: int, action: str, page: str, fields: list[tuple[str, str]], reason: str
) -> KeptText | None:
    """Keep what was typed. The same fields again are kept once; None when there are too many.

    What a script sent by itself (``unsaved``) is replaced by the next of the same open page: what
    was typed on a phone and in the office stands side by side.
    """
    rows = [list(field) for field in fields]
    others = queries.kept_texts_of(person_id)
    for one in others:
        if (one.action, one.fields) == (action, rows):
            one.reason = reason
            return one
    for one in others:
        is_of_this_page = one.action == action and _page_key(one.fields) == _page_key(rows)
        if is_of_this_page and one.reason == "unsaved":
            db.session.delete(one)
    if len(others) >= MOST_KEPT:
        return None
    kept = KeptText(
        person_id=person_id,
        action=action,
        page=page,
        fields=rows,
        reason=reason,
        created_at=clock.now(),
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def _page_key(fields: list[list[str]]) -> str | None:
    """The key of the open page that sent these fields, if it has one."""
    return next((value for name, value in fields if name == "page_key"), None)


@action
def throw_away(person_id: int, kept_text_id: int) -> None:
    """Keep this text no longer; nothing happens when it is somebody else's."""
    db.session.execute(
        sa.delete(KeptText)
        .where(KeptText.id == kept_text_id, KeptText.person_id == person_id)
        .execution_options(synchronize_session=False)
    )


@action
def choose(person: Person, *, language: str | None, zone: str | None, theme: str | None) -> None:
    """The person's own language, time zone and colours; None leaves it to browser and portal."""
    person.language, person.zone, person.theme = language, zone, theme
