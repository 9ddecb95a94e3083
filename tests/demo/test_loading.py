"""The demo as it is loaded: what is there, who may enter, and what a second time changes."""

import pytest

from portal.assignments.models import Assignment, Schedule
from portal.cohorts.imports import plan_for
from portal.cohorts.models import Appointment, Cohort, Enrolment, Mentorship
from portal.cohorts.roster import read_roster
from portal.courses.models import Lesson, Module
from portal.database import db
from portal.demo import loader
from portal.demo.people import PASSWORD, cast
from portal.demo.rosters import workbook
from portal.library.actions import preview
from portal.library.prepare import prepare
from portal.library.sources import Folder
from portal.people.models import Person
from portal.people.passwords import matches
from portal.people.queries import is_anybody_known, person_called
from tests.demo.conftest import TODAY, at_work, close, empty_portal


def test_the_demo_holds_what_it_promises(count):
    assert count(Cohort) == 2
    assert count(Enrolment, Enrolment.role == "participant") == 70
    assert count(Mentorship, Mentorship.ended_at.is_(None)) == 140
    assert count(Mentorship, Mentorship.stands_in_for_id.is_not(None)) == 2
    assert count(Appointment) == 3
    assert count(Person) == 129
    assert count(Module) >= 12
    assert count(Lesson) >= 24
    assert count(Assignment) >= 8
    assert count(Schedule) == 2 * count(Assignment)


@pytest.mark.parametrize("name", ["participant", "mentor", "administrator"])
def test_the_three_sign_ins_open(demo, name):
    with at_work(demo):
        assert matches(person_called(name).password_hash, PASSWORD)


def test_nobody_else_has_a_password(count):
    assert count(Person, Person.password_hash.is_not(None)) == 3


def test_importing_the_same_course_and_rosters_again_changes_nothing(demo):
    with at_work(demo):
        administrator = person_called("administrator")
        for cohort in db.session.query(Cohort).order_by(Cohort.id):
            roster = read_roster(workbook(cast(), cohort.name), "roster.xlsx", TODAY)
            plan = plan_for(cohort, roster, administrator.id)
            assert {verdict.kind for verdict in plan.verdicts} == {"same"}
        outcome = preview(prepare(Folder(loader.COURSE)), cohort.organisation_id)
        assert set(outcome.counts) == {"same"}
        assert outcome.remarks == []


def test_a_second_load_says_that_the_demo_is_here(demo):
    answer = demo.test_cli_runner().invoke(args=["demo"])
    assert answer.exit_code == 0
    assert f"here already, around {TODAY}" in answer.output


def test_a_portal_with_people_refuses_the_demo(portal):
    answer = portal.test_cli_runner().invoke(args=["demo"])
    assert answer.exit_code == 1
    assert "There are people here" in answer.output


def test_production_refuses_the_demo(database, tmp_path, monkeypatch):
    app = empty_portal(database, tmp_path)
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = type(settings)(**{**vars(settings), "env": "production"})
    for arguments in (["demo"], ["demo", "--renew"]):
        answer = app.test_cli_runner().invoke(args=arguments)
        assert answer.exit_code == 1
        assert "production" in answer.output
    with at_work(app):
        assert not is_anybody_known()
    close(app)


def test_production_does_not_serve_a_database_that_holds_the_demo(demo, monkeypatch):
    settings = demo.config["SETTINGS"]
    real = type(settings)(**{**vars(settings), "env": "production"})
    monkeypatch.setitem(demo.config, "SETTINGS", real)
    answer = demo.test_cli_runner().invoke(args=["serve"])
    assert answer.exit_code == 1
    assert "the demo is in this database" in answer.output
