"""Pages about the person who looks at them."""

from portal.people.views import (
    account_journal,
    forgotten_passwords,
    kept_texts,
    language,
    password,
    profile,
    sign_in,
    sign_ins,
    welcome,
)

ROUTES = (
    account_journal.routes,
    forgotten_passwords.routes,
    kept_texts.routes,
    language.routes,
    password.routes,
    profile.routes,
    sign_in.routes,
    sign_ins.routes,
    welcome.routes,
)
