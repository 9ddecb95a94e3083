"""Workers to kill, a new one for each line of standard input: forked, so that each starts at once.

A line holds the milliseconds after which the worker kills itself, wherever it is; 0 lets it finish.
The line «here» works in this process, so that later workers find everything loaded.
What another worker held when it was killed is free at once, as it would be when its lease ends,
and the job is not blamed for it.
"""

import os
import signal
import sys
import threading
import time

import sqlalchemy as sa

from portal import create_app
from portal.database import db
from portal.jobs.models import Job
from portal.jobs.worker import run_free_jobs


def work(app, milliseconds: int) -> None:
    if milliseconds:
        kill = threading.Timer(milliseconds / 1000, os.kill, (os.getpid(), signal.SIGKILL))
        kill.daemon = True
        kill.start()
    with app.app_context():
        held = sa.update(Job).where(Job.lease_until.is_not(None), Job.done_at.is_(None))
        db.session.execute(held.values(lease_until=None, tries=0))
        db.session.commit()
    while run_free_jobs(app) or milliseconds:
        time.sleep(0.001)


def main() -> None:
    app = create_app()
    print("ready", flush=True)
    for line in sys.stdin:
        if line == "here\n":
            work(app, 0)
            with app.app_context():
                db.engine.dispose()
            print(0, flush=True)
            continue
        child = os.fork()
        if child == 0:
            work(app, int(line))
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
