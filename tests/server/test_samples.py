"""The samples in deploy/ agree with the portal they are for."""

import ast
import dataclasses
import re

import pytest

from portal.config import ROOT, ConfigurationError, Settings

MEGABYTE = 1_000_000
DEPLOY = ROOT / "deploy"


@pytest.mark.parametrize(
    ("sample", "limit"),
    [("nginx.conf", r"client_max_body_size (\d+)m;"), ("Caddyfile", r"max_size (\d+)MB")],
)
def test_the_portals_own_limit_answers_first(app, sample, limit):
    [megabytes] = re.findall(limit, (DEPLOY / sample).read_text())
    assert int(megabytes) * MEGABYTE > 2 * app.config["MAX_CONTENT_LENGTH"]


def environment_of(text):
    return dict(re.findall(r"^(PORTAL_\w+)=(.*)$", text, re.MULTILINE))


def test_the_example_of_settings_starts_only_with_a_secret_of_its_own(tmp_path):
    environ = environment_of((DEPLOY / "sinau.env.example").read_text())
    environ["PORTAL_INSTANCE"] = str(tmp_path)
    with pytest.raises(ConfigurationError, match="PORTAL_SECRET_KEY"):
        Settings.read(environ)
    assert Settings.read(environ | {"PORTAL_SECRET_KEY": "5" * 64}).is_production


def test_every_setting_in_a_sample_exists():
    known = {f"PORTAL_{one.name.upper()}" for one in dataclasses.fields(Settings)}
    for sample in ("sinau.env.example", "compose.yaml", "Dockerfile", "gunicorn.conf.py"):
        named = set(re.findall(r"PORTAL_[A-Z_]+", (DEPLOY / sample).read_text()))
        assert named <= known, sample


def test_the_gunicorn_sample_is_python():
    ast.parse((DEPLOY / "gunicorn.conf.py").read_text())
