"""Every row of a portal's database as text, without what is random by nature.

Run as a program it loads the demo into the empty database that the environment names, around the
day it is told, and prints the dump: a second load in a process of its own, with its own hash seed.
"""

import json
import sys
from datetime import date

import sqlalchemy as sa

from portal.database import db

RANDOM = {"hand_in_key", "receipt_code", "password_hash", "page_key", "token_hash"}
LEFT_OUT = {"job"}


def dump() -> dict[str, list[str]]:
    """Table → its rows as text, in the order of their keys."""
    found = {}
    for table in db.metadata.sorted_tables:
        if table.name in LEFT_OUT:
            continue
        columns = [one for one in table.columns if one.name not in RANDOM]
        rows = db.session.execute(sa.select(*columns).order_by(*table.primary_key.columns))
        found[table.name] = [repr([_plain(value) for value in row]) for row in rows]
    return found


def _plain(value):
    if isinstance(value, dict):
        value = {key: one for key, one in value.items() if key not in RANDOM}
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else str(value)


def main() -> None:
    from flask_migrate import upgrade

    from portal import create_app
    from portal.demo import loader

    app = create_app()
    with app.app_context():
        upgrade()
        db.session.info["readonly"] = False
        loader.load(date.fromisoformat(sys.argv[1]))
        db.session.commit()
        json.dump(dump(), sys.stdout)


if __name__ == "__main__":
    main()
