"""A cohort in pictures: the numbers behind them, their tables, and what they cost."""

import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.cohorts.actions import enrol
from portal.cohorts.models import Cohort, Enrolment
from portal.people.models import Person
from portal.progress import pictures
from portal.reviews.models import Review
from portal.submissions.models import Submission

DAYS = st.lists(st.floats(-90, 90), max_size=40)


@given(DAYS, DAYS)
def test_curves_climb_from_hand_in_to_hand_in_and_end_at_what_was_handed_in(here, there):
    found = pictures.curves_of([("here", here, 40, 90), ("there", there, 40, 90)])
    if not here and not there:
        assert found is None
        return
    for line, own in zip(found.lines, (here, there), strict=True):
        assert line.shares == sorted(line.shares)
        assert line.shares[-1] == round(100 * len(own) / 40)
        assert len(line.points.split()) == len(found.days)
    assert 0 < found.deadline_x < pictures.WIDTH


@given(DAYS.filter(bool), st.floats(0, 200))
def test_a_curve_goes_no_further_than_the_present(days, since_the_last):
    now = max(days) + since_the_last
    [line] = pictures.curves_of([("here", days, 40, now)]).lines
    assert line.now == round(100 * len(days) / 40)
    places = [float(point.partition(",")[0]) for point in line.points.split()]
    assert places == sorted(places)
    assert all(0 <= place <= pictures.WIDTH for place in places)
    [empty] = pictures.curves_of([("here", days, 40, now), ("next", [], 35, -200)]).lines[1:]
    assert not any(empty.shares)
    assert empty.now == 0


def test_a_curve_ends_between_the_days_where_the_present_is():
    [line] = pictures.curves_of([("here", [-3.5, -2.0], 4, -1.5)]).lines
    assert line.shares == [0, 25, 50]  # of the days -4, -3, -2; nothing is said of -1, 0 and 1
    assert line.points.split()[-1] == "300.0,100.0"


@given(st.dictionaries(st.integers(-3, 60), st.integers(1, 30), max_size=12))
def test_bars_hold_everything_within_the_picture(counts):
    bars = pictures.bars_of(Counter(counts))
    assert sum(bar.count for bar in bars) == sum(counts.values())
    for bar in bars:
        assert 0 <= bar.x < bar.x + bar.width <= pictures.WIDTH
        assert 0 <= bar.y <= bar.y + bar.height <= pictures.HEIGHT + 0.2


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


@pytest.fixture
def page(world):
    return f"/cohorts/{world.here}/dashboard"


def row_of(text, *words):
    rows = [re.sub(r"<[^>]+>", " ", one) for one in re.findall(r"<tr>.*?</tr>", text, re.DOTALL)]
    return [one.split() for one in rows if all(word in one for word in words)]


def test_numbers_of_each_assignment_stand_in_the_table(administrator, world, page, scene):
    text = administrator.get(page).text
    [row] = row_of(text, "Esai", "Angkatan here")
    assert row == ["Esai", "Angkatan", "here", "1", "/", "2", "100%", "0", "–"]
    # Nobody is expected to have handed in what is not open.
    text = administrator.get(f"/cohorts/{world.sibling}/dashboard").text
    [row] = row_of(text, "Laporan", "Angkatan sibling")
    assert row == ["Laporan", "Angkatan", "sibling", "–", "–", "0", "–"]
    with scene() as session:
        work = session.get(Submission, world.here_submission)
        work.received_at = clock.now() - timedelta(days=3)
        for number, days in ((1, 2), (2, 0)):
            session.execute(
                sa.update(Review)
                .where(Review.submission_id == work.id, Review.released_at.is_(None))
                .values(
                    number=number,
                    decision="accepted",
                    mark=Decimal(80),
                    released_at=clock.now() - timedelta(days=days),
                    released_by_id=world.coach,
                )
            )
            if number == 1:
                now = clock.now()
                session.add(Review(submission_id=work.id, number=2, started_at=now, saved_at=now))
                session.flush()
    [row] = row_of(administrator.get(page).text, "Esai", "Angkatan here")
    assert row[3:] == ["1", "/", "2", "100%", "1", "1"]


def test_the_squares_and_their_counts_say_the_state_in_words(administrator, page):
    text = administrator.get(page).text
    picture = text.split('class="heat-map"')[1]
    assert "<title>Ratna Wulandari, Esai: menunggu umpan balik</title>" in picture
    assert "Esai: belum dikerjakan 1, menunggu umpan balik 1" in re.sub(r"\s+", " ", picture)


def test_another_cohort_of_the_course_stands_beside_and_no_other(administrator, world, page, scene):
    text = administrator.get(f"{page}?beside={world.sibling}").text
    assert row_of(text, "Esai", "Angkatan sibling")
    assert 'class="chart-line chart-line-2"' in text
    text = administrator.get(f"{page}?beside={world.elsewhere}").text
    assert "Angkatan elsewhere" not in text


def test_a_cohort_without_people_says_so(administrator, world, page, scene):
    with scene() as session:
        session.execute(sa.update(Enrolment).values(left_at=clock.now()))
    assert "Belum ada yang dapat digambar." in administrator.get(page).text


@pytest.mark.parametrize("people", [5, 35, 350])
def test_the_pictures_take_the_same_queries(administrator, world, page, scene, queries, people):
    with scene() as session:
        both = [session.get(Cohort, world.here), session.get(Cohort, world.sibling)]
        for number in range(people):
            name = f"Orang {number}"
            person = Person(name=name, sort_name=name.lower(), created_at=clock.now())
            session.add(person)
            session.flush()
            for cohort in both:
                enrol(person, cohort, "participant")
    administrator.get(page)
    with queries() as seen:
        administrator.get(f"{page}?beside={world.sibling}")
    assert len(seen) == 6
