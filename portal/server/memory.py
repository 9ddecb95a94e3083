"""What a process that serves gives back to the system."""

import contextlib
import ctypes

M_MMAP_THRESHOLD = -3
LARGE = 1 << 20


def give_back_large_blocks() -> None:
    """From now on return large blocks to the system as soon as they are free.

    glibc learns from the first password it hashes (19 MB) to keep such blocks for the next one,
    in each thread's own heap. Where malloc cannot be told (musl, macOS) nothing happens.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)
