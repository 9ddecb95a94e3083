"""One participant's record in a cohort."""

from flask import abort

from portal import clock
from portal.assignments.queries import extensions_in
from portal.cohorts import lists
from portal.cohorts.nip import shown_nip
from portal.progress import queries
from portal.progress.words import punctuality_words, state_words, verb_words
from portal.web.access import ADMINISTRATOR, standing
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes("records", __name__, url_prefix="/cohorts/<int:cohort_id>/people")


@routes.get("/<int:person_id>/record", access=ADMINISTRATOR)
def show(cohort_id: int, person_id: int):
    cohort = standing().cohort
    enrolment = lists.enrolment_in(cohort_id, person_id)
    if enrolment is None or enrolment.role != "participant":
        abort(404)
    record = queries.record_of(cohort, person_id, clock.now())
    return page(
        "progress/record.html",
        cohort=cohort,
        enrolment=enrolment,
        person=enrolment.person,
        names=lists.sign_in_names_in(cohort_id).get(person_id, {}),
        record=record,
        mentorships=[
            one
            for one in lists.mentorships_in(cohort_id, also_ended=True)
            if one.participant_id == person_id
        ],
        extensions=[one for one in extensions_in(cohort_id) if one.person_id in (None, person_id)],
        state_words=state_words(),
        verb_words=verb_words(),
        punctuality=punctuality_words(),
        shown_nip=shown_nip,
    )
