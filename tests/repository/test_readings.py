"""Every reading names articles and something of the program that is there, and is printed beside its articles."""

import pytest

from xinfang.procedure.articles import HOUSE_RULES
from xinfang.procedure.printed_procedure import as_json, as_tables
from xinfang.procedure.readings import ReadingKind, TextReading, all_readings, readings_of
from xinfang.procedure.steps import STEPS

DEPARTED = (6, 9, 14, 17, 18)
"""Articles of the department's procedure whose wording isn't followed as it is written."""


@pytest.mark.parametrize("reading", all_readings(), ids=lambda r: r.code)
def test_it_names_articles_and_what_is_there(reading: TextReading) -> None:
    assert reading.articles
    assert [name for name in reading.by if not name.startswith("=")] or "奖惩记录" in reading.where
    assert reading.where
    for text in (reading.says, reading.read, reading.why):
        assert text.endswith("。") and "。。" not in text
    assert reading.about and not reading.about.endswith("。")


def test_each_has_a_code_and_a_title_of_its_own() -> None:
    assert len({r.code for r in all_readings()}) == len(all_readings())
    assert len({r.about for r in all_readings()}) == len(all_readings())


@pytest.mark.parametrize("number", DEPARTED)
def test_where_the_wording_is_not_followed_it_is_said_beside_the_article(number: int) -> None:
    kinds = {r.kind for r in readings_of(HOUSE_RULES[number])}
    assert kinds & {ReadingKind.DEPARTS, ReadingKind.APART}


def test_to_whom_a_proposal_goes_is_said_beside_article_7() -> None:
    said = next(r for r in readings_of(HOUSE_RULES[7]) if "主要领导和分管领导" in r.about)
    assert "报请主要领导和分管领导" in said.says and "呈报厅领导阅批" in said.says


def test_all_of_them_are_printed() -> None:
    tables, told = as_tables(), {r["code"]: r for r in as_json()["readings"]}
    for reading in all_readings():
        for text in (reading.about, reading.says, reading.read, reading.why, reading.where):
            assert text in tables
        assert told[reading.code]["cites"] == [a.id for a in reading.articles]


@pytest.mark.parametrize(
    "reading", [r for r in all_readings() if "两人" in r.read or "另一人" in r.read], ids=lambda r: r.code
)
def test_where_it_says_two_persons_a_step_that_it_names_asks_for_them(reading: TextReading) -> None:
    named = [STEPS[name] for name in reading.by if name in STEPS]
    assert not named or any(step.rule.then for step in named)
