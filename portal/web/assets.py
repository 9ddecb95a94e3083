"""What browsers fetch: CSS joined in layer order, our scripts joined, each under the hash of its
content in ``static/built/``. Built at start when a source changed; in development on each page."""

import gzip
import hashlib
import json
import os
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, g, has_request_context
from markupsafe import Markup
from whitenoise import WhiteNoise

from portal.web.headers import ALWAYS

HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")

HIDDEN = Markup('aria-hidden="true" focusable="false"')
REVIEW = "js/review"
"""Scripts that only the pages of a review load: a participant's phone is spared them."""
KEPT_NAMES = {
    "favicon.svg": "favicon.svg",
    "icons.svg": "vendor/icons.svg",
    "htmx.js": "vendor/htmx.min.js",
}


def sources(static: Path) -> list[Path]:
    """Every file a built one is made from, in the order they are joined."""
    css = sorted(static.glob("css/**/*.css"), key=lambda file: (file.name != "layers.css", file))
    js = sorted(static.glob("js/**/*.js"), key=lambda file: (file.name != "start.js", file))
    kept = [static / source for source in KEPT_NAMES.values()]
    return [file for file in [*css, *js, *kept] if file.is_file()]


def stamp(static: Path) -> str:
    """Changes whenever a source changes, appears or vanishes."""
    seen = [f"{file} {file.stat().st_mtime_ns} {file.stat().st_size}" for file in sources(static)]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()


def joined_css(static: Path) -> str:
    files = [file for file in sources(static) if file.suffix == ".css"]
    return "\n".join(squeezed(file.read_text("utf-8")) for file in files)


def squeezed(css: str) -> str:
    """The rules without comments and indentation."""
    while "/*" in css:
        before, _, rest = css.partition("/*")
        css = before + rest.partition("*/")[2]
    return "\n".join(line.strip() for line in css.splitlines() if line.strip())


def joined_js(static: Path, folder: str) -> str:
    """One module script: each file in a block of its own, so that names never meet."""
    own = [file for file in sources(static) if file.suffix == ".js" and file.parent.name == folder]
    return "\n".join(f"{{\n{file.read_text('utf-8')}}}" for file in own)


def build(static: Path) -> dict[str, str]:
    """Write ``static/built/`` and return asset name → file name there."""
    built = static / "built"
    built.mkdir(parents=True, exist_ok=True)
    texts = {"css/app.css": joined_css(static), "js/app.js": joined_js(static, "js")}
    if (static / REVIEW).is_dir():
        texts["js/review.js"] = joined_js(static, "review")
    for name, source in KEPT_NAMES.items():
        if (static / source).is_file():
            texts[name] = (static / source).read_text("utf-8")
    names = {name: _put(built, name, text.encode()) for name, text in texts.items()}
    _write(built / "manifest.json", json.dumps({"stamp": stamp(static), "names": names}).encode())
    return names


def _put(built: Path, name: str, content: bytes) -> str:
    plain = Path(name)
    file = built / f"{plain.stem}.{hashlib.sha256(content).hexdigest()[:12]}{plain.suffix}"
    if not file.exists():
        _write(file.with_name(file.name + ".gz"), gzip.compress(content, mtime=0))
        _write(file, content)
    return file.name


def _write(file: Path, content: bytes) -> None:
    """In one step: another process never meets half a file."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(file)


def current(static: Path) -> dict[str, str]:
    """The names in use, built anew when a source changed since."""
    try:
        manifest = json.loads((static / "built" / "manifest.json").read_text("utf-8"))
        if manifest["stamp"] == stamp(static):
            return dict(manifest["names"])
    except (OSError, ValueError, KeyError):
        pass
    return build(static)


def init(app: Flask) -> None:
    """Templates say ``asset("css/app.css")``; the empty text where a file was not laid."""
    static = Path(app.static_folder or "static")
    folder = f"{app.static_url_path}/built"
    known = {name: f"{folder}/{file}" for name, file in current(static).items()}

    def asset(name: str) -> str:
        if app.debug and has_request_context():
            if "assets" not in g:
                g.assets = current(static)
            return f"{folder}/{g.assets[name]}" if name in g.assets else ""
        return known.get(name, "")

    def picture(name: str, label: str | None = None, size: str | None = None) -> Markup:
        return drawn(asset("icons.svg"), name, label, size)

    app.jinja_env.globals.update(asset=asset, picture=picture)
    serve(app, static / "built")


@lru_cache(maxsize=1024)
def drawn(sprite: str, name: str, label: str | None, size: str | None) -> Markup:
    """One icon of the sprite; a page shows a hundred of the same few."""
    kind = f"icon icon-{size}" if size else "icon"
    said = Markup('role="img" aria-label="{}"').format(label) if label else HIDDEN
    return Markup('<svg class="{}" {}><use href="{}#{}"></use></svg>').format(
        kind, said, sprite, name
    )


def serve(app: Flask, built: Path) -> None:
    """Answer for the built files before Flask does: compressed, and kept by browsers for years."""
    files = WhiteNoise(
        app.wsgi_app,
        root=str(built),
        prefix=f"{(app.static_url_path or '/static').strip('/')}/built/",
        immutable_file_test=HASHED.pattern,
        add_headers_function=_add_headers,
        autorefresh=app.debug,
        allow_all_origins=False,
    )
    app.wsgi_app = files  # type: ignore[method-assign]


def _add_headers(headers, _path: str, _url: str) -> None:
    for name, value in ALWAYS.items():
        headers[name] = value
