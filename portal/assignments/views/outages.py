"""What an outage proposes: more time, by the form for it, or none."""

from flask import abort, flash
from flask_login import current_user

from portal import clock
from portal.assignments import outages, queries, rules
from portal.assignments.forms import DismissalForm, ExtensionForm
from portal.assignments.outages import Proposal
from portal.holidays.queries import working_days_of
from portal.texts import _
from portal.web.access import ADMINISTRATOR, standing
from portal.web.formats import exact, zone
from portal.web.htmx import redirect_to
from portal.web.routes import Routes

MOST_NAMED = 5

routes = Routes("outage_dismissals", __name__, url_prefix="/cohorts/<int:cohort_id>/outages")


@routes.post("/<int:assignment_id>/dismissal", access=ADMINISTRATOR)
def create(cohort_id: int, assignment_id: int):
    """No time is given for the outages that were shown; they are not shown again."""
    schedule = queries.schedule_in(cohort_id, assignment_id) or abort(404)
    outages.decide(schedule, DismissalForm().outage_ids, by=current_user.id, is_given=False)
    flash(_("The outage is not proposed again."))
    return redirect_to("extensions.index", cohort_id=cohort_id)


def proposed(cohort_id: int) -> list[tuple[Proposal, str]]:
    """What outages propose in the present cohort, each with its reason in words."""
    return [(one, reason_of(one)) for one in outages.proposals_in([cohort_id]).get(cohort_id, [])]


def reason_of(proposal: Proposal) -> str:
    """When the portal was away, of many times the newest, so that it stays a reason."""
    place = standing().organisation.zone
    return " ".join(
        _(
            "The portal was not reachable from %(begin)s to %(end)s.",
            begin=exact(one.began_at, place),
            end=exact(one.ended_at, place),
        )
        for one in reversed(proposal.outages[:MOST_NAMED])
    )


def fill(form: ExtensionForm, proposal: Proposal) -> None:
    """The form as an outage proposes it: for whom, until when and why."""
    until = rules.after_outage(
        proposal.due_at,
        proposal.ended_at,
        clock.now(),
        zone(standing().organisation.zone),
        working_days_of(standing().organisation.id),
    )
    form.people.data = [one.id for one in proposal.people]
    form.due_at.data = until.replace(tzinfo=None)
    form.outages.data = ",".join(map(str, proposal.outage_ids))
    form.reason.data = reason_of(proposal)
