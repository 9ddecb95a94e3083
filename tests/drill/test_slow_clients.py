"""Two hundred clients that dawdle must not keep anybody else waiting."""

import contextlib
import resource
import threading

import pytest

CLIENTS = 200
HEAD = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"


def half_a_head(client):
    client.sendall(HEAD)


def half_a_body(client):
    client.sendall(HEAD + b"Content-Length: 500000\r\n\r\n" + b"x" * 1000)


def never_reads(client):
    client.sendall(b"GET /static/vendor/htmx.min.js HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20)


@pytest.mark.parametrize("dawdle", [half_a_head, half_a_body, never_reads])
def test_slow_clients_stop_nobody(served, dawdle):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 1024)), hard))
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(served.connect()) for _ in range(CLIENTS)]
        for client in clients:
            dawdle(client)
        stop = threading.Event()
        feeder = threading.Thread(target=drip, args=(clients, stop, dawdle))
        feeder.start()
        try:
            for _ in range(20):
                assert served.get("/sign-in", seconds=10)[0] == 200
        finally:
            stop.set()
            feeder.join()


def drip(clients, stop, dawdle):
    """Send each a byte now and then, so that no time limit ends it."""
    while not stop.wait(1):
        for client in clients:
            with contextlib.suppress(OSError):
                if dawdle is not never_reads:
                    client.sendall(b"x")
