"""What one participant writes and attaches, assignment by assignment."""

from random import Random

from portal.demo.events import Paper, Term
from portal.demo.papers import docx, pdf, png, xlsx
from portal.demo.people import Member
from portal.demo.projects import project
from portal.demo.writing import KINDS, beginning_of, revised, text_of

TITLES = {4: "Rancangan Aksi Perubahan", 6: "Laporan Studi Lapangan", 7: "Catatan Pelaksanaan"}


class Works:
    """A participant's texts and files around the one service that they try to improve."""

    def __init__(self, member: Member, seed: int):
        self.random = Random(f"{seed} works {member.person.nip}")
        self.name = member.person.name.split(",")[0]
        unit = member.person.unit.split(",")[0]
        self.project = project(
            member.theme,
            self.random,
            unit=unit,
            jabatan=member.person.position,
            atasan=member.supervisor.position,
        )

    def first(self, term: Term) -> tuple[str, tuple[Paper, ...]]:
        """The first version of a work: its text (empty where files are wanted) and its files."""
        text = text_of(KINDS[term.number - 1], self.project, self.random)
        papers = tuple(self._papers(term, text))
        return (text if term.takes_text else ""), papers

    def next(
        self, term: Term, text: str, papers: tuple[Paper, ...]
    ) -> tuple[str, tuple[Paper, ...]]:
        """The next version: a revised text, and files that are made anew where they hold it."""
        if not term.takes_text:
            again = revised(text_of(KINDS[term.number - 1], self.project, self.random), self.random)
            return "", tuple(self._papers(term, again, " (revisi)"))
        return revised(text, self.random), papers

    def draft(self, term: Term) -> str:
        """What stands in the draft when the work is half done."""
        return beginning_of(text_of(KINDS[term.number - 1], self.project, self.random), self.random)

    def _papers(self, term: Term, text: str, mark: str = "") -> list[Paper]:
        found = []
        if term.number in TITLES and "pdf" in term.file_types:
            title = TITLES[term.number]
            name = f"{title} - {self.name}{mark}"
            if self.random.random() < 0.65:
                found.append(Paper(f"{name}.pdf", pdf(f"{title} - {self.name}", text)))
            else:
                found.append(Paper(f"{name}.docx", docx(f"{title} - {self.name}", text)))
        if term.number in (2, 5) and "xlsx" in term.file_types:
            found.append(Paper("Lembar hitungan.xlsx", xlsx(self.project)))
        if term.number in (2, 7) and "png" in term.file_types and self.random.random() < 0.6:
            found.append(Paper("Grafik hitungan.png", png(self.project)))
        return found
