"""A process that serves does not keep what it needed for a moment."""

import platform
import subprocess
import sys

import pytest

from tests.processes import ROOT

HASHING = """
import threading
from pathlib import Path
from portal.people.passwords import hash_of
from portal.server.memory import give_back_large_blocks

def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

give_back_large_blocks()
before = megabytes()
threads = [threading.Thread(target=hash_of, args=("a password",)) for _ in range(4)]
for one in threads: one.start()
for one in threads: one.join()
print(megabytes() - before)
"""


@pytest.mark.alike_on_either_database
def test_what_hashing_took_is_given_back():
    if platform.libc_ver()[0] != "glibc":
        pytest.skip("only glibc can be told to give large blocks back")
    done = subprocess.run(
        [sys.executable, "-c", HASHING], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert float(done.stdout) < 19  # less than one hash needs; all four would keep 76
