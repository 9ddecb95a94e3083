"""The portal's own server: waitress children and one worker, kept running by a parent.

Imported only by `flask serve`. It knows no feature: `commands` hands it the application and what
the worker does.
"""

import gc
import os
import socket
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException

from flask import Flask

from portal.server.memory import give_back_large_blocks
from portal.server.supervisor import Child, Supervisor, run_to_the_end, say
from portal.server.web import serve_requests

DRAIN_SECONDS = 15
WORKER_NICENESS = 5


class PortTaken(Exception):
    """Another program listens on the address."""


def cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1


def listening_sockets(host: str, port: int, count: int) -> list[socket.socket]:
    """`count` sockets on one port, among which the kernel spreads new connections.

    The parent keeps them open, so a child that comes back finds the connections that waited.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as probe:
        # SO_REUSEPORT would let a second portal of the same user join unseen; this one refuses.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise PortTaken(f"{host}:{port}: {error.strerror}") from error
        address = probe.getsockname()
    sockets = []
    for _ in range(count):
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(address)
        listener.listen(1024)
        sockets.append(listener)
    return sockets


def answers(address: tuple[str, int]) -> bool:
    """Whether `/readyz` says 200."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address[0], address[0])  # noqa: S104
    connection = HTTPConnection(host, address[1], timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def serve(
    app: Flask,
    *,
    host: str,
    port: int,
    processes: int,
    threads: int,
    work: Callable[[int], None],
    prepare: Callable[[], None] | None = None,
    beside: Callable[[], object] = lambda: None,
    announce: Callable[[str], None] = say,
) -> int:
    """Serve until SIGTERM or SIGINT, then let what is under way finish; the exit code.

    `prepare` (migrations, demo) runs first, in its own process so that the parent stays small.
    `beside` is called in each web process before it serves. `work` is the worker's loop, given
    the parent's process id; it must end by itself on SIGTERM and when it has lost its parent.
    """
    give_back_large_blocks()
    sockets = listening_sockets(host, port, processes)
    address = sockets[0].getsockname()[:2]
    if prepare is not None:
        code = run_to_the_end("prepare", prepare)
        if code:
            return code
    leave_databases(app)
    gc.collect()
    gc.freeze()  # what is loaded by now stays shared between the children

    parent = os.getpid()  # asked here: a child that starts slowly may have lost its parent already

    def web(own: socket.socket) -> Callable[[], None]:
        def body() -> None:
            close_all([other for other in sockets if other is not own])
            leave_databases(app)
            beside()
            serve_requests(app, own, parent=parent, threads=threads, drain_seconds=DRAIN_SECONDS)

        return body

    def worker() -> None:
        os.nice(WORKER_NICENESS)  # people who wait for a page come first
        close_all(sockets)
        leave_databases(app)
        work(parent)

    children = [Child(f"web {number}", web(own)) for number, own in enumerate(sockets, 1)]
    children.append(Child("worker", worker))
    supervisor = Supervisor(
        children,
        is_ready=lambda: answers(address),
        on_ready=lambda: announce(
            f"The portal is ready on http://{address[0]}:{address[1]} "
            f"({processes} web processes, 1 worker). Ctrl-C stops it."
        ),
        # Until the last copy of a listening socket is closed the kernel goes on queueing for it.
        on_stop=lambda: close_all(sockets),
        patience=DRAIN_SECONDS + 5,
    )
    return supervisor.run()


def close_all(sockets: list[socket.socket]) -> None:
    for one in sockets:
        one.close()


def leave_databases(app: Flask) -> None:
    """Forget connections that belong to the process this one was copied from."""
    with app.app_context():
        for engine in app.extensions["sqlalchemy"].engines.values():
            engine.dispose(close=False)


__all__ = ["PortTaken", "cores", "serve"]
