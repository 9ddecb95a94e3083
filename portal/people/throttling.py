"""How long a visitor must wait before the next try to sign in.

Failures are counted in the database for the pair of account and address, for the account over all
addresses, and for the address over all accounts. An address from which the person has signed in
before is judged by its own pair alone, so that nobody can lock the person out from elsewhere; and
a try during a wait is not heard and does not lengthen it.
"""

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.database import action, db, is_postgresql
from portal.people.models import Person, SignInFailure
from portal.people.rules import PATIENCE, folded, network_of

KEPT = timedelta(days=2)


def key_of(kind: str, *parts: object) -> str:
    """The key of a count. Hashed, so that a password typed as a name is stored nowhere."""
    text = "\n".join(str(part) for part in parts)
    return f"{kind}:{hashlib.sha256(text.encode()).hexdigest()[:48]}"


def keys_of(person: Person | None, name: str, address: str) -> dict[str, str]:
    """The keys of the three counts. A person is one account, whichever name was typed."""
    account = f"person {person.id}" if person else folded(name)
    place = network_of(address)
    return {
        "pair": key_of("pair", account, place),
        "account": key_of("account", account),
        "address": key_of("address", place),
    }


def free_at(
    failures: dict[str, SignInFailure], keys: dict[str, str], *, is_known_address: bool
) -> datetime | None:
    """When the next try will be heard; None when it is heard now."""
    now = clock.now()
    kinds = ("pair",) if is_known_address else ("pair", "account", "address")
    moments = []
    for kind in kinds:
        if counted := failures.get(keys[kind]):
            patience = PATIENCE[kind]
            if counted.last_at > now - patience.forgotten:
                moments.append(patience.free_at(counted.count, counted.last_at))
    latest = max(moments, default=now)
    return latest if latest > now else None


@action
def note_failures(keys: dict[str, str]) -> None:
    """Count one more failure under each key; what is long past begins anew."""
    now = clock.now()
    dialect = postgresql if is_postgresql() else sqlite
    for kind, key in sorted(keys.items()):
        is_past = SignInFailure.last_at < now - PATIENCE[kind].forgotten
        db.session.execute(
            dialect.insert(SignInFailure)
            .values(key=key, count=1, last_at=now)
            .on_conflict_do_update(
                index_elements=["key"],
                set_={
                    "count": sa.case((is_past, 1), else_=SignInFailure.count + 1),
                    "last_at": now,
                },
            )
            .execution_options(populate_existing=True)
        )
    db.session.execute(
        sa.delete(SignInFailure)
        .where(SignInFailure.last_at < now - KEPT)
        .execution_options(synchronize_session=False)
    )


@action
def forget_failures(key: str) -> None:
    """Begin anew for this key, after a right password."""
    db.session.execute(
        sa.delete(SignInFailure)
        .where(SignInFailure.key == key)
        .execution_options(synchronize_session=False)
    )
