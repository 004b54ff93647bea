"""No article is forgotten: each is put to work somewhere, or it is said why there is nothing to compute."""

import re
from pathlib import Path

import pytest

from xinfang.procedure.articles import ALL_ARTICLES, NOTHING_TO_COMPUTE
from xinfang.procedure.limits import ALL_LIMITS, CHOSEN_BY_DEPARTMENT
from xinfang.procedure.printed_procedure import cited_by, conditions
from xinfang.procedure.steps import STEPS

ARTICLES = [f"H{n}" for n in range(1, 21)] + [f"N{n}" for n in range(17, 42)]
"""All of the department's procedure; of the national regulation the chapters on bringing, handling and supervising."""
TESTS = Path(__file__).resolve().parents[1] / "articles"


@pytest.mark.parametrize("article", ARTICLES)
def test_each_article_has_one_home(article: str) -> None:
    used, excused = cited_by().get(article, []), article in NOTHING_TO_COMPUTE
    assert bool(used) != excused, f"{ALL_ARTICLES[article]}: cited by {used}, and yet said to have nothing to compute"


@pytest.mark.parametrize("article", ARTICLES)
def test_each_article_put_to_work_has_tests_of_its_own_or_is_named_in_one(article: str) -> None:
    if article in NOTHING_TO_COMPUTE:
        return
    source, number = article[0], int(article[1:])
    own = TESTS / f"test_{'article' if source == 'H' else 'national'}_{number:02}.py"
    named = [p.name for p in TESTS.glob("test_*.py") if str(ALL_ARTICLES[article]) in p.read_text(encoding="utf-8")]
    assert own.exists() or named


def test_every_rule_and_condition_cites_something_and_says_what_to_do() -> None:
    assert [s.rule.code for s in STEPS.values() if not s.rule.cites] == []
    assert [c.code for c in conditions() if not c.cites or not c.todo or not c.says] == []


def test_a_number_the_text_does_not_give_is_marked_as_chosen() -> None:
    assert [n.code for n in ALL_LIMITS if n.setting != (CHOSEN_BY_DEPARTMENT in n.cites)] == []


def test_reasons_name_no_person_and_are_sentences() -> None:
    assert all(re.fullmatch(r".+。", why) for why in NOTHING_TO_COMPUTE.values())
