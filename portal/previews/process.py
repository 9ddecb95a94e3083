"""The limited process that renders, seen from the worker."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RENDERER = Path(__file__).with_name("renderer.py")
MOST_LINE = 4 * 2**20


def run(*arguments: str | int | Path, seconds: float) -> Iterator[dict[str, Any]]:
    """What the renderer says, line by line; its end without a last word is "too_heavy".

    It is killed after so many seconds, and when the caller stops listening.
    """
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", str(RENDERER), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8"},
        start_new_session=True,
    )
    timer = threading.Timer(seconds, child.kill)
    timer.start()
    try:
        assert child.stdout is not None
        while line := child.stdout.readline(MOST_LINE):
            try:
                said = json.loads(line)
            except ValueError:  # cut off in the middle, or longer than a page may be
                break
            yield said
            if "end" in said or "problem" in said:
                return
        yield {"problem": "too_heavy"}
    finally:
        timer.cancel()
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()
