"""The frame of a page: what a browser fetches besides the page's own content, compressed."""

import gzip
import re

from portal.config import ROOT

BUDGET_KILOBYTES = 60
BUDGET_REQUESTS = 8


def weights() -> list[str]:
    """The files a page names, with their compressed sizes, as lines of the report."""
    from portal import create_app

    app = create_app()
    page = app.test_client().get("/sign-in").get_data(as_text=True)
    names = sorted(set(re.findall(r'(?:href|src)="/(static/[^"#]+)', page)))
    sizes = {name: len(gzip.compress((ROOT / name).read_bytes(), 9)) for name in names}
    sizes["the page (sign-in)"] = len(gzip.compress(page.encode(), 5))
    total = sum(sizes.values())
    return [
        "## The frame, cold",
        "",
        "| file | kB compressed |",
        "|---|---|",
        *(f"| {name} | {size / 1000:.1f} |" for name, size in sizes.items()),
        f"| all, {len(sizes)} requests | {total / 1000:.1f} |",
        "",
        f"Budget: {BUDGET_KILOBYTES} kB and {BUDGET_REQUESTS} requests.",
        "",
    ]
