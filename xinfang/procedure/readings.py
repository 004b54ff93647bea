"""How the texts are read where they pull apart, where they are silent, and where a word of them isn't followed.

One source: printed beside the articles on the page, in `docs/procedure.md`, in the PDF, the Word file and the JSON.
What is told of a text is short; what binds is the published article. The readings of the department's own procedure are
in `readings_house.py`, those of the regulation, the limits and the records in `readings_national.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from .articles import ALL_ARTICLES, Article, cite
from .clauses import places_in_words
from .dated_rules import filled


class ReadingKind(StrEnum):
    """Why a reading is needed."""

    DEPARTS = "不照字面"
    """The word of a text is not done as it is written, because another text binds more."""
    APART = "两处规定不一致"
    """Two texts say different things, or one says less than the other."""
    SILENT = "文本没有写明"
    """The text asks for something and leaves open how, when or by whom."""


@dataclass(frozen=True)
class TextReading:
    """One reading: what the text says, how it is read and why, and what in the program does it.

    `articles` begins with those beside which it is printed first; `by` names places as a clause does (`clauses.py`).
    """

    code: str
    kind: ReadingKind
    about: str
    articles: tuple[Article, ...]
    says: str
    written: str
    why: str
    by: tuple[str, ...]

    @property
    def read(self) -> str:
        """How it is read, with today's numbers."""
        return filled(self.written)

    @property
    def where(self) -> str:
        """What in the program does it, in words.

        Raises:
            UnknownPlace: `by` names something that doesn't exist.
        """
        return places_in_words(self.by)


def reading(
    code: str, kind: ReadingKind, about: str, articles: str, *, says: str, read: str, why: str, by: str
) -> TextReading:
    """Return a reading; `articles` and `by` are names with blanks between them."""
    cited = tuple(ALL_ARTICLES[name] for name in articles.split())
    return TextReading(code, kind, about, cited, says, read, why, tuple(by.split()))


def all_readings() -> tuple[TextReading, ...]:
    """Return every reading, those of the department's own procedure first."""
    from .readings_house import HOUSE_READINGS
    from .readings_national import NATIONAL_READINGS

    return (*HOUSE_READINGS, *NATIONAL_READINGS)


def readings_of(article: Article) -> tuple[TextReading, ...]:
    """Return the readings that are printed beside an article."""
    return tuple(r for r in all_readings() if article in r.articles)


HEADS = ("题目", "条文", "文本怎么写", "本系统怎么读", "理由", "在哪里落实")


def reading_rows() -> Iterator[tuple[str, ...]]:
    """Yield the readings as a table."""
    for r in all_readings():
        yield f"{r.about}（{r.kind}）", cite(r.articles), r.says, r.read, r.why, r.where
