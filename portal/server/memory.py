"""What a process that serves gives back to the system, and what it looks for in its own memory."""

import contextlib
import ctypes
import gc

M_MMAP_THRESHOLD = -3
LARGE = 1 << 20
NEW_OBJECTS = 10_000


def give_back_large_blocks() -> None:
    """From now on return large blocks to the system as soon as they are free.

    glibc learns from the first password it hashes (19 MB) to keep such blocks for the next one,
    in each thread's own heap. Where malloc cannot be told (musl, macOS) nothing happens.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)


def look_for_cycles_rarely() -> None:
    """Let Python look for objects that only hold each other after 10,000 new ones, not 700: a page
    makes so many that it was looked through once or twice while it was made, when nearly all of
    them were in use, for up to a twelfth of its time."""
    gc.set_threshold(NEW_OBJECTS)
