"""Start the portal, or the floor, as `flask serve` would, and read what its processes use."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """Web processes of one WSGI application on a port of their own."""

    def __init__(self, module: str, environ: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        if not select.select([self.process.stdout], [], [], 120)[0]:
            raise TimeoutError(f"{module} did not start")
        line = self.process.stdout.readline()
        self.port = int(line.split("http://127.0.0.1:")[1].split()[0])
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        self.webs = [int(one) for one in children][:-1]  # the last one is the worker

    def cpu_seconds(self) -> float:
        """Processor time that the web processes have used so far."""
        return sum(_ticks(pid) for pid in self.webs) / TICKS

    def megabytes(self) -> list[float]:
        """Resident memory of each web process, what it shares with the others included."""
        return [_resident(pid) for pid in self.webs]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()


def _ticks(pid: int) -> int:
    values = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(values[11]) + int(values[12])


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise LookupError(pid)
