"""The comment bank of the demo: what the organisation shares with all its mentors."""

from portal.demo.scene import Scene
from portal.snippets.actions import keep

RAP = "Ketepatan rencana aksi perubahan"
SHARED = (
    ("", "", "Terima kasih, {name}. Pekerjaan pada “{assignment}” ini rapi dan mudah diikuti."),
    ("", "", "Tambahkan data awal sebelum perubahan, agar hasilnya nanti dapat dibandingkan."),
    ("", "", "Sebutkan siapa yang mengerjakan setiap tahap dan kapan tahap itu selesai."),
    (RAP, "Tingkat 3, kuat", "Gagasannya tepat; perkuat hubungannya dengan masalah kinerja."),
    (RAP, "Tingkat 2, cukup", "Jelaskan akar masalahnya lebih dahulu, baru kemudian gagasannya."),
)


def fill_bank(scene: Scene) -> None:
    """Share the snippets in the organisation, as its administrator would."""
    for criterion, level, text in SHARED:
        keep(
            scene.administrator.id,
            text,
            criterion=criterion,
            level=level,
            organisation_id=scene.organisation.id,
        )
