"""Where the people of the demo work: offices of a city, each superior with their supervisors.

The kelurahan and kecamatan are invented, so that nobody is taken for the real holder of a post.
``theme`` names the project (texts/projects.yaml) that fits what the post does.
"""

from dataclasses import dataclass

from portal.demo.projects import read


@dataclass(frozen=True, slots=True)
class Post:
    """A participant's position and unit, and the theme of their work."""

    position: str
    unit: str
    theme: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A superior's position and unit, and the posts under them that take part in the course."""

    position: str
    unit: str
    posts: tuple[Post, ...]


KECAMATAN = {
    "Arjuna": ("Anggrek", "Bougenvil", "Cempaka"),
    "Bima": ("Dahlia", "Edelweis", "Flamboyan"),
    "Nakula": ("Gading", "Kamboja", "Kenanga"),
    "Sadewa": ("Lavender", "Mawar", "Melur"),
    "Yudistira": ("Nusa Indah", "Padma", "Seroja"),
}
LURAH_THEMES = ("aduan-rw", "usulan-warga", "bansos")

KELURAHAN = {
    "Alamanda": "Arjuna", "Asoka": "Arjuna", "Bakung": "Arjuna", "Cendana": "Bima",
    "Delima": "Bima", "Gandaria": "Bima", "Jatisari": "Nakula", "Kantil": "Nakula",
    "Matahari": "Nakula", "Palem": "Sadewa", "Soka": "Sadewa", "Sumberasri": "Sadewa",
    "Tanjung": "Yudistira", "Wijaya Kusuma": "Yudistira",
}  # fmt: skip
KELURAHAN_POSTS = (
    ("Kepala Seksi Pelayanan Umum", "surat-nikah"),
    ("Kepala Seksi Kesejahteraan Sosial", "bansos"),
    ("Kepala Seksi Pemberdayaan Masyarakat", "usulan-warga"),
    ("Kepala Seksi Ketenteraman dan Ketertiban", "aduan-rw"),
)


def desks() -> list[Desk]:
    """Every desk of the demo: 50 superiors over 70 posts."""
    found = [
        Desk(
            f"Camat {name}",
            f"Kecamatan {name}",
            tuple(
                Post(f"Lurah {kelurahan}", f"Kelurahan {kelurahan}, Kecamatan {name}", theme)
                for kelurahan, theme in zip(kelurahans, LURAH_THEMES, strict=True)
            ),
        )
        for name, kelurahans in KECAMATAN.items()
    ]
    for number, (name, kecamatan) in enumerate(KELURAHAN.items()):
        unit = f"Kelurahan {name}, Kecamatan {kecamatan}"
        position, theme = KELURAHAN_POSTS[number % len(KELURAHAN_POSTS)]
        found.append(Desk(f"Lurah {name}", unit, (Post(position, unit, theme),)))
    for unit, superiors in read("offices").items():
        for position, posts in superiors.items():
            found.append(Desk(position, unit, tuple(_post(text, unit) for text in posts)))
    return found


def _post(text: str, unit: str) -> Post:
    position, theme = (part.strip() for part in text.split("="))
    return Post(position, unit, theme)
