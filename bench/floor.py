"""The floor: the very bytes of a page from plain values, with one query, on the same server.

Each text and each attribute of the page becomes a value of a Jinja template; what stands between
them is the template. So the floor does what no page can do without: answer a request, ask the
database once, fill in the values, send the bytes.
"""

import json
import os
import re
import sys
from html import escape, unescape
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, render_template
from jinja2 import DictLoader

from bench.served import rest
from portal import database
from portal.people.models import Person
from portal.server import cores, serve

PARTS = re.compile(r'(>[^<>]+<|="[^"]*")')


def split(html: str) -> tuple[str, list[str]]:
    """A template and its values, which together give these very bytes."""
    pieces, values = [], []
    for part in PARTS.split(html):
        is_text = part.startswith(">") and part.endswith("<") and part[1:-1].strip()
        is_attribute = part.startswith('="') and len(part) > 3
        if not (is_text or is_attribute):
            pieces.append(_literal(part))
            continue
        start = 1 if is_text else 2
        before, text, after = part[:start], part[start:-1], part[-1:]
        value = unescape(text)
        if _escaped(value) != text:
            pieces.append(_literal(part))
            continue
        pieces.append(f"{before}{{{{ v[{len(values)}] }}}}{after}")
        values.append(value)
    return "".join(pieces), values


def _escaped(value: str) -> str:
    return escape(value).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")


def _literal(part: str) -> str:
    return part if "{" not in part else "{% raw %}" + part + "{% endraw %}"


def create_floor(pages: dict[str, str]) -> Flask:
    """An application that answers /<name> with the bytes of that page."""
    app = Flask("floor")
    app.config.update(
        SQLALCHEMY_DATABASE_URI=os.environ["PORTAL_DATABASE_URL"], MAX_CONTENT_LENGTH=1 << 20
    )
    database.db.init_app(app)
    with app.app_context():
        database.listen(database.db.engine)
        engine = database.db.engine.execution_options(readonly=True)
    split_pages: dict[str, Any] = {name: split(html) for name, html in pages.items()}
    app.jinja_loader = DictLoader({f"{name}.html": one[0] for name, one in split_pages.items()})
    app.jinja_options = {"trim_blocks": False, "keep_trailing_newline": True}
    query = sa.select(Person.__table__).where(Person.__table__.c.id == sa.bindparam("id"))

    @app.get("/<name>")
    def page(name: str) -> str:
        with engine.connect() as connection:
            connection.execute(query, {"id": 1}).one_or_none()
        return render_template(f"{name}.html", v=split_pages[name][1])

    @app.get("/readyz")
    def ready() -> str:
        return "ok"

    return app


if __name__ == "__main__":
    folder = Path(os.environ["BENCH_PAGES"])
    floor = create_floor(json.loads(folder.read_text("utf-8")))
    sys.exit(serve(floor, host="127.0.0.1", port=0, processes=cores(), threads=4, work=rest))
