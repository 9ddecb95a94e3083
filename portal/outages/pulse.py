"""What beats in each web process, beside its requests: an idle portal is alive, too."""

import logging
import threading
from datetime import timedelta

from flask import Flask

from portal import clock
from portal.database import db
from portal.outages import actions, queries

log = logging.getLogger(__name__)

BEAT_SECONDS = 30
FRESH = timedelta(seconds=BEAT_SECONDS / 2)


def begin(app: Flask, stop: threading.Event | None = None) -> threading.Thread | None:
    """Beat from now on in a thread of this process, which ends with it; call it after a fork.

    None when outages are not to be noted (``PORTAL_OUTAGE_MINUTES=0``).
    """
    longest = timedelta(minutes=app.config["SETTINGS"].outage_minutes)
    if not longest:
        return None
    thread = threading.Thread(
        target=_beat_on, args=(app, longest, stop or threading.Event()), name="pulse", daemon=True
    )
    thread.start()
    return thread


def _beat_on(app: Flask, longest: timedelta, stop: threading.Event) -> None:
    is_well = True
    while True:
        try:
            beat_in(app, longest)
            is_well = True
        except Exception as error:  # the database may be away; that is what is to be noted later
            if is_well:
                log.warning("The portal cannot note that it is alive: %s", error)
            is_well = False
        if stop.wait(BEAT_SECONDS):
            return


def beat_in(app: Flask, longest: timedelta) -> None:
    """One beat, unless another process has just beaten: a write that nobody needs."""
    with app.app_context():
        db.session.info["readonly"] = True
        last = queries.last_beat()
        db.session.remove()
        if last is not None and timedelta() <= clock.now() - last < FRESH:
            return
    with app.app_context(), db.session.begin():
        outage = actions.beat(longest)
    if outage is not None:
        log.warning("Nobody could reach the portal for longer than %s until now", longest)
