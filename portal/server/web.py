"""One web child: waitress on a socket it was given, until it is told to stop."""

import ctypes
import os
import signal
import socket
import time
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import FixedStreamReceiver
from waitress.utilities import RequestEntityTooLarge

from portal.server.memory import look_for_cycles_rarely
from portal.server.turns import Turns

MALLOC_ARENAS = (-8, 2)  # M_ARENA_MAX of <malloc.h>, and how many
READ_AND_DROPPED_BYTES = 1 << 30  # a body beyond this is cut off instead of being read to its end


class Dropped(FixedStreamReceiver):
    """Reads a body to its end and keeps nothing of it."""

    def received(self, data: bytes) -> int:
        taken = min(len(data), self.remain)
        self.remain -= taken
        self.completed = self.remain == 0
        return taken


class Parser(HTTPRequestParser):
    """Lets the portal's own 413 page answer a body that is too large.

    The application sees the stated length and refuses; the bytes are read (a browser that is still
    sending would not show the answer) but neither kept nor written to disk.
    """

    largest_body = READ_AND_DROPPED_BYTES
    body_rcv: Any
    completed: bool

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        too_large = self.content_length > self.largest_body
        if too_large and isinstance(self.body_rcv, FixedStreamReceiver):
            self.body_rcv = Dropped(self.content_length, self.body_rcv.getbuf())

    def received(self, data: bytes) -> int:
        taken: int = super().received(data)
        if self.chunked and not self.completed and self.body_bytes_received > self.largest_body:
            self.error = RequestEntityTooLarge(f"exceeds {self.largest_body} bytes")
            self.completed = True
        return taken


def serve_requests(
    app: Flask, listener: socket.socket, *, parent: int, threads: int, drain_seconds: float
) -> None:
    """Answer until SIGTERM, SIGINT or the parent's death; then finish what is under way."""
    keep_memory_together()
    look_for_cycles_rarely()
    server = create_server(
        app,
        sockets=[listener],
        threads=0,  # ours come next
        connection_limit=1000,
        backlog=1024,
        asyncore_use_poll=True,  # select() ends at 1024 descriptors
        channel_timeout=60,
        max_request_body_size=READ_AND_DROPPED_BYTES,
        clear_untrusted_proxy_headers=False,  # the application decides whom to trust
        ident=None,
    )
    server.task_dispatcher = Turns()
    server.task_dispatcher.set_thread_count(threads)
    server.channel_class = channel_with(app.config["MAX_CONTENT_LENGTH"])
    stop = Stop(server)
    while not stop.asked and os.getppid() == parent:
        wasyncore.loop(timeout=1.0, use_poll=True, map=server._map, count=1)
    drain(server, drain_seconds)


def keep_memory_together() -> None:
    """Have the threads share two heaps: glibc would give each its own and leave them half empty,
    a sixth of the process. Another C library has no such call, and no such habit."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(*MALLOC_ARENAS)


def channel_with(largest_body: int | None) -> type[HTTPChannel]:
    """waitress makes its parsers without arguments of ours, hence the classes."""
    limits = {} if largest_body is None else {"largest_body": largest_body}
    parser = type("LimitedParser", (Parser,), limits)
    return type("Channel", (HTTPChannel,), {"parser_class": parser})


class Stop:
    """Remembers that a signal came, and wakes the loop."""

    def __init__(self, server: Any) -> None:
        self.asked = False
        self.server = server
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def _note(self, *_: object) -> None:
        self.asked = True
        self.server.pull_trigger()


def drain(server: Any, seconds: float) -> None:
    """Take in the connections that wait already, accept no more, and let all requests finish.

    Ends after `seconds` even when a client is slower than that.
    """
    before = -1
    while len(server.active_channels) != before:
        before = len(server.active_channels)
        server.handle_accept()
    server.accepting = False
    server.del_channel()
    server.socket.close()
    limit = time.monotonic() + seconds
    fresh = time.monotonic() + 0.5  # a connection just taken in may have its request on the way
    while time.monotonic() < limit:
        busy = [
            channel
            for channel in list(server.active_channels.values())
            if channel.requests or channel.request or channel.total_outbufs_len
        ]
        if not busy and time.monotonic() > fresh:
            break
        wasyncore.loop(timeout=0.1, use_poll=True, map=server._map, count=1)
    server.task_dispatcher.shutdown(timeout=1)
    wasyncore.close_all(server._map)
