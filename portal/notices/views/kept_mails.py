"""E-mails that were kept since the portal has no mail server; for its administrators only."""

from flask import abort
from markupsafe import Markup

from portal.notices import queries
from portal.notices.views.notices import ON_A_PAGE, start_of_page
from portal.web.access import ADMINISTRATOR
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes("kept_mails", __name__, url_prefix="/mail")


@routes.get("", access=ADMINISTRATOR)
def index():
    start = start_of_page()
    return page(
        "notices/kept_mails.html",
        mails=queries.kept_mail(limit=ON_A_PAGE, offset=start),
        start=start,
        step=ON_A_PAGE,
        total=queries.kept_mail_count(),
    )


@routes.get("/<int:mail_id>", access=ADMINISTRATOR)
def show(mail_id: int):
    mail = queries.kept_mail_with(mail_id) or abort(404)
    body = mail.html.partition("<body>")[2].partition("</body>")[0]
    # Safe: made by templates/notices/mail.html, which escapes what people wrote.
    return page("notices/kept_mail.html", mail=mail, body=Markup(body))  # noqa: S704
