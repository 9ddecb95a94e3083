"""Where a participant stands with one assignment: one decision for all pages. Pure."""

from dataclasses import dataclass

STEP_OF = {
    "not_open": None,
    "not_begun": None,
    "draft": "draft",
    "late": "draft",
    "closed": "draft",
    "handed_in": "handed_in",
    "in_review": "in_review",
    "revise": "feedback",
    "unrevised": "feedback",
    "accepted": "accepted",
    "exempt": None,
}
KIND_OF = {
    "not_open": "closed",
    "not_begun": "plain",
    "draft": "due",
    "late": "late",
    "closed": "closed",
    "handed_in": "waiting",
    "in_review": "waiting",
    "revise": "due",
    "unrevised": "closed",
    "accepted": "done",
    "exempt": "closed",
}


@dataclass(frozen=True)
class Stage:
    """``key`` names the sentence; ``step`` the place on the track (ui/steps.html); ``kind`` the
    state's look (ui/state.html)."""

    key: str
    has_begun: bool = True

    @property
    def step(self) -> str | None:
        return STEP_OF[self.key] if self.has_begun else None

    @property
    def kind(self) -> str:
        return KIND_OF[self.key]

    @property
    def needs_attention(self) -> bool:
        return self.key in {"late", "closed", "revise", "unrevised"}


def stage_of(
    *,
    deadline_state: str,
    has_draft: bool,
    is_handed_in: bool,
    decision: str | None = None,
    review_begun: bool = False,
    is_exempt: bool = False,
) -> Stage:
    """The stage of an assignment for one person.

    ``deadline_state`` is not_open, open, late or closed; ``decision`` is that of the newest
    released review of the newest submission version, if there is one. ``unrevised`` is what closed
    without the new version that was asked for. Who is exempt need neither hand in nor revise.
    """
    if is_exempt and (decision == "revise" or not is_handed_in):
        return Stage("exempt", has_begun=has_draft)
    if is_handed_in:
        if decision == "revise":
            return Stage("unrevised" if deadline_state == "closed" else "revise")
        if decision is not None:
            return Stage("accepted")
        return Stage("in_review" if review_begun else "handed_in")
    if deadline_state in {"not_open", "late", "closed"}:
        return Stage(deadline_state, has_begun=has_draft)
    return Stage("draft" if has_draft else "not_begun", has_begun=has_draft)
