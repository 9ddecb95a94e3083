"""Run the portal as people do: as a process of its own, on the database of the test."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).parents[1]


def until(condition, seconds: float = 30, why: str = "nothing happened"):
    """Wait for something to become true; its value. Fails the test when it does not."""
    limit = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < limit, why
        time.sleep(0.05)
    return value


def environment(app, folder: Path, **more: str) -> dict[str, str]:
    """What a process needs to run on the test's database and secret, outside test mode."""
    return {
        **os.environ,
        "PORTAL_ENV": "development",
        "PORTAL_INSTANCE": str(folder),
        "PORTAL_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "PORTAL_SECRET_KEY": app.config["SECRET_KEY"],
        "PYTHONPATH": str(ROOT),
        **more,
    }


class Served:
    """A running `flask serve`."""

    def __init__(self, environ: dict[str, str], *options: str) -> None:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", *options]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env={"PORT": "0", **environ}, stdout=subprocess.PIPE, text=True
        )
        self.port = 0

    def wait_until_ready(self, seconds: float = 60) -> "Served":
        """Until the line that says where it is served."""
        readable = select.select([self.process.stdout], [], [], seconds)[0]
        assert readable, "the portal did not become ready"
        line = self.process.stdout.readline()
        assert "ready on http://127.0.0.1:" in line, line
        self.port = int(line.split("http://127.0.0.1:")[1].split()[0])
        return self

    def children(self, parent: int | None = None) -> list[int]:
        """Process ids of the web children and, last, the worker."""
        pid = parent or self.process.pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def cpu_seconds(self) -> float:
        """What the children that run now have used of the processors so far."""
        ticks = 0
        for pid in self.children():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def get(self, path: str, seconds: float = 10) -> tuple[int, str]:
        return self.request("GET", path, seconds=seconds)

    def request(self, method: str, path: str, body=None, headers=None, seconds: float = 10):
        """Status and text of the answer, over a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def stop(self) -> int:
        """The exit code after SIGTERM."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(40)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()


def is_alive(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
