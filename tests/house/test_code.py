"""The habits of the house, held by reading the code."""

import ast
import re

import pytest

from portal.config import ROOT

PYTHON = sorted((ROOT / "portal").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LONGEST_FILE = 420
LONGEST_TEMPLATE = 220


def name_of(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_a_module_stays_small_enough_to_read_at_once(path):
    assert len(path.read_text().splitlines()) <= LONGEST_FILE, "split it by noun"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_stays_small_enough_to_read_at_once(path):
    assert len(path.read_text().splitlines()) <= LONGEST_TEMPLATE, "move a part to a fragment"


def calls(path, names: set[str]) -> list[str]:
    return [
        f"{node.lineno}: {node.func.attr}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
    ]


MAY_COMMIT = {"portal/web/routes.py", "portal/commands.py"}
MAY_COMMIT_FOLDERS = ("portal/jobs/", "portal/demo/")


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_only_the_unit_of_work_commits(path):
    name = name_of(path)
    if name in MAY_COMMIT or name.startswith(MAY_COMMIT_FOLDERS) or path.name == "commands.py":
        return
    found = [
        one
        for one in calls(path, {"commit"})
        if "db.session.commit" in path.read_text().splitlines()[int(one.split(":")[0]) - 1]
    ]
    assert found == [], "Routes commits; see docs/architecture.md"


@pytest.mark.parametrize(
    "path", [path for path in PYTHON if "views" in path.parts or path.stem == "views"], ids=name_of
)
def test_a_view_asks_queries_and_actions(path):
    assert calls(path, {"execute", "scalar", "scalars", "select"}) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_holds_no_style_script_or_comment_for_later(path):
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=|TODO|FIXME", text)


@pytest.mark.parametrize("path", sorted((ROOT / "templates" / "ui").glob("*.html")), ids=name_of)
def test_a_macro_is_a_function_of_its_arguments(path):
    if path.name.startswith("_"):
        return
    assert not re.search(r"\b(current_user|request)\b\.", path.read_text())
