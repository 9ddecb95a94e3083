"""The portal as `flask serve` serves it, without a worker's work: run by serving.Server."""

import signal
import sys

from portal import create_app
from portal.jobs import nudges
from portal.server import cores, serve


def rest(_parent: int) -> None:
    """A worker that only waits for its end, so that nothing but pages is measured."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while True:
        signal.pause()


if __name__ == "__main__":
    app = create_app()
    nudges.load(app)
    sys.exit(serve(app, host="127.0.0.1", port=0, processes=cores(), threads=4, work=rest))
