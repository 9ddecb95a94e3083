"""Courses written in the browser by an administrator."""

import io
import re
from decimal import Decimal
from html import unescape

import pytest
import sqlalchemy as sa

from portal.assignments.models import Assignment, AssignmentCapacity
from portal.courses.models import Course, CourseFile, Lesson, Module
from portal.journal.models import JournalEntry
from portal.rubrics.models import Criterion, Level, Rubric, RubricVersion
from tests.files import made


@pytest.fixture
def administrator(sign_in, world):
    client = sign_in("administrator")
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.place = f"/organisations/{world.organisation}"
    client.course = f"{client.place}/courses/{world.here_course}"
    return client


def words(response) -> str:
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.get_data(as_text=True), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def fields(response) -> dict[str, str]:
    """A form's values as a browser would send them."""
    html = response.get_data(as_text=True)
    form = next(one for one in re.findall(r"<form.*?</form>", html, re.S) if 'class="form"' in one)
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found.setdefault(name[1], [])
            found[name[1]].append(unescape(value[1]) if value else "")
    for name, content in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S
    ):
        found[name] = [unescape(content).strip("\r\n")]
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        first = re.search(r'<option value="([^"]*)"', options)
        found[name] = [(chosen or first)[1]]
    found.pop("csrf_token", None)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def test_the_list_shows_the_courses_of_the_organisations_one_administers(administrator):
    page = words(administrator.get("/courses"))
    assert "Pelatihan PKP PKP-here" in page
    assert "2 modules" in page
    assert "3 lessons" in page


def test_a_course_is_made_from_nothing(administrator, scene, world):
    answer = administrator.post(
        f"{administrator.place}/courses",
        data={"title": "Kursus baru", "code": "BARU", "language": "id", "description": "Tentang."},
    )
    assert answer.status_code == 303
    course = answer.headers["Location"]
    module = administrator.post(
        f"{course}/modules", data={"title": "Dasar", "opens_after_days": "3"}
    )
    number = module.headers["Location"].rsplit("-", 1)[1]
    lesson = administrator.post(
        f"{course}/modules/{number}/lessons",
        data={"title": "Mulai di sini", "minutes": "5", "body": "## Isi\n\n<b>teks</b>"},
    )
    page = administrator.get(lesson.headers["Location"])
    assert "&lt;b&gt;teks&lt;/b&gt;" in page.text
    second = administrator.post(
        f"{course}/modules/{number}/lessons",
        data={"title": "Lanjut", "minutes": "0", "body": "[awal](mulai-di-sini.md#isi)"},
    )
    shown = administrator.get(second.headers["Location"]).text
    assert f'href="{lesson.headers["Location"]}#t-isi"' in shown
    with scene() as session:
        paths = session.scalars(
            sa.select(Lesson.source_path)
            .join(Module)
            .join(Course)
            .where(Course.code == "BARU")
            .order_by(Lesson.position)
        ).all()
        verbs = session.scalars(sa.select(JournalEntry.verb).order_by(JournalEntry.id)).all()
    assert paths == ["dasar/mulai-di-sini.md", "dasar/lanjut.md"]
    assert verbs[-4:] == ["course.create", "module.create", "lesson.create", "lesson.create"]


def test_a_code_that_is_taken_is_refused_with_everything_typed(administrator):
    answer = administrator.post(
        f"{administrator.place}/courses",
        data={"title": "Lain", "code": "PKP-here", "language": "id", "description": "Ketikan saya"},
    )
    assert answer.status_code == 422
    assert "Another course of this organisation has this code." in words(answer)
    assert "Ketikan saya" in answer.text


@pytest.mark.parametrize("part", ["course", "module", "lesson", "assignment"])
def test_every_part_can_be_edited_and_comes_back_as_written(administrator, world, part):
    address = {
        "course": f"{administrator.course}/edit",
        "module": f"{administrator.course}/modules/{world.here_module_1}/edit",
        "lesson": f"{administrator.course}/lessons/{world.here_lesson_1_1}/edit",
        "assignment": f"{administrator.course}/assignments/{world.here_essay}/edit",
    }[part]
    values = fields(administrator.get(address))
    values["title"] = "Judul “baru” <i>"
    answer = administrator.post(address.removesuffix("/edit"), data=values)
    assert answer.status_code == 303
    after = fields(administrator.get(address))
    assert int(after.pop("revision")) == int(values.pop("revision")) + 1
    assert after == values


@pytest.mark.parametrize("part", ["course", "module", "lesson", "assignment"])
def test_two_administrators_never_wipe_each_other(administrator, world, part):
    address = {
        "course": f"{administrator.course}/edit",
        "module": f"{administrator.course}/modules/{world.here_module_1}/edit",
        "lesson": f"{administrator.course}/lessons/{world.here_lesson_1_1}/edit",
        "assignment": f"{administrator.course}/assignments/{world.here_essay}/edit",
    }[part]
    values = fields(administrator.get(address))
    save = address.removesuffix("/edit")
    assert administrator.post(save, data={**values, "title": "Punya mereka"}).status_code == 303
    answer = administrator.post(save, data={**values, "title": "Punya saya"})
    assert answer.status_code == 409
    page = words(answer)
    assert "Somebody changed this while you were writing" in page
    assert "Theirs now: Title Punya mereka" in page
    mine = fields(answer)
    assert mine["title"] == "Punya saya"
    assert administrator.post(save, data=mine).status_code == 303
    assert fields(administrator.get(address))["title"] == "Punya saya"


def test_saving_without_a_change_changes_nothing(administrator, world, scene):
    address = f"{administrator.course}/lessons/{world.here_lesson_1_1}"
    values = fields(administrator.get(f"{address}/edit"))
    assert administrator.post(address, data=values).status_code == 303
    with scene() as session:
        lesson = session.get(Lesson, world.here_lesson_1_1)
        assert (lesson.revision, lesson.edited_at) == (1, None)


def test_a_bad_form_keeps_everything_typed(administrator, world):
    address = f"{administrator.course}/lessons/{world.here_lesson_1_1}"
    answer = administrator.post(
        address, data={"revision": "1", "title": "", "minutes": "x", "body": "Ketikan saya"}
    )
    assert answer.status_code == 422
    assert "Ketikan saya" in answer.text


def test_lessons_move_and_hide_by_plain_buttons(administrator, world, scene):
    def act(part: str, what: str):
        answer = administrator.post(
            f"{administrator.course}/arrangements", data={"part": part, "act": what}
        )
        assert answer.status_code == 303

    act(f"lesson-{world.here_lesson_1_2}", "up")
    act(f"module-{world.here_module_2}", "up")
    act(f"assignment-{world.here_report}", "up")
    act(f"lesson-{world.here_lesson_1_2}", "up")
    act(f"lesson-{world.here_lesson_2_1}", "hide")
    with scene() as session:
        order = sa.select(Lesson.id).where(Lesson.module_id == world.here_module_1)
        assert session.scalars(order.order_by(Lesson.position)).all() == [
            world.here_lesson_1_2, world.here_lesson_1_1,
        ]  # fmt: skip
        modules = sa.select(Module.id).where(Module.course_id == world.here_course)
        assert session.scalars(modules.order_by(Module.position)).all() == [
            world.here_module_2, world.here_module_1,
        ]  # fmt: skip
        assert session.get(Lesson, world.here_lesson_2_1).hidden_at is not None
    assert "Hidden" in words(administrator.get(administrator.course))
    act(f"lesson-{world.here_lesson_2_1}", "show")
    with scene() as session:
        assert session.get(Lesson, world.here_lesson_2_1).hidden_at is None


def test_a_new_assignment_with_its_reviewers(administrator, world, scene):
    values = fields(administrator.get(f"{administrator.course}/assignments/new"))
    with scene() as session:
        supervisor, coach = session.scalars(
            sa.select(AssignmentCapacity.capacity_id)
            .where(AssignmentCapacity.assignment_id == world.here_essay)
            .order_by(AssignmentCapacity.capacity_id)
        ).all()
    values |= {
        "title": "Baru",
        "brief": "Tulislah **ini**.",
        "rubric_id": str(world.here_rubric),
        "review": [str(supervisor)],
        "mark": [str(coach)],
    }
    answer = administrator.post(f"{administrator.course}/assignments", data=values)
    assert answer.status_code == 303
    page = administrator.get(answer.headers["Location"])
    assert "Tulislah <strong>ini</strong>." in page.text
    assert "Kriteria 1" in page.text
    with scene() as session:
        made_here = session.scalar(sa.select(Assignment).where(Assignment.title == "Baru"))
        marks = session.execute(
            sa.select(AssignmentCapacity.capacity_id, AssignmentCapacity.may_mark)
            .where(AssignmentCapacity.assignment_id == made_here.id)
            .order_by(AssignmentCapacity.capacity_id)
        ).all()
    assert marks == [(supervisor, False), (coach, True)]
    wrong = administrator.post(
        f"{administrator.course}/assignments", data={**values, "due_offset": "-5"}
    )
    assert wrong.status_code == 422


def test_a_rubric_in_use_is_never_changed_a_change_is_a_new_version(administrator, world, scene):
    address = f"{administrator.course}/rubrics/{world.here_rubric}"
    values = fields(administrator.get(f"{address}/edit"))
    assert values["criteria-0-levels-0-lowest"] == "80.01"
    assert administrator.post(address, data=values).status_code == 303
    assert (
        administrator.post(address, data={**values, "criteria-0-title": "Lebih jelas"}).status_code
        == 303
    )
    with scene() as session:
        titles = session.execute(
            sa.select(RubricVersion.number, Criterion.title)
            .join(RubricVersion.criteria)
            .where(RubricVersion.rubric_id == world.here_rubric)
            .order_by(RubricVersion.number, Criterion.position)
        ).all()
    assert titles == [(1, "Kriteria 1"), (1, "Kriteria 2"), (2, "Lebih jelas"), (2, "Kriteria 2")]
    late = administrator.post(address, data={**values, "criteria-0-title": "Terlambat"})
    assert late.status_code == 409
    assert "Lebih jelas" in words(late)
    assert "Terlambat" in late.text


def test_a_comma_is_shown_by_any_browser(administrator, world):
    """A number field of a browser shows a comma as nothing, and sends nothing back."""
    address = f"{administrator.course}/rubrics/{world.here_rubric}/edit"
    page = administrator.get(address, headers={"Accept-Language": "id"})
    tags = re.findall(r"<input[^>]*-(?:weight|lowest|highest)\"[^>]*>", page.text)
    assert any('value="80,01"' in tag for tag in tags)
    assert all('type="text"' in tag and 'inputmode="decimal"' in tag for tag in tags)


def test_what_is_wrong_in_a_rubric_leads_to_its_field(administrator, world):
    address = f"{administrator.course}/rubrics/{world.here_rubric}"
    form = fields(administrator.get(f"{address}/edit")) | {"criteria-0-weight": "abc"}
    answer = administrator.post(address, data=form)
    assert answer.status_code == 422
    summary = answer.text.split('id="error-summary"')[1].split("</div>")[0]
    assert 'href="#criteria-0-weight"' in summary
    assert "Criterion 1, Weight: Type a number." in summary
    assert "{" not in summary


def test_a_rubric_is_written_row_by_row_without_scripts(administrator, world, scene):
    form = fields(administrator.get(f"{administrator.course}/rubrics/new"))
    more = administrator.post(
        f"{administrator.course}/rubrics", data={**form, "title": "R", "more": "1"}
    )
    assert more.status_code == 200
    form = fields(more)
    assert "criteria-2-levels-0-title" in form
    form |= {
        "criteria-0-title": "Isi",
        "criteria-0-weight": "100",
        "criteria-0-levels-0-title": "Baik",
        "criteria-0-levels-0-lowest": "90",
    }
    wrong = administrator.post(
        f"{administrator.course}/rubrics", data={**form, "criteria-0-weight": "90"}
    )
    assert wrong.status_code == 422
    assert "The weights sum to 90" in words(wrong)
    form["criteria-0-levels-0-lowest"] = "90,5"
    assert administrator.post(f"{administrator.course}/rubrics", data=form).status_code == 303
    with scene() as session:
        rubric = session.scalar(sa.select(Rubric).where(Rubric.title == "R"))
        assert rubric.key == "r"
        assert session.scalars(
            sa.select(Level.lowest)
            .join(Criterion)
            .join(RubricVersion)
            .where(RubricVersion.rubric_id == rubric.id)
        ).all() == [Decimal("90.5")]


def test_a_picture_is_added_and_shown_in_a_lesson(administrator, world, scene):
    picture = (io.BytesIO(made.picture(size=(1000, 500))), "alur baru.png")
    answer = administrator.post(
        f"{administrator.course}/files", data={"file": picture}, content_type="multipart/form-data"
    )
    assert answer.status_code == 303
    preview = administrator.post(
        f"{administrator.course}/previews", data={"text": "![Alur](</files/alur baru.png>)"}
    )
    assert preview.mimetype == "text/plain"
    address = re.search(r'src="([^"]+)"', preview.text)[1].replace("&amp;", "&")
    shown = administrator.get(address)
    assert shown.mimetype == "image/webp"
    shown.close()
    evil = (io.BytesIO(b"<html><script>"), "alur.png")
    refused = administrator.post(
        f"{administrator.course}/files", data={"file": evil}, content_type="multipart/form-data"
    )
    assert refused.status_code == 422
    asked = {"Accept": "application/json"}
    for content, status in ((made.picture(), 200), (b"<html><script>", 422)):
        told = administrator.post(
            f"{administrator.course}/files",
            data={"file": (io.BytesIO(content), "satu.png")},
            content_type="multipart/form-data",
            headers=asked,
        )
        assert (told.status_code, list(told.json)) == (
            status,
            ["url" if status == 200 else "error"],
        )
    with scene() as session:
        paths = session.scalars(
            sa.select(CourseFile.path)
            .where(CourseFile.path.like("files/%"))
            .order_by(CourseFile.path)
        )
        assert paths.all() == ["files/alur baru.png", "files/satu.png"]


def test_a_course_of_another_organisation_is_copied_whole_by_who_administers_both(
    administrator, world, scene, sign_in
):
    place = f"{administrator.place}/course-copies"
    fields = {"course": str(world.elsewhere_course)}
    with scene() as session:
        before = session.scalar(sa.select(sa.func.count(Course.id)))
    assert administrator.post(place, data=fields).location == "/courses"
    with scene() as session:
        assert session.scalar(sa.select(sa.func.count(Course.id))) == before
    answer = sign_in("chief").post(place, data=fields)
    assert answer.status_code == 303
    number = int(answer.headers["Location"].rsplit("/", 1)[1])
    with scene() as session:
        course = session.get(Course, number)
        assert (course.organisation_id, course.code, course.copied_from_id) == (
            world.organisation, "PKP-elsewhere", world.elsewhere_course,
        )  # fmt: skip

        def counts(course_id: int) -> list[int]:
            return [
                session.scalar(
                    sa.select(sa.func.count()).select_from(one).where(one.course_id == course_id)
                )
                for one in (Module, Assignment, Rubric, CourseFile)
            ] + [
                session.scalar(
                    sa.select(sa.func.count(Lesson.id))
                    .join(Module)
                    .where(Module.course_id == course_id)
                )
            ]

        assert counts(number) == counts(world.elsewhere_course)
    assert administrator.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("count", [1, 3, 35, 350])
def test_the_number_of_queries_does_not_grow(administrator, world, scene, queries, count):
    with scene() as session:
        for number in range(count):
            module = Module(course_id=world.here_course, position=10 + number, title=f"M{number}")
            session.add(module)
            session.flush()
            session.add(Lesson(module_id=module.id, position=1, title=f"L{number}", body="x"))
            session.add(
                Course(
                    organisation_id=world.organisation,
                    code=f"C{number}",
                    title=f"K{number}",
                    created_at=module_time(),
                )
            )
    with queries() as seen:
        assert administrator.get(administrator.course).status_code == 200
    assert len(seen) == 10
    with queries() as seen:
        assert administrator.get("/courses").status_code == 200
    assert len(seen) == 4


def module_time():
    from portal import clock

    return clock.now()


@pytest.mark.parametrize("weight", ["NaN", "1e400", "-1", "1.234", "99999999999999999999", "x"])
def test_a_number_that_is_none_is_refused_with_what_was_typed(administrator, weight):
    form = fields(administrator.get(f"{administrator.course}/rubrics/new"))
    form |= {"title": "R", "criteria-0-title": "Isi", "criteria-0-weight": weight}
    answer = administrator.post(f"{administrator.course}/rubrics", data=form)
    assert answer.status_code == 422
    assert fields(answer)["criteria-0-weight"] == weight


def test_a_preview_reads_links_from_where_the_text_lies(administrator, world, scene):
    with scene() as session:
        for module, place in ((world.here_module_1, "satu"), (world.here_module_2, "dua")):
            session.get(Module, module).source_path = place
            session.add(
                Lesson(
                    module_id=module,
                    position=9,
                    title=place,
                    body="x",
                    source_path=f"{place}/sama.md",
                    edited_at=module_time(),
                )
            )
    with scene() as session:
        ids = dict(
            session.execute(
                sa.select(Lesson.source_path, Lesson.id).where(Lesson.source_path.like("%/sama.md"))
            ).all()
        )
    for place in ("satu", "dua"):
        answer = administrator.post(
            f"{administrator.course}/previews?path={place}/lain.md", data={"text": "[x](sama.md)"}
        )
        assert f'/lessons/{ids[f"{place}/sama.md"]}"' in answer.text
