"""Everything an import may say can be said, in both languages."""

import re
from pathlib import Path

from portal.library import remarks
from portal.library.plan import Remark

SOURCES = Path(__file__).parents[2] / "portal" / "library"
CODE = re.compile(
    r"(?:remark\([^)]*?,|say\(|Unreadable\(|append\(\(|drop\(|return|said \+= \[\(|= |\{\s*\()"
    r"\s*\"([a-z]+(?:-[a-z]+)+|conflict|damaged|empty|encoding|locked|bomb|liquid|refused|kramdown|unused)\""
)


def test_every_code_has_its_sentence(portal):
    used = {
        code
        for path in SOURCES.glob("*.py")
        if path.name not in ("remarks.py", "compare.py")
        for code in CODE.findall(path.read_text())
    }
    assert len(used) > 20
    assert used - set(remarks.TEXTS) == set()
    assert set(remarks.TEXTS) >= remarks.GRAVE


def test_a_remark_is_a_sentence_in_the_readers_language(portal):
    remark = Remark("a.md", "broken-link", "50%(detail)s <x>")
    with portal.test_request_context(headers={"Accept-Language": "en"}):
        assert remarks.sentence(remark) == "A link leads nowhere: 50%(detail)s <x>"
    with portal.test_request_context(headers={"Accept-Language": "id"}):
        assert remarks.sentence(remark) == "Tautan tidak mengarah ke mana pun: 50%(detail)s <x>"


def test_the_command_imports_and_reports(portal, world):
    folder = Path(__file__).with_name("folders") / "own"
    run = portal.test_cli_runner()
    words = ["import-course", str(folder), "--organisation", "BKPSDM Kota Malang"]
    first = run.invoke(args=words)
    assert first.exit_code == 0, first.output
    assert "new        lesson     01-dasar/01-pembuka.md" in first.output
    assert "01-dasar/01-pembuka.md: " in first.output
    again = run.invoke(args=words)
    assert again.output.splitlines()[-1] == "Kursus contoh (CONTOH): 10 same."
    missing = run.invoke(
        args=["import-course", "/tidak/ada", "--organisation", "BKPSDM Kota Malang"]
    )
    assert missing.exit_code == 1
