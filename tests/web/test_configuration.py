"""The page of settings says what the code reads, and a wrong setting stops the start."""

import re
from dataclasses import fields

import pytest

from portal.config import ROOT, ConfigurationError, Settings

ROW = re.compile(r"^\| `PORTAL_(\w+)` \| (.+?) \| (.+) \|$", re.M)


def default_of(one) -> str:
    if one.name == "instance":
        return "`instance/` beside the code"
    if isinstance(one.default, bool):
        return f"`{str(one.default).lower()}`"
    return f"`{one.default}`" if one.default != "" else "none"


def test_the_page_lists_every_setting_with_its_default():
    written = ROW.findall((ROOT / "docs" / "configuration.md").read_text())
    wanted = [(one.name.upper(), default_of(one), one.metadata["says"]) for one in fields(Settings)]
    assert written == wanted


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"PORTAL_ENV": "prod"}, "PORTAL_ENV"),
        ({"PORTAL_ENV": "production"}, "PORTAL_SECRET_KEY"),
        (
            {"PORTAL_ENV": "production", "PORTAL_SECRET_KEY": "change-me" * 8},
            "PORTAL_SECRET_KEY",
        ),
        ({"PORTAL_ENV": "production", "PORTAL_SECRET_KEY": "x" * 32}, "PORTAL_PUBLIC_URL"),
        ({"PORTAL_THREADS": "-1"}, "PORTAL_THREADS"),
        ({"PORTAL_THREADS": "0"}, "PORTAL_THREADS"),
        ({"PORTAL_LOG_LEVEL": "BANANA"}, "PORTAL_LOG_LEVEL"),
        ({"PORTAL_THREADS": "four"}, "PORTAL_THREADS"),
        ({"PORTAL_COMPRESS": "yes"}, "PORTAL_COMPRESS"),
        ({"PORTAL_PUBLIC_URL": "ftp://x"}, "PORTAL_PUBLIC_URL"),
        ({"PORTAL_DEFAULT_LANGUAGE": "fr"}, "PORTAL_DEFAULT_LANGUAGE"),
        ({"PORTAL_SMTP_URL": "smtp://x"}, "PORTAL_MAIL_FROM"),
        ({"PORTAL_SECRET_KEY_FILE": "/nowhere/at/all"}, "PORTAL_SECRET_KEY_FILE"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(tmp_path, wrong, named):
    with pytest.raises(ConfigurationError, match=named):
        Settings.read({"PORTAL_INSTANCE": str(tmp_path), **wrong})


def test_a_setting_may_stand_in_a_file(tmp_path):
    (tmp_path / "name").write_text("Belajar\n")
    found = Settings.read(
        {"PORTAL_INSTANCE": str(tmp_path), "PORTAL_NAME_FILE": str(tmp_path / "name")}
    )
    assert found.name == "Belajar"
