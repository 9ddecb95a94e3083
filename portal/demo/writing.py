"""The texts that participants hand in: built from texts/work around each one's own project."""

from random import Random

from portal.demo.projects import Project, read

KINDS = (
    "1-komitmen", "2-diagnosa", "3-gagasan", "4-rancangan", "5-rencana", "6-studi", "7-pelaksanaan"
)  # fmt: skip
CHANGES = (
    "**Yang diubah:** angka awal dan cara mengukurnya saya tulis lengkap; bagian akar masalah"
    " dipisahkan antara yang terbukti dan yang masih dugaan. **Yang tidak diubah:** pilihan"
    " layanan, karena mentor sependapat.",
    "**Yang diubah:** satu bagian ditulis ulang menurut umpan balik, dan satu tabel ditambahkan."
    " **Yang tidak diubah:** sasaran, karena setelah dihitung ulang bersama tim tetap masuk akal.",
    "**Yang diubah:** nama penanggung jawab, tanggal, dan bukti sekarang ada pada setiap baris."
    " **Yang tidak diubah:** ukuran penjaga; alasannya saya tulis di bawah tabel.",
)


def text_of(kind: str, project: Project, random: Random) -> str:
    """A text of this kind, in Markdown. The same random state writes the same text."""
    blocks = [
        block if isinstance(block, str) else random.choice(block) for block in read(f"work/{kind}")
    ]
    return "\n\n".join(block.format_map(project.words).strip() for block in blocks)


def beginning_of(text: str, random: Random) -> str:
    """What a draft of this text looks like when its writer has come half way."""
    blocks = text.split("\n\n")
    half = blocks[: max(2, round(len(blocks) * random.uniform(0.3, 0.6)))]
    if half[-1].startswith("#"):
        half = half[:-1]
    return "\n\n".join(half)


def revised(text: str, random: Random) -> str:
    """The next version of a text: what was changed stands first, and one paragraph is new."""
    blocks = text.split("\n\n")
    place = max(1, len(blocks) - 2)
    blocks.insert(
        place,
        "Setelah umpan balik, saya memeriksa ulang bersama dua anggota tim. Dua angka berubah"
        " karena satu berkas terhitung dua kali; selebihnya tetap.",
    )
    return "\n\n".join([random.choice(CHANGES), *blocks])
