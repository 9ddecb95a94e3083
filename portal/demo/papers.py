"""Small real files that participants attach: the same words give the same bytes."""

import io
import textwrap
import zipfile
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import xlsxwriter
from PIL import Image, ImageDraw

from portal.demo.projects import Project

MADE = datetime(2026, 1, 5, 8, 0, tzinfo=UTC).replace(tzinfo=None)
STAMP = (2026, 1, 5, 8, 0, 0)
LINES = 48


def plain(text: str) -> list[tuple[str, bool]]:
    """Markdown as lines for paper: (line, whether it is a heading)."""
    lines: list[tuple[str, bool]] = []
    for line in text.splitlines():
        is_heading = line.startswith("#")
        words = line.lstrip("# ").replace("**", "").strip()
        if set(words) <= set("|- "):
            words = ""
        words = words.strip("| ").replace(" | ", " · ")
        lines += [(one, is_heading) for one in textwrap.wrap(words, 88) or [""]]
    return lines


def pdf(title: str, text: str) -> bytes:
    """A PDF of as many pages as the text needs, in Helvetica."""
    lines = plain(text)
    pages = [lines[start : start + LINES] for start in range(0, max(len(lines), 1), LINES)]
    objects = [b"", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
               b" /Encoding /WinAnsiEncoding >>",
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold"
               b" /Encoding /WinAnsiEncoding >>"]  # fmt: skip
    kids = []
    for number, page in enumerate(pages, 1):
        drawn = _drawn(title if number == 1 else "", page, f"{number} / {len(pages)}")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R /Lang (id) >>"
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _assembled(objects)


def _drawn(title: str, lines: list[tuple[str, bool]], foot: str) -> bytes:
    parts = ["BT 56 786 Td 15 TL"]
    if title:
        for line in textwrap.wrap(title, 62):
            parts.append(f"/F2 15 Tf ({_quoted(line)}) Tj T*")
        parts.append("T*")
    for line, is_heading in lines:
        parts.append(f"{'/F2 12 Tf' if is_heading else '/F1 10.5 Tf'} ({_quoted(line)}) Tj T*")
    parts.append(f"ET BT 280 36 Td /F1 9 Tf ({foot}) Tj ET")
    return "\n".join(parts).encode("cp1252", "replace")


def _quoted(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _assembled(objects: list[bytes]) -> bytes:
    """A PDF file with a cross-reference table of these objects."""
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default
 Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override
 PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.\
wordprocessingml.document.main+xml"/></Types>"""
RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship
 Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
 Target="word/document.xml"/></Relationships>"""
DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}\
</w:body></w:document>"""


def docx(title: str, text: str) -> bytes:
    """A Word document of the text, a paragraph for each line."""
    paragraphs = [_paragraph(title, is_bold=True)]
    for block in text.splitlines():
        for line, is_heading in plain(block):
            if line:
                paragraphs.append(_paragraph(line, is_bold=is_heading))
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", RELATIONS),
            ("word/document.xml", DOCUMENT.format("".join(paragraphs))),
        ):
            archive.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)
    return memory.getvalue()


def _paragraph(line: str, *, is_bold: bool) -> str:
    bold = "<w:rPr><w:b/></w:rPr>" if is_bold else ""
    return f'<w:p><w:r>{bold}<w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'


def xlsx(project: Project) -> bytes:
    """A sheet of waiting times: cases, what went wrong, and the stages of the plan."""
    numbers = project.numbers
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    book.set_properties({"title": "Lembar hitungan", "created": MADE})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Hitungan")
    sheet.write_row(
        0, 0, ["Kejadian", "Waktu kerja (menit)", "Waktu tunggu (menit)", "Kembali"], bold
    )
    for case in range(1, numbers["n"] + 1):
        is_back = case * numbers["g"] % numbers["n"] < numbers["g"]
        sheet.write_row(
            case, 0, [case, 6 + case % 5, 40 + case * 7 % 90, "ya" if is_back else "tidak"]
        )
    sheet.set_column(0, 3, 22)
    plan = book.add_worksheet("Tahapan")
    plan.write_row(0, 0, ["Tahap", "Penanggung jawab", "Waktu", "Bukti"], bold)
    for place, stage in enumerate(project.stages, 1):
        plan.write_row(place, 0, stage)
    plan.set_column(0, 3, 34)
    book.close()
    return memory.getvalue()


INK, PALE, STRONG = (31, 41, 51), (203, 213, 220), (31, 111, 120)


def png(project: Project) -> bytes:
    """A chart of three bars: cases, those that went wrong, and how many may at the end."""
    numbers = project.numbers
    image = Image.new("RGB", (720, 400), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.text((40, 24), "Kejadian yang dihitung", fill=INK, font_size=24)
    bars = (("Diperiksa", "n", PALE), ("Gagal sekarang", "g", STRONG), ("Sasaran", "t", STRONG))
    for place, (label, key, colour) in enumerate(bars):
        left = 70 + place * 210
        top = 330 - round(numbers[key] / numbers["n"] * 230)
        draw.rectangle((left, top, left + 130, 330), fill=colour)
        draw.text((left, 342), label, fill=INK, font_size=20)
        draw.text((left + 50, top - 28), str(numbers[key]), fill=INK, font_size=22)
    draw.line((40, 331, 690, 331), fill=INK, width=2)
    memory = io.BytesIO()
    image.save(memory, "PNG")
    return memory.getvalue()
