"""Two mentors at the same review over every path that writes it, in random turns, for the tests
that look whether anything they wrote can disappear."""

import contextvars
import json
import random
import re
import threading

import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.reviews.models import Claim, Review, ReviewSave
from portal.reviews.records import sheets_of
from portal.reviews.sheets import from_content
from portal.submissions.models import Submission
from tests.client import Inspector
from tests.reviews import scene as scenes
from tests.reviews.scene import hand_in

JSON = {"Accept": "application/json"}
FIELD = re.compile(
    r'<input(?=[^>]* type="(hidden|radio)")(?=[^>]* name="([^"]+)")(?=[^>]* value="([^"]*)")[^>]*>'
)
HIDDEN = ("csrf_token", "number", "revision", "newest", "rubric")
TURNS = 2


class Hurried(Inspector):
    """The browser without its look at the quality of each page: hundreds are opened here.
    ``known``: the token that every form of this sign-in carries."""

    def begin(self, person_id: int) -> "Hurried":
        self.sign_in(person_id)
        self.known = {"csrf_token": self.token()}
        return self

    def open(self, *args, **kwargs):
        return contextvars.Context().run(FlaskClient.open, self, *args, **kwargs)

    def send(self, address: str, fields: dict[str, str], headers=None):
        """POST with the token of the page that the fields come from."""
        return FlaskClient.post(self, address, data=fields, headers=headers)


class Hand(threading.Thread):
    """One mentor at their own client: saves, autosaves, releases, corrects or settles, from a page
    that may be old by then. ``typed`` is every text that was answered."""

    def __init__(
        self, client, world, place: str, who: str, seen: dict[str, str], seed: int, barrier
    ):
        super().__init__(name=who)
        self.client, self.world, self.place, self.who = client, world, place, who
        self.chance = random.Random(f"{seed}-{who}")
        self.seen, self.barrier = seen, barrier
        self.typed: list[str] = []
        self.released: list[str] = []
        self.answers: list[tuple[str, int]] = []
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            self.barrier.wait(30)
            for turn in range(TURNS):
                path = self.chance.choice(["save", "autosave", "autosave", "release", "release"])
                status = getattr(self, path)(f"{self.who}-{turn}-{self.chance.random()}")
                self.answers.append((path, status))
                if turn + 1 < TURNS and (status == 409 or self.chance.random() < 0.3):
                    self.look()
        except BaseException as failure:
            self.failure = failure

    def look(self) -> None:
        """Open the page anew; after a release, that of a correction."""
        self.seen |= hidden(self.client.get(f"{self.place}?correct=1").text)

    def fields(self, words: str) -> dict[str, str]:
        world, fields = self.world, dict(self.seen)
        fields |= {"feedback": words, "decision": "accepted"}
        if self.who == "coach":
            for position in (1, 2):
                criterion = getattr(world, f"here_criterion_{position}")
                level = self.chance.choice((1, 2))
                fields[f"level_{criterion}"] = str(getattr(world, f"here_level_{position}_{level}"))
                fields[f"value_{criterion}"] = "90" if level == 1 else "75"
        if self.chance.random() < 0.7:
            fields[f"remark_{world.here_criterion_1}"] = f"remark {words}"
        if self.chance.random() < 0.5:
            row = {"where": "text", "number": "1", "key": f"{self.who:_<22}"}
            fields |= {f"placed_0_{name}": value for name, value in row.items()}
            fields["placed_0_text"] = f"placed {words}"
        return fields

    def keep(self, fields: dict[str, str]) -> None:
        self.typed += [
            text
            for name, text in fields.items()
            if name.startswith(("feedback", "remark")) or name == "placed_0_text"
        ]

    def save(self, words: str) -> int:
        """By the button; after a refusal both are looked at and some of each is kept."""
        fields = self.fields(words)
        answer = self.client.send(self.place, fields)
        self.keep(fields)
        while answer.status_code == 409 and self.chance.random() < 0.8:
            choices = dict.fromkeys(re.findall(r'name="(choice_[^"]+)"', answer.text))
            fields |= hidden(answer.text) | {"settle": "1"}
            fields |= {name: self.chance.choice(("mine", "theirs")) for name in choices}
            answer = self.client.send(self.place, fields)
        return answer.status_code

    def autosave(self, words: str) -> int:
        """As the page does while somebody types, and as its key «s» does."""
        fields = self.fields(words)
        answer = self.client.send(self.place, fields, JSON)
        self.keep(fields)
        if answer.status_code == 200:
            self.seen |= {name: str(answer.json[name]) for name in ("number", "revision")}
        return answer.status_code

    def release(self, _words: str) -> int:
        """What the preview shows, somewhat later."""
        preview = self.client.get(f"{self.place}/release").text
        text = re.search(r'id="preview">.*?</section>', preview, re.DOTALL)
        answer = self.client.send(f"{self.place}/release", hidden(preview))
        if answer.status_code == 303 and text and 'name="revision"' in preview:
            self.released.append(text[0])
        return answer.status_code


def hidden(page: str) -> dict[str, str]:
    found = {name: value for kind, name, value in FIELD.findall(page) if kind == "hidden"}
    return {name: found[name] for name in HIDDEN if name in found}


def two_hands(portal, world) -> list[Hurried]:
    """Coach and supervisor, each in a browser of their own."""
    return [Hurried(portal).begin(who) for who in (world.coach, world.mentor)]


def one_round(clients, world, scene, seed: int) -> set[tuple[str, int]]:
    """Both at one new submission version; fails where a word is gone, or where what
    was released is not what was looked at. The (path, status) that occurred."""
    with scene():
        submission_id = hand_in(number=100 + seed).id
    seen = scenes.seen(revision=0, newest=100 + seed)
    place = f"/cohorts/{world.here}/submissions/{submission_id}/review"
    barrier = threading.Barrier(2)
    hands = [
        Hand(client, world, place, who, seen | client.known, seed, barrier)
        for client, who in zip(clients, ("coach", "mentor"), strict=True)
    ]
    for one in hands:
        one.start()
    for one in hands:
        one.join(120)
        assert not one.is_alive(), seed
        assert one.failure is None, (seed, one.failure)
        assert {status for _path, status in one.answers} <= {200, 303, 409, 422}, seed
    with scene() as session:
        look_back(session, submission_id, hands, seed)
        for table in (Claim, Review, Submission):  # the next round begins where this one did
            of = table.id if table is Submission else table.submission_id
            session.execute(sa.delete(table).where(of == submission_id))
    return {answer for one in hands for answer in one.answers}


def look_back(session, submission_id: int, hands: list[Hand], seed: int) -> None:
    reviews = session.scalars(
        sa.select(Review).filter_by(submission_id=submission_id).order_by(Review.number)
    ).all()
    saves = session.scalars(
        sa.select(ReviewSave)
        .where(ReviewSave.review_id.in_([one.id for one in reviews]))
        .order_by(ReviewSave.id)
    ).all()
    history = json.dumps([one.content for one in saves])
    assert [words for one in hands for words in one.typed if words not in history] == [], seed
    sheets = sheets_of(reviews)
    for review in reviews:
        taken = [one for one in saves if one.review_id == review.id and one.revision is not None]
        # Each was written upon the one before: nobody overwrote what they had not seen.
        assert [one.revision for one in taken] == list(range(1, review.revision + 1)), seed
        assert [one.based_on for one in taken] == list(range(review.revision)), seed
        assert sheets[review.id][0] == from_content(taken[-1].content), seed
    numbers = [one.number for one in reviews]
    assert numbers == list(range(1, len(reviews) + 1)), seed
    told = [one.feedback for one in reviews if one.released_at is not None]
    looked_at = [text for one in hands for text in one.released]
    assert [words for words in told if not any(words in text for text in looked_at)] == [], seed
