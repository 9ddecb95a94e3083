"""Who belongs to a cohort: the list, adding one by hand, leaving, coming back, as a file."""

from flask import abort, flash
from flask_login import current_user

from portal.cohorts import lists, membership
from portal.cohorts.details import read_details
from portal.cohorts.forms import ConfirmForm, EnrolmentForm
from portal.cohorts.models import Enrolment
from portal.cohorts.nip import shown_nip
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR, standing
from portal.web.exports import Cell, spreadsheet
from portal.web.formats import day, local_today
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("enrolments", __name__, url_prefix="/cohorts/<int:cohort_id>")


@routes.get("/people", access=ADMINISTRATOR)
def index(cohort_id: int):
    people = lists.people_in(cohort_id)
    mentorships = lists.mentorships_in(cohort_id)
    mentees: dict[int, int] = {}
    for one in mentorships:
        mentees[one.mentor_id] = mentees.get(one.mentor_id, 0) + 1
    return page(
        "cohorts/enrolments.html",
        cohort=standing().cohort,
        participants=[e for e in people if e.role == "participant" and not e.left_at],
        mentors=[e for e in people if e.role == "mentor" and not e.left_at],
        left=[e for e in people if e.left_at],
        names=lists.sign_in_names_in(cohort_id),
        mentors_of=lists.by_participant(mentorships),
        mentees=mentees,
        shown_nip=shown_nip,
    )


@routes.get("/people/new", access=ADMINISTRATOR, even_closed=False)
def new(cohort_id: int):
    return _form(EnrolmentForm())


@routes.post("/people", access=ADMINISTRATOR)
def create(cohort_id: int):
    form = EnrolmentForm()
    if not form.validate():
        return _form(form, status=422)
    cohort = standing().cohort
    today = local_today(standing().organisation.zone)
    details, problems = read_details(form.cells(), today)
    wrong = next((p.text for p in problems if p.refuses), None)
    if wrong is None and not details.has_identity:
        wrong = _("Give a NIP, an e-mail address or a user name, so that they can sign in.")
    if wrong is None:
        number = str(form.list_number.data or "")
        try:
            added = membership.add_person(cohort, details, form.role.data, number, current_user.id)
        except Refused as refusal:
            wrong = str(refusal)
    if wrong is not None:
        form.refuse(wrong, _field_of(problems))
        return _form(form, status=422)
    for remark in [p.text for p in problems] + added.remarks:
        flash(remark, "warning")
    if added.is_new_here:
        flash(_("%(name)s belongs to this cohort now.", name=added.name))
    else:
        flash(_("%(name)s is here already; nothing changed.", name=added.name), "info")
    return redirect_to("enrolments.index", cohort_id=cohort_id)


@routes.get("/people/<int:person_id>/leaving", access=ADMINISTRATOR, even_closed=False)
def confirm_removal(cohort_id: int, person_id: int):
    return _confirm(_enrolment(cohort_id, person_id))


@routes.post("/people/<int:person_id>/leaving", access=ADMINISTRATOR)
def remove(cohort_id: int, person_id: int):
    enrolment = _enrolment(cohort_id, person_id)
    if not ConfirmForm().validate():
        return _confirm(enrolment, status=422)
    membership.leave(standing().cohort, enrolment, current_user.id)
    flash(_("%(name)s has left this cohort. Their work stays.", name=enrolment.person.name))
    return redirect_to("enrolments.index", cohort_id=cohort_id)


@routes.post("/people/<int:person_id>/return", access=ADMINISTRATOR, endpoint="restore")
def restore(cohort_id: int, person_id: int):
    enrolment = _enrolment(cohort_id, person_id)
    membership.come_back(standing().cohort, enrolment, current_user.id)
    flash(_("%(name)s belongs to this cohort now.", name=enrolment.person.name))
    return redirect_to("enrolments.index", cohort_id=cohort_id)


@routes.get("/roster.xlsx", access=ADMINISTRATOR)
def roster_xlsx(cohort_id: int):
    return _file(cohort_id, "xlsx")


@routes.get("/roster.csv", access=ADMINISTRATOR)
def roster_csv(cohort_id: int):
    return _file(cohort_id, "csv")


def _field_of(problems) -> str | None:
    """The field a problem is about, where its key says so."""
    for problem in problems:
        if problem.refuses:
            start = problem.key.partition("-")[0]
            return problem.values.get("column") or start
    return None


def _form(form: EnrolmentForm, status: int = 200) -> Page:
    return page("cohorts/enrolment_new.html", status=status, cohort=standing().cohort, form=form)


def _confirm(enrolment: Enrolment, status: int = 200) -> Page:
    return page(
        "cohorts/enrolment_leave.html",
        status=status,
        cohort=standing().cohort,
        enrolment=enrolment,
        mentorships=[
            one
            for one in lists.mentorships_in(enrolment.cohort_id)
            if enrolment.person_id in (one.participant_id, one.mentor_id)
        ],
    )


def _enrolment(cohort_id: int, person_id: int) -> Enrolment:
    return lists.enrolment_in(cohort_id, person_id) or abort(404)


def _file(cohort_id: int, form: str):
    """The roster in the columns that the import reads back."""
    capacities = lists.capacities()
    names = lists.sign_in_names_in(cohort_id)
    mentors = lists.by_participant(lists.mentorships_in(cohort_id))
    words = {"supervisor": "Mentor", "coach": "Coach", "examiner": "Penguji"}
    header = ["No. Daftar Hadir", "Nama", "NIP", "E-mail", "Nama Pengguna", "Jabatan",
              "Unit Kerja", "No. HP", "Peran"]  # fmt: skip
    for one in capacities:
        title = words.get(one.key, one.name_id)
        header += [title, f"NIP {title}", f"E-mail {title}"]
    header += [_("Entered"), _("Left")]
    rows: list[list[Cell]] = []
    for place in lists.people_in(cohort_id):
        own = names.get(place.person_id, {})
        person = place.person
        row: list[Cell] = [
            place.list_number, person.name, own.get("nip", ""), own.get("email", ""),
            own.get("username", ""), person.position, person.unit, person.phone,
            "Peserta" if place.role == "participant" else "Mentor",
        ]  # fmt: skip
        for one in capacities:
            held = mentors.get(place.person_id, {}).get(one.id, [])
            held = held if place.role == "participant" else []
            first = names.get(held[0].mentor_id, {}) if held else {}
            row += [
                held[0].mentor.name if held else "",
                first.get("nip", ""),
                first.get("email", "") if not first.get("nip") else "",
            ]
        row += [
            day(person.first_entered_at) if person.first_entered_at else "",
            day(place.left_at) if place.left_at else "",
        ]
        rows.append(row)
    return spreadsheet(f"{_('Roster')} {standing().cohort.name}", header, rows, form)
