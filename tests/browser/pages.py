"""Every page of the portal, as everybody who may open it: made from the reviewed access table."""

from tests.house.test_access import PEOPLE, ROWS
from tests.world import World, address_of

# One of each standing is enough: the page is the same for their likes.
VISITORS = ("visitor", "participant", "mentor", "administrator", "chief")
# Answers that are no pages.
NOT_PAGES = ("/healthz", "/readyz")


def pages(world: World, whose: int = 0) -> list[tuple[str, str]]:
    """(person, address) for every GET route that answers with a page; one person for each:
    the first of those who may open it, or with ``whose=-1`` the last."""
    found = []
    for route, cells in sorted(ROWS.items()):
        method, rule = route.split()
        if method != "GET" or rule in NOT_PAGES or (address := address_of(rule, world)) is None:
            continue
        welcome = [who for who in VISITORS if cells[PEOPLE.index(who)] == "ok"]
        if welcome:
            found.append((welcome[whose], address))
    return found
