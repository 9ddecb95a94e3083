"""QR codes of links, for paper and for a phone held over a screen."""

import segno
from markupsafe import Markup


def qr(link: str) -> Markup:
    """The link as an SVG picture that scales; dark on light whatever the page's colours are."""
    code = segno.make(link, micro=False, error="m")
    return Markup(  # noqa: S704 - segno's own drawing of our own address
        code.svg_inline(border=3, light="#fff", dark="#000", omitsize=True, svgclass="qr")
    )
