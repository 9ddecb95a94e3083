"""Lay the browser code of others under static/vendor/: htmx and the icons in use.

Runs on a bare Python. Uses the npm that is there, else a pinned Node in `.tools/`.
The portal works without any of it, so what is missing is said in one line and the set-up goes on.
"""

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
TOOLS = ROOT / ".tools"
COPIES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
}
ICONS = PACKAGES / "@tabler" / "icons" / "icons" / "outline"
LINES = 'fill="none" stroke="currentColor" stroke-width="2"'
ENDS = 'stroke-linecap="round" stroke-linejoin="round"'


class Missing(Exception):
    """What could not be had, in words for the person at the terminal."""


def run(*command: object) -> None:
    try:
        subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            check=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError as error:
        raise Missing(f"{command[0]} is not there") from error
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout or "").strip().splitlines()[-1:] or ["no message"]
        name = Path(str(command[0])).name
        raise Missing(f"{name} failed: {last[0][:200]}") from error


def npm() -> Path:
    """The npm of this machine when it runs, else that of the tool environment, made when needed."""
    there = shutil.which("npm")
    if there:
        try:
            run(there, "--version")
            return Path(there)
        except Missing:
            pass
    own = TOOLS / "bin" / "npm"
    if not own.exists():
        venv.create(TOOLS, with_pip=True, clear=True)
        pip = (TOOLS / "bin" / "python", "-m", "pip", "install", "--quiet", "--retries", "1")
        run(*pip, "--require-hashes", "-r", ROOT / "requirements" / "tools.txt")
    return own


def install_packages() -> None:
    """`npm ci` unless what is installed is what the lock asks for."""
    installed, wanted = PACKAGES / ".package-lock.json", ROOT / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime:
        return
    tool = npm()
    os.environ["PATH"] = f"{tool.parent}{os.pathsep}{os.environ['PATH']}"
    run(tool, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress")


def sprite(names: list[str]) -> str:
    """The named icons as symbols of one SVG; colour comes from the page."""
    symbols = []
    for name in names:
        try:
            icon = (ICONS / f"{name}.svg").read_text("utf-8")
        except FileNotFoundError:
            sys.exit(f"static/icons.txt names an icon that does not exist: {name}")
        paths = re.findall(r"<path[^>]*>", icon)
        drawn = "".join(path for path in paths if 'stroke="none"' not in path)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24" {LINES} {ENDS}>{drawn}</symbol>')
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>"]) + "\n"


def lay() -> None:
    """Put every file in place whole: a reader never meets half of one."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    files = {target: (PACKAGES / source).read_text("utf-8") for source, target in COPIES.items()}
    names = (ROOT / "static" / "icons.txt").read_text("utf-8").split()
    files["icons.svg"] = sprite(names)
    for name, text in files.items():
        part = VENDOR / f"{name}.part"
        part.write_text(text, "utf-8")
        part.replace(VENDOR / name)


if __name__ == "__main__":
    try:
        install_packages()
    except Missing as reason:
        sys.exit(
            f"Browser code not laid ({reason}); the portal works without JavaScript and icons."
        )
    lay()
