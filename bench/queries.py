"""How many statements a page costs, sign-in and standing included."""

import sqlalchemy as sa

from portal import create_app
from portal.config import Settings
from portal.database import db

OWN = ("PRAGMA", "BEGIN", "SET default_transaction")


def queries_of(environ: dict[str, str], path: str, cookie: str) -> int:
    """Statements of one warm GET."""
    app = create_app(Settings.read(environ))
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(OWN):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    client = app.test_client(use_cookies=False)
    headers = {"Cookie": cookie, "Accept-Language": "id"}
    client.get(path, headers=headers)
    sa.event.listen(engine, "before_cursor_execute", note)
    response = client.get(path, headers=headers)
    assert response.status_code == 200, path
    engine.dispose()
    return len(seen)
