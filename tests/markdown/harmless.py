"""What harmless HTML is, judged by reading it the way a browser's parser would."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

TAGS = {
    "p", "br", "hr", "em", "strong", "s", "sup", "sub", "code", "pre", "blockquote", "span", "ul",
    "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "div", "h2", "h3",
    "h4", "h5", "h6", "a", "img", "figure", "figcaption", "details", "summary", "section", "kbd",
}  # fmt: skip
ATTRIBUTES = {
    "href", "rel", "class", "id", "start", "scope", "tabindex", "role", "aria-label", "src", "alt",
    "srcset", "sizes", "width", "height", "loading", "decoding", "title", "download",
}  # fmt: skip
SCHEMES = {"", "http", "https", "mailto", "tel"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"tag {tag}")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.faults.append(f"attribute {name}")
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src") and not _is_harmless_address(value or ""):
                self.faults.append(f"address {value!r}")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration {decl!r}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction {data!r}")


def _is_harmless_address(address: str) -> bool:
    # A browser removes tabs and line ends, and leading blanks, before it reads the scheme.
    address = "".join(character for character in address if ord(character) > 32)
    return urlsplit(address).scheme.lower() in SCHEMES and not address.startswith("//")


def faults(html: str) -> list[str]:
    """Everything in the HTML that could run, load or deceive; [] when it is harmless."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    twice = {name for name in reader.ids if reader.ids.count(name) > 1}
    return reader.faults + [f"id {name} twice" for name in sorted(twice)]
