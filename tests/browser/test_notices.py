"""Pages about notices that show something only when there is something: a browser looks at them."""

from datetime import timedelta

import pytest

from portal import clock
from portal.cohorts.announcing import announce
from portal.cohorts.models import Cohort
from portal.jobs.models import Job
from portal.notices.events import EVENTS
from portal.notices.unsubscribing import Scope, token_for


@pytest.fixture
def places(world, scene) -> list[tuple[str | None, str]]:
    """(who, address) of a failed job, an announcement that waits, and two unsubscribe pages."""
    now = clock.now()
    with scene() as session:
        session.add(
            Job(
                kind="notices.send",
                payload={"mail_id": 1},
                created_at=now,
                due_at=now,
                failed_at=now,
                tries=24,
                last_error="Traceback:\n" + "x" * 300 + "\nTimeoutError: timed out",
            )
        )
        cohort = session.get(Cohort, world.here)
        row = announce(cohort, "Libur", "Isi.", world.administrator, at=now + timedelta(days=1))
        tokens = [
            token_for(Scope(world.participant, event)) for event in (EVENTS["messages"], None)
        ]
        scheduled = f"/cohorts/{world.here}/announcements/{row.id}"
    return [
        ("chief", "/jobs"),
        ("administrator", scheduled),
        ("administrator", f"/cohorts/{world.here}/announcements"),
        ("coach", "/profile/notices"),
        *((None, f"/unsubscribe/{token}") for token in tokens),
    ]


@pytest.mark.parametrize(("width", "dark", "language"), [(320, True, "id"), (1280, False, "en")])
def test_they_are_accessible(visit, places, width, dark, language):
    faults = {}
    for who, address in places:
        window = visit(who, width=width, dark=dark, language=language)
        assert window.go(address) == 200
        window.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        found = window.axe() + window.complaints
        if wide := window.too_wide():
            found.append(f"{wide} px too wide")
        if found:
            faults[address] = found
    assert faults == {}


def test_one_unsubscribes_without_a_sign_in_and_without_scripts(visit, world, places, scene):
    window = visit(scripts=False)
    window.go(places[-2][1])
    window.page.click("main form button")
    assert "Surel seperti ini tidak akan dikirim lagi." in window.page.inner_text("main")


def test_choices_are_kept_without_scripts(visit, world):
    window = visit("coach", width=390, scripts=False)
    window.go("/profile/notices")
    window.page.select_option("[name=mail_hand_ins]", "weekly")
    window.page.uncheck("[name=shown_hand_ins]")
    window.page.click("main form .button-primary")
    assert window.page.input_value("[name=mail_hand_ins]") == "weekly"
    assert not window.page.is_checked("[name=shown_hand_ins]")
