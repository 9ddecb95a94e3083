"""What each participant works on: a service of their unit, with its numbers; see texts/projects."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Project:
    """A theme with the numbers of one unit. ``words`` fill the texts in texts/work."""

    theme: str
    words: dict[str, str]
    numbers: dict[str, int]
    stages: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=64)
def read(name: str) -> Any:
    """One file of texts/."""
    return yaml.safe_load((TEXTS / f"{name}.yaml").read_text(encoding="utf-8"))


def themes() -> list[str]:
    """The names of all themes."""
    return sorted(path.stem for path in (TEXTS / "projects").glob("*.yaml"))


def project(theme: str, random: Random, **about: str) -> Project:
    """A project of this theme: ``about`` names the unit, the position and the superior's."""
    numbers = _numbers(random)
    filled = {key: _filled(value, numbers) for key, value in read(f"projects/{theme}").items()}
    stakeholders, stages = filled.pop("pihak"), filled.pop("tahap")
    controls = filled.pop("kendali")
    words = {key: " ".join(value.split()) for key, value in filled.items()}
    words |= about | {key: str(value) for key, value in numbers.items()}
    words["tabel_pihak"] = _table(
        ("Siapa", "Pengaruh", "Kepentingan", "Sikap sekarang", "Langkah"), stakeholders
    )
    words["daftar_pihak"] = "\n".join(
        f"- **{who}.** Pengaruh {power}, kepentingan {interest}. Sikap: {stance}. Langkah: {step}."
        for who, power, interest, stance, step in stakeholders
    )
    words["tabel_tahap"] = _table(("Tahap", "Penanggung jawab", "Waktu", "Bukti"), stages)
    words["daftar_tahap"] = "\n".join(
        f"{place}. {what} ({who}, {when}). Bukti: {proof}."
        for place, (what, who, when, proof) in enumerate(stages, 1)
    )
    words["daftar_kendali"] = "\n".join(f"- {sentence}" for sentence in controls)
    words["pihak_sulit"] = stakeholders[-1][0]
    words["pihak_utama"] = stakeholders[0][0]
    words["pihak_kedua"] = stakeholders[1][0]
    words["langkah_utama"] = stakeholders[0][4]
    words["langkah_sulit"] = stakeholders[-1][4]
    return Project(theme, words, numbers, tuple(tuple(stage) for stage in stages))


def _numbers(random: Random) -> dict[str, int]:
    """n cases of which g failed; t may fail in the end; h is how long it took, j was promised."""
    cases = random.randint(30, 48)
    failed = round(cases * random.uniform(0.35, 0.5))
    return {
        "n": cases,
        "g": failed,
        "t": max(2, round(failed * random.uniform(0.2, 0.35))),
        "h": random.randint(6, 11),
        "j": random.randint(2, 4),
        "m": random.randint(6, 14),
        "p": random.randint(3, 9),
    }


def _filled(value: Any, numbers: dict[str, int]) -> Any:
    if isinstance(value, list):
        return [_filled(one, numbers) for one in value]
    return str(value).format_map(numbers)


def _table(header: tuple[str, ...], rows: list[list[str]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
