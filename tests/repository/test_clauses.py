"""Every sentence of the texts is put to work by something that is there, or it is said how it is read.

The texts themselves aren't part of this repository; how many sentences each article has was counted in them.
"""

from collections import Counter

import pytest

from xinfang.procedure.articles import ALL_ARTICLES
from xinfang.procedure.clauses import Clause, UnknownPlace, clause, clause_rows
from xinfang.procedure.clauses_house import HOUSE_CLAUSES
from xinfang.procedure.clauses_national import NATIONAL_CLAUSES
from xinfang.procedure.printed_procedure import as_tables


def _numbers(text: str) -> dict[str, int]:
    pairs = (part.split(":") for part in text.split())
    return {article: int(number) for article, number in pairs}


BOTH = (*HOUSE_CLAUSES, *NATIONAL_CLAUSES)
HOUSE = _numbers(
    "H1:2 H2:1 H3:1 H4:1 H5:4 H6:3 H7:5 H8:4 H9:2 H10:4 H11:5 H12:1 H13:5 H14:1 H15:2 H16:4 H17:5 H18:3 H19:1 H20:1 "
)
"""Sentences, and the parts of one that ask for different things of different people."""
NATIONAL = _numbers(
    "N17:2 N18:4 N19:3 N20:4 N21:2 N22:5 N23:4 N24:2 N25:2 N26:1 N27:1 N28:3 N29:3 "
    "N30:3 N31:6 N32:5 N33:2 N34:1 N35:2 N36:3 N37:3 N38:3 N39:3 N40:4 N41:2 "
)
"""Paragraphs and items."""
READ_OTHERWISE = ("H6", "H7", "H8", "H9", "H10", "H11", "H13", "H14", "H15", "H16", "H17", "H18", "H20")
"""Where the department's text and the national regulation pull apart, or a word has no number: the reading is said."""


@pytest.mark.parametrize(("clauses", "expected"), [(HOUSE_CLAUSES, HOUSE), (NATIONAL_CLAUSES, NATIONAL)])
def test_no_sentence_is_missing(clauses: tuple[Clause, ...], expected: dict[str, int]) -> None:
    assert Counter(c.article.id for c in clauses) == expected
    assert [c.article.id for c in clauses] == sorted((c.article.id for c in clauses), key=list(ALL_ARTICLES).index)
    places = [(c.article.id, c.place) for c in clauses]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("said", BOTH, ids=lambda c: f"{c.article.id}{c.place}")
def test_each_is_put_to_work_by_what_is_there_or_it_is_said_why_not(said: Clause) -> None:
    assert said.where or said.reading
    assert said.says and not said.says.endswith("。") and (not said.reading or said.reading.endswith("。"))


def test_what_is_not_there_is_not_named() -> None:
    for name in ("no_step", "@no_clock", "#no_paper", "!no_record", "*no_event"):
        with pytest.raises(UnknownPlace):
            _ = clause("H1", "", "", name).where


def test_the_readings_are_printed_beside_the_article() -> None:
    assert [a for a in READ_OTHERWISE if not any(c.reading for c in HOUSE_CLAUSES if c.article.id == a)] == []
    tables = as_tables()
    for place, _, where, reading in clause_rows(BOTH):
        assert place in tables and where in tables and reading in tables
