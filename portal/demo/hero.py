"""The story of `participant`: on the day of loading every state stands somewhere.

Day 47 of Angkatan VI: the first two works are accepted (the second on its second version), the
third was sent back twice and is due again in three days, the fourth waits for review after an
extension, the fifth is late with a draft begun, the sixth is due in two days, the seventh has
just opened, and the eighth lies ahead.
"""

from collections.abc import Iterator
from random import Random

from portal.demo.days import Days
from portal.demo.events import (
    Answered,
    Asked,
    Drafted,
    Event,
    HandedIn,
    Reviewed,
    Said,
    Stepped,
    Term,
)
from portal.demo.feedback import review_of
from portal.demo.people import Member
from portal.demo.works import Works

FILES = ("pdf", "docx", "xlsx", "png")
ASKED = (
    "Minggu ini saya ditugaskan mendampingi verifikasi data di dua rumah sakit, dari pagi sampai"
    " sore. Uji di loket 3 baru selesai hari Jumat dan hasilnya ingin saya masukkan ke rancangan."
)
GIVEN = "Disetujui empat hari. Hasil uji memang penting untuk rancangan; surat tugasnya sudah ada."


def hero(member: Member, days: Days, works: Works, random: Random) -> Iterator[Event]:
    """The events of `participant`, in the order of the assignments."""

    def term(number: int) -> Term:
        return Term(number, 0, 0, 0, takes_text=number != 6, file_types=FILES)

    asked: list[str] = []

    def reviewed(number: int, day: int, hour: int, revise_day: int | None = None) -> Reviewed:
        review = review_of(
            member, number, at=days.at(day, hour, 12), days=days, day=day, random=random,
            decision="accepted" if revise_day is None else "revise", revise_day=revise_day,
            asked=asked,
        )  # fmt: skip
        asked.extend(item.text for item in review.items)
        return review

    text, papers = works.first(term(1))
    yield HandedIn(days.at(9, 20, 14, 8), member, 1, text, papers)
    yield reviewed(1, 13, 19)
    yield Stepped(days.at(16, 12, 30), member, 1, "done")
    yield Stepped(days.at(17, 9, 5), member, 1, "confirmed")

    text, papers = works.first(term(2))
    yield HandedIn(days.at(20, 21, 37, 51), member, 2, text, papers)
    yield reviewed(2, 25, 14, revise_day=31)
    text, papers = works.next(term(2), text, papers)
    yield Stepped(days.at(29, 18, 40), member, 2, "done")
    yield HandedIn(days.at(29, 19, 5, 33), member, 2, text, papers)
    yield reviewed(2, 33, 10)
    yield Stepped(days.at(33, 10, 20), member, 2, "confirmed")

    text, papers = works.first(term(3))
    yield HandedIn(days.at(28, 23, 41, 2), member, 3, text, papers)
    yield reviewed(3, 33, 20, revise_day=39)
    text, papers = works.next(term(3), text, papers)
    yield Stepped(days.at(38, 6, 10), member, 3, "done")
    yield HandedIn(days.at(38, 6, 22, 47), member, 3, text, papers)
    yield Said(
        days.at(41, 12, 9), member, 3, "p",
        "Selamat siang. Apakah uji dengan lima pengguna boleh saya lakukan di kelurahan, bukan di"
        " loket kami? Di sana keluarga lebih leluasa bercerita.",
    )  # fmt: skip
    yield Said(
        days.at(41, 15, 48), member, 3, "c",
        "Boleh, malah lebih baik. Catat siapa yang mendampingi mereka dan berapa lama; jangan"
        " mencatat nama.",
    )  # fmt: skip
    yield reviewed(3, 45, 16, revise_day=50)

    yield Asked(days.at(38, 7, 30), member, 4, ASKED, days.at(44, 23, 59))
    yield Answered(days.at(39, 9, 15), member, 4, GIVEN, days.at(44, 23, 59))
    text, papers = works.first(term(4))
    yield HandedIn(days.at(43, 22, 3, 19), member, 4, text, papers)
    yield Said(
        days.at(44, 8, 2), member, 4, "s",
        "Saya sudah membaca rancangannya. Pokoknya saya setujui; untuk tahap ketiga mari kita"
        " bicarakan dulu dengan bidang sebelah.",
    )  # fmt: skip

    yield Drafted(days.at(41, 21, 10), member, 5, works.draft(term(5)))
