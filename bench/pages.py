"""Which pages are measured: who opens them, and which links lead there from home."""

import re
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlencode, urljoin

PASSWORD = "sinau-demo"


@dataclass(frozen=True)
class Page:
    """A page of the demo. ``way`` are patterns of the links to follow, one after the other."""

    name: str
    who: str
    way: tuple[str, ...] = ()
    aim: float = 1 / 3
    """At least this part of the floor's requests per second."""
    most_queries: int = 8


HOME = {"aim": 1 / 5, "most_queries": 12}

PAGES = (
    Page("home-participant", "participant", **HOME),
    Page("home-mentor", "mentor", **HOME),
    Page("home-administrator", "administrator", **HOME),
    Page("course", "participant", (r"/cohorts/\d+/course$",)),
    Page("lesson", "participant", (r"/cohorts/\d+/course$", r"/lessons/\d+$")),
    Page(
        "assignment",
        "participant",
        (r"/cohorts/\d+/assignments$", r"/assignments/\d+$"),
        most_queries=12,
    ),
    Page("queue", "mentor", (r"/reviews$",), most_queries=12),
    Page("review", "mentor", (r"/reviews$", r"/submissions/\d+/review$"), **HOME),
    Page("progress-35", "administrator", (r"/cohorts$", r"/cohorts/\d+/progress$")),
)


class Browser:
    """Just enough of one to sign in and follow links."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str, str]:
        """Status, text and place to go of the answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie, "Accept-Language": "id"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        text = answer.read().decode("utf-8")
        connection.close()
        return answer.status, text, answer.getheader("Location") or ""

    def get(self, path: str) -> str:
        status, text, _ = self.ask("GET", path)
        if status != 200:
            raise LookupError(f"{path}: {status}")
        return text

    def sign_in(self, name: str) -> None:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/sign-in"))
        assert token is not None
        form = {"csrf_token": token[1], "name": name, "password": PASSWORD, "next": "/"}
        status, _, _ = self.ask("POST", "/sign-in", urlencode(form))
        if status != 303:
            raise LookupError(f"{name} cannot sign in: {status}")

    def follow(self, way: tuple[str, ...]) -> str:
        """The path that the links lead to, from home."""
        path = "/"
        for pattern in way:
            links = re.findall(r'href="([^"#]+)', self.get(path))
            found = [unescape(link) for link in links if re.search(pattern, unescape(link))]
            if not found:
                raise LookupError(f"no link like {pattern} on {path}")
            path = urljoin(path, found[0])
        return path
