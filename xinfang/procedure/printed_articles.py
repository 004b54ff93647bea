"""Each article with what it puts to work: its clauses, and how it is read. For the page and for the paper."""

from collections.abc import Iterator
from dataclasses import dataclass

from .articles import ALL_ARTICLES, NOTHING_TO_COMPUTE, Article
from .clauses import Clause
from .clauses_house import HOUSE_CLAUSES
from .clauses_national import NATIONAL_CLAUSES
from .printed_procedure import cited_by
from .readings import TextReading, readings_of


@dataclass(frozen=True)
class PrintedArticle:
    """One article: where it is put to work or why nothing is computed of it, its clauses, how it is read.

    A reading is told beside the first of its articles, and beside the others named.
    """

    article: Article
    where: tuple[str, ...]
    why_nothing: str
    clauses: tuple[Clause, ...]
    readings: tuple[TextReading, ...]
    read_elsewhere: tuple[TextReading, ...]


def printed_articles() -> Iterator[tuple[str, list[PrintedArticle]]]:
    """Yield each chapter of each text with its articles."""
    used = cited_by()
    chapters: dict[str, list[PrintedArticle]] = {}
    for article in ALL_ARTICLES.values():
        text = str(article).split("第")[0]
        read = readings_of(article)
        chapters.setdefault(f"{text} {article.chapter}".strip(), []).append(
            PrintedArticle(
                article,
                tuple(used.get(article.id, ())),
                NOTHING_TO_COMPUTE.get(article.id, ""),
                tuple(c for c in (*HOUSE_CLAUSES, *NATIONAL_CLAUSES) if c.article is article),
                tuple(r for r in read if r.articles[0] is article),
                tuple(r for r in read if r.articles[0] is not article),
            )
        )
    yield from chapters.items()
