"""What is read on a phone: one sees where a title ends, and where a paragraph does."""

import sqlalchemy as sa

from portal.courses.models import Lesson

LONG = "Mengenali pemangku kepentingan dan sikapnya terhadap perubahan di unit sendiri"
QUOTE = "<blockquote><p>Apa yang terjadi?</p><p>Sore sudah habis tenaga.</p></blockquote>"
GAPS = """all => {
  const boxes = all.map(one => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return range.getBoundingClientRect(); });
  return boxes.slice(1).map((box, place) => box.top - boxes[place].bottom); }"""


def test_titles_and_paragraphs_stand_apart(visit, world, scene):
    with scene() as session:
        session.execute(sa.update(Lesson).values(title=LONG, html=QUOTE))
    window = visit("participant", width=390)
    window.go(f"/cohorts/{world.here}/course")
    titles = window.page.locator(".outline-module").first.locator(".outline-lesson > a")
    assert min(titles.evaluate_all(GAPS)) >= 12
    window.go(f"/cohorts/{world.here}/lessons/{world.here_lesson_1_1}")
    assert min(window.page.locator(".prose blockquote > p").evaluate_all(GAPS)) >= 8
    assert window.too_wide() <= 0
