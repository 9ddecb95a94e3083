"""Small PDF and DOCX files, made on the spot."""

import io

from tests.files.made import picture, zipped

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
LOCK = (
    b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
    + b"41" * 32
    + b"> /U <"
    + b"42" * 32
    + b"> >> /ID [<00> <00>] "
)


def pdf(pages: int = 2, *, locked: bool = False, words: str = "Halaman") -> bytes:
    """A PDF whose pages say «<words> 1», «<words> 2» and so on."""
    objects, kids = [CATALOG, b"", FONT], []
    for number in range(1, pages + 1):
        stream = b"BT /F1 12 Tf 20 100 Td (%s %d) Tj ET" % (words.encode(), number)
        objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 120] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, b" ".join(kids))
    file, places = io.BytesIO(b"%PDF-1.4\n"), []
    file.seek(0, io.SEEK_END)
    for number, one in enumerate(objects, 1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    start, count = file.tell(), len(objects) + 1
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % count)
    file.writelines(b"%010d 00000 n \n" % place for place in places)
    lock = LOCK if locked else b""
    file.write(b"trailer << /Size %d /Root 1 0 R %s>>\n" % (count, lock))
    file.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return file.getvalue()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
    b'+xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document'
    b'.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document'
    b'.main+xml"/></Types>'
)
OUTSIDE = "TargetMode='External'"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
BODY = f"""<w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:a="{A}"><w:body>
<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Latar belakang</w:t></w:r></w:p>
<w:p><w:r><w:t>&lt;script&gt;alert(1)&lt;/script&gt; dan </w:t></w:r>
<w:hyperlink r:id="bad"><w:r><w:t>tautan jahat</w:t></w:r></w:hyperlink></w:p>
<w:p><w:r><w:drawing><a:blip r:embed="picture"/></w:drawing></w:r></w:p>
</w:body></w:document>"""


def docx(**more: bytes) -> bytes:
    """A document with a heading, words that look like a script, a bad link and a picture."""
    inline = (
        "<wp:inline xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessing"
        "Drawing'><a:graphic><a:graphicData><pic:pic xmlns:pic='http://schemas.openxmlformats.org/"
        "drawingml/2006/picture'><pic:blipFill><a:blip r:embed='picture'/></pic:blipFill></pic:pic>"
        "</a:graphicData></a:graphic></wp:inline>"
    )
    body = BODY.replace('<a:blip r:embed="picture"/>', inline)
    relation = "<Relationship Id='{}' Type='" + R + "/{}' Target='{}' {}/>"
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": (
                f"<Relationships xmlns='{LINKS}'>"
                + relation.format("doc", "officeDocument", "word/document.xml", "")
                + "</Relationships>"
            ).encode(),
            "word/_rels/document.xml.rels": (
                f"<Relationships xmlns='{LINKS}'>"
                + relation.format("bad", "hyperlink", "javascript:alert(1)", OUTSIDE)
                + relation.format("picture", "image", "media/one.png", "")
                + "</Relationships>"
            ).encode(),
            "word/styles.xml": (
                f"<w:styles xmlns:w='{W}'><w:style w:type='paragraph' w:styleId='Heading1'>"
                "<w:name w:val='heading 1'/></w:style></w:styles>"
            ).encode(),
            "word/document.xml": body.encode(),
            "word/media/one.png": picture(),
            **more,
        }
    )
