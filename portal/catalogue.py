"""The portal's texts in Indonesian: one .po file per feature, compiled into one catalogue.

Message ids are English, so English needs no file. ``make translations`` adds new texts to the
.po files; the compiled catalogue is made anew at start whenever a .po file is newer.
"""

import os
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from portal.config import ROOT

FOLDER = ROOT / "portal" / "translations" / "id"
COMPILED = FOLDER / "LC_MESSAGES" / "messages.mo"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
}
OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "extensions": "jinja2.ext.do"}


def sources() -> dict[str, list[Path]]:
    """The files that hold texts, by feature. ``ui``: frame and macros; ``portal``: the top."""
    found: dict[str, list[Path]] = {"portal": sorted((ROOT / "portal").glob("*.py"))}
    for folder in sorted((ROOT / "portal").iterdir()):
        if (folder / "__init__.py").is_file():
            found[folder.name] = sorted(folder.rglob("*.py"))
    for file in sorted((ROOT / "templates").rglob("*.*")):
        parts = file.relative_to(ROOT / "templates").parts
        found.setdefault(parts[0] if len(parts) > 1 else "ui", []).append(file)
    return found


def extracted(files: list[Path]) -> Catalog:
    """Every text in these files, with the places where it stands."""
    catalog = Catalog(locale="id", charset="utf-8", fuzzy=False)
    for file in files:
        method = "python" if file.suffix == ".py" else "jinja2.ext:babel_extract"
        options = {} if file.suffix == ".py" else OPTIONS
        found = extract_from_file(method, os.fspath(file), keywords=KEYWORDS, options=options)
        for _line, text, _comments, context in found:
            name = file.relative_to(ROOT).as_posix()
            catalog.add(text, None, [(name, 0)], context=context)
    return catalog


def written(feature: str) -> Catalog:
    """What the feature's .po file holds; empty when there is none."""
    path = FOLDER / f"{feature}.po"
    if not path.is_file():
        return Catalog(locale="id")
    with path.open("rb") as file:
        return read_po(file, locale="id")


def update() -> dict[str, int]:
    """Bring every .po file up to date; how many texts lack Indonesian, by feature."""
    missing = {}
    for feature, files in sources().items():
        fresh, old = extracted(files), written(feature)
        for message in fresh:
            known = old.get(message.id, message.context) if message.id else None
            if known and known.string:
                message.string = _same_for_any_number(known.string)
        if len(fresh):
            with (FOLDER / f"{feature}.po").open("wb") as file:
                write_po(file, fresh, width=100, omit_header=True, sort_output=True)
        else:
            (FOLDER / f"{feature}.po").unlink(missing_ok=True)
        if lacking := [message for message in fresh if message.id and not is_done(message)]:
            missing[feature] = len(lacking)
    return missing


def _same_for_any_number(string):
    """Indonesian has no plural: the first form serves the second, which the file format demands."""
    return string if isinstance(string, str) else (string[0], string[0])


def is_done(message) -> bool:
    """True when the text has its Indonesian."""
    strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    return bool(strings) and all(strings) and not message.fuzzy


def compile_catalogue() -> None:
    """Write the one compiled catalogue from all .po files."""
    whole = Catalog(locale="id", charset="utf-8", fuzzy=False)
    for path in sorted(FOLDER.glob("*.po")):
        for message in written(path.stem):
            if message.id and is_done(message):
                whole.add(message.id, message.string, context=message.context)
    COMPILED.parent.mkdir(parents=True, exist_ok=True)
    part = COMPILED.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as file:
        write_mo(file, whole)
    part.replace(COMPILED)


def compile_if_stale() -> None:
    newest = max((path.stat().st_mtime for path in FOLDER.glob("*.po")), default=0)
    if not COMPILED.is_file() or COMPILED.stat().st_mtime < newest:
        compile_catalogue()
