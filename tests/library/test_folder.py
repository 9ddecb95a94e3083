"""Folders of Markdown read as plans: our own format, and what other people's courses look like."""

from decimal import Decimal
from pathlib import Path

import pytest

from portal.library.folder import read_folder
from portal.library.plan import Plan
from portal.library.sources import Folder
from portal.markdown import lesson as parsed

FOLDERS = Path(__file__).with_name("folders")


def read(name: str) -> Plan:
    return read_folder(Folder(FOLDERS / name))


def made(tmp_path, **texts: str) -> Plan:
    for name, text in texts.items():
        path = tmp_path / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".md").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_folder(Folder(tmp_path))


def outline(plan: Plan) -> dict[str, list[tuple[str, str]]]:
    return {
        module.title: [(lesson.path, lesson.title) for lesson in module.lessons]
        for module in plan.modules
    }


def said(plan: Plan) -> list[tuple[str, str, str]]:
    return [(remark.path, remark.code, remark.detail) for remark in plan.remarks]


def test_our_own_format():
    plan = read("own")
    assert (plan.code, plan.title, plan.language) == ("CONTOH", "Kursus contoh", "id")
    assert outline(plan) == {
        "Dasar": [("01-dasar/01-pembuka.md", "Pembuka")],
        "Lanjut": [
            ("02-lanjut/01-tanpa-kepala.md", "Judul dari teks"),
            ("02-lanjut/02-kunci-asing.md", "Kunci asing"),
        ],
    }
    first = plan.modules[0]
    assert (first.agenda, first.opens_after_days, first.requires_previous, first.body) == (
        "Agenda 1: Dasar", 3, True, "Ringkasan modul.",
    )  # fmt: skip
    assert plan.lessons[0].minutes == 20
    assert plan.lessons[0].files == ("01-dasar/gambar/lembar.csv",)
    assert plan.lessons[1].body.startswith("Isi pendek.")
    assert {path: file.is_picture for path, file in plan.files.items()} == {
        "01-dasar/gambar/alur.svg": True,
        "01-dasar/gambar/lembar.csv": False,
    }
    assert said(plan) == [
        ("02-lanjut/02-kunci-asing.md", "unknown-key", "judul"),
        ("02-lanjut/02-kunci-asing.md", "wrong-value", "minutes: banyak"),
        ("01-dasar/01-pembuka.md", "broken-link", "hilang.md"),
    ]


def test_an_assignment_with_its_rubric():
    plan = read("own")
    (assignment,) = plan.assignments
    assert (assignment.title, assignment.module, assignment.rubric) == (
        "Rencana", "01-dasar", "rencana",
    )  # fmt: skip
    assert (assignment.opens, assignment.due, assignment.closes) == (0, 14, 21)
    assert assignment.weight == Decimal(40)
    assert (assignment.file_types, assignment.mark) == (("pdf", "docx"), ("coach",))
    (rubric,) = plan.rubrics
    assert [(one.title, one.weight) for one in rubric.criteria] == [
        ("Kejelasan", Decimal(60)),
        ("Waktu", Decimal(40)),
    ]
    assert [(one.lowest, one.highest) for one in rubric.criteria[0].levels] == [
        (Decimal("70.01"), Decimal(100)),
        (Decimal(0), Decimal(70)),
    ]
    assert rubric.criteria[1].levels[0].lowest == rubric.criteria[1].levels[0].highest == 100


def test_a_carpentries_lesson():
    plan = read("episodes")
    assert outline(plan) == {
        "Episodes": [("episodes/01-intro.md", "Files")],
        "Learners": [("learners/reference.md", "Glossary"), ("learners/setup.md", "Setup")],
    }
    assert plan.lessons[0].minutes == 15
    assert plan.lessons[2].files == ("data/names.csv",)
    html = str(parsed(plan.lessons[0].body).html())
    assert html.count("box-challenge") == html.count("<summary>Solution</summary>") == 1
    assert "Do not show" not in html
    assert ":::" not in html.replace("# ::: not a div", "")
    assert "A tree of folders" in html
    assert said(plan) == [
        ("instructors/notes.md", "left-out", ""),
        ("LICENSE.md", "left-out", ""),
    ]


def test_a_readme_in_each_folder_with_html_and_an_unfinished_merge():
    plan = read("readmes")
    assert outline(plan) == {
        "Dasar pemrograman": [
            ("2-tipe-data/README.md", "Tipe data"),
            ("10-fungsi/README.md", "Fungsi"),
        ]
    }
    assert plan.lessons[0].files == ("2-tipe-data/tipe.py",)
    assert [one.title for one in plan.assignments] == ["Latihan tipe data"]
    html = str(parsed(plan.lessons[0].body).html())
    assert "&lt;" not in html
    assert '<h2 id="t-1">Isi</h2>' in html
    assert '<a href="#t-3">' in html
    assert "<br>" in html
    assert "<td>a|b</td>" in html
    assert "<summary>Jawaban</summary>" in html
    assert [one.address for one in parsed(plan.lessons[0].body).references] == [
        "../10-fungsi",
        "images/tipe.png",
    ]
    assert said(plan) == [
        ("2-tipe-data/README.md", "conflict", ""),
        ("2-tipe-data/README.md", "html-dropped", "<script>alert(1)</script>"),
        ("README.md", "broken-link", "11-kelas"),
    ]


def test_a_jekyll_lesson():
    plan = read("jekyll")
    (lesson,) = plan.lessons
    html = str(parsed(lesson.body).html())
    assert html.count("box-challenge") == 1
    assert "<summary>Answer</summary>" in html
    assert "<code>{{ kept }}</code>" in html
    assert "{:" not in html
    assert list(plan.files) == ["fig/loop.png"]
    assert {remark.code for remark in plan.remarks} == {
        "liquid", "liquid-left", "kramdown", "broken-link",
    }  # fmt: skip


def test_front_matter_that_cannot_be_read_is_left_out_and_said(tmp_path):
    plan = made(
        tmp_path, m__a="---\ntitle: [\n---\nIsi", m__b="---\n- a\n---\nIsi", m__c="---\nIsi"
    )
    assert outline(plan) == {
        "M": [("m/a.md", "A"), ("m/b.md", "B"), ("m/c.md", "C")],
    }
    assert said(plan) == [("m/a.md", "front-matter", ""), ("m/b.md", "front-matter", "")]


def test_texts_of_old_encodings_are_read_and_said(tmp_path):
    plan = made(
        tmp_path,
        m__a="é".encode("cp1252"),
        m__b="é".encode("utf-16"),
        m__c=b"\xef\xbb\xbf# \xc3\xa9\nx",
    )
    assert [(one.title, one.body) for one in plan.lessons] == [("A", "é"), ("B", "é"), ("é", "x")]
    assert said(plan) == [("m/a.md", "encoding", "")]


def test_what_is_empty_or_too_large_is_said(tmp_path):
    plan = made(tmp_path, m__a="", m__b="x" * 400_001, m__c="Isi")
    assert [one.path for one in plan.lessons] == ["m/c.md"]
    assert said(plan) == [("m/a.md", "empty", ""), ("m/b.md", "too-large", "")]


def test_an_empty_folder_is_said(tmp_path):
    assert said(read_folder(Folder(tmp_path))) == [("", "nothing-to-read", "")]


def test_links_that_lead_out_of_the_folder_are_not_followed(tmp_path):
    (tmp_path / "rahasia.md").write_text("# Rahasia")
    course = tmp_path / "course"
    (course / "m").mkdir(parents=True)
    (course / "m" / "a.md").write_text("Isi [x](../../rahasia.md)")
    (course / "m" / "b.md").symlink_to(tmp_path / "rahasia.md")
    plan = read_folder(Folder(course))
    assert [one.path for one in plan.lessons] == ["m/a.md"]
    assert said(plan) == [("m/b.md", "is-link", ""), ("m/a.md", "broken-link", "../../rahasia.md")]


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ("opens: 9\ndue: 3", "opens, due, closes: 9, 3"),
        ("max_files: 900", "max_files: 900"),
        ("text: mungkin", "text: mungkin"),
        ("weight: banyak", "weight: banyak"),
        ("file_types: {a: b}", "file_types: {'a': 'b'}"),
        ("text: no\nfiles: no", "text: false, files: false"),
    ],
)
def test_a_value_that_cannot_be_is_said_and_left_out(tmp_path, values, what):
    plan = made(tmp_path, m__a="Isi", assignments__x=f"---\n{values}\n---\nTulis")
    assert said(plan) == [("assignments/x.md", "wrong-value", what)]
    assert len(plan.assignments) == 1


@pytest.mark.parametrize(
    "text",
    ["", "criteria: x", "criteria: [{title: A}]", "a: &a [*a]",
     "criteria: [{title: A, levels: [{title: B, lowest: 9, highest: 3}]}]",
     "criteria: [{title: A, levels: [{title: B, value: 1.234}]}]"],
)  # fmt: skip
def test_a_rubric_that_is_none_is_said(tmp_path, text):
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "r.yaml").write_text(text)
    plan = made(tmp_path, m__a="Isi", assignments__x="---\nrubric: r\n---\nTulis")
    assert plan.rubrics == []
    assert ("rubrics/r.yaml", "no-rubric", "") in said(plan)
    assert ("assignments/x.md", "no-such-rubric", "r") in said(plan)


def test_a_file_that_nothing_uses_is_said_and_noise_is_not(tmp_path):
    for name in ("m/sisa.py", "m/dipakai.py", "LICENSE", "readme.txt", "tests/x.py", "m/.env"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    plan = made(tmp_path, m__a="Isi [x](dipakai.py)", m__b="Isi")
    assert list(plan.files) == ["m/dipakai.py"]
    assert said(plan) == [("m/sisa.py", "unused", "")]
