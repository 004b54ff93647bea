"""The papers of a case with their texts."""

from xinfang.cases.models import Petition
from xinfang.papers.models import Paper, PaperText


def paper_at(petition: Petition, place: int) -> Paper | None:
    """Return the paper of this number with the files it was issued as (1 query)."""
    paper = Paper.objects.filter(petition=petition, place=place).select_related("pdf", "word", "ofd").first()
    if paper is not None:
        paper.petition = petition
    return paper


def texts_of(paper: Paper) -> list[PaperText]:
    """Return every version of a paper's text with its author, the first one first (1 query)."""
    texts = list(paper.texts.select_related("paper", "by"))
    for text in texts:
        text.paper.petition = paper.petition
    return texts
