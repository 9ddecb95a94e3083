"""A worker for test_worker.py to kill: its handler waits for a file before it is done."""

import sys
import time
from datetime import timedelta
from pathlib import Path

from portal import create_app
from portal.jobs.handlers import Handlers, wire
from portal.jobs.worker import end_transaction, work

handlers = Handlers()


@handlers.on("tests.wait", lease=timedelta(seconds=2))
def wait_for_a_file(folder: str) -> None:
    end_transaction()
    with Path(folder, "starts").open("a") as file:
        file.write("started\n")
    while not Path(folder, "go").exists():
        time.sleep(0.05)


if __name__ == "__main__":
    wire(handlers)
    work(create_app(), sweep_seconds=0.3)
    sys.exit(0)
