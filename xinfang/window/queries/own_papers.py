"""The file of a paper that was sent to the petitioner."""

from dataclasses import dataclass

from xinfang.attachments import stores
from xinfang.cases.access import CaseView
from xinfang.papers.models import Paper
from xinfang.procedure.steps.electronic import may_be_opened
from xinfang.window.queries.progress import sent_papers


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A paper as a file to be saved."""

    name: str
    content_type: str
    data: bytes


def own_paper(case: CaseView, place: int) -> PaperFile | None:
    """Return the file of one of the papers that this case's petitioner was sent; None where there is none (2 queries).

    Raises:
        OSError: the file is gone.
        VaultError: it can't be read.
    """
    sent = next((p for p in sent_papers(case.facts) if p.number == place), None)
    if sent is None or case.facts.sealed or place in may_be_opened(case.facts):
        # What waits to be opened is opened first: that is its service.
        return None
    paper = Paper.objects.select_related("pdf").filter(petition=case.petition, place=place).first()
    if paper is None or paper.pdf is None:
        return None
    name = f"{paper.label}{f' {paper.number}' if paper.number else ''}{paper.pdf.file_kind.endings[0]}"
    return PaperFile(name, paper.pdf.file_kind.content_type, b"".join(stores.read_attachment(paper.pdf)))
