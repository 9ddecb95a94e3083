"""A load generator that costs little: raw requests over kept connections, answers only counted."""

import selectors
import socket
import time
from dataclasses import dataclass

from bench.serving import Server


@dataclass(frozen=True)
class Round:
    """One second or so of one page."""

    requests: int
    seconds: float
    cpu_milliseconds: float
    """Of the web processes, for each request."""

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


class Connection:
    """One client that asks again as soon as it has its answer."""

    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.request = request
        self.buffer = b""
        self.wanted = -1

    def ask(self) -> None:
        self.buffer, self.wanted = b"", -1
        self.socket.sendall(self.request)

    def has_answer(self) -> bool:
        """Take in what has come; whether the answer is whole. Raises when it is not a 200."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed the connection")
        self.buffer += data
        if self.wanted < 0 and (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            if b" 200 " not in head[:16]:
                raise ConnectionError(head[:80].decode("latin-1"))
            length = head.split(b"content-length:")[1].split(b"\r\n")[0]
            self.wanted = end + 4 + int(length)
        return 0 < self.wanted <= len(self.buffer)


def request_for(path: str, cookie: str) -> bytes:
    """A GET as a browser without compression would send it."""
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Accept-Language: id"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def measure(server: Server, path: str, cookie: str = "", *, seconds: float, clients: int) -> Round:
    """Ask for one page as often as the server answers, for so many seconds."""
    selector = selectors.DefaultSelector()
    connections = [Connection(server.port, request_for(path, cookie)) for _ in range(clients)]
    for one in connections:
        selector.register(one.socket, selectors.EVENT_READ, one)
    count, cpu, start = 0, server.cpu_seconds(), time.perf_counter()
    for one in connections:
        one.ask()
    end = start + seconds
    open_now = len(connections)
    while open_now:
        for key, _ in selector.select(10):
            if key.data.has_answer():
                count += 1
                if time.perf_counter() < end:
                    key.data.ask()
                else:
                    open_now -= 1
    took = time.perf_counter() - start
    spent = server.cpu_seconds() - cpu
    for one in connections:
        one.socket.close()
    selector.close()
    return Round(count, took, spent / count * 1000)
