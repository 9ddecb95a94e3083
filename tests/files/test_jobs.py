"""The nightly sweep of stored files."""

import io
import os
import time

from portal.files import storage
from portal.jobs.handlers import handler_of


def test_old_bytes_that_no_row_names_are_swept(portal):
    with portal.app_context():
        old, young = (storage.keep(io.BytesIO(text)).path for text in (b"old", b"young"))
        long_ago = time.time() - 2 * storage.DAY
        os.utime(old, (long_ago, long_ago))
        handler_of("files.sweep").run()
    assert (old.exists(), young.exists()) == (False, True)
