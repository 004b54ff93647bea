"""规程第二十条：追究责任须对应条例第四十二条至第四十六条的情形；由有权机关依规依纪依法决定，系统只如实记录。"""

import pytest

from tests.articles.department import HANDLER
from tests.articles.test_article_19 import reasons
from xinfang.procedure.articles import REGULATION, cite
from xinfang.procedure.personnel_words import DisciplineGround

DISCIPLINE = {"kind": "discipline", "unit": "", "person": HANDLER.code, "outcome": "责令改正", "ground": "n45_1"}


def test_it_names_one_of_the_items_of_the_national_regulation() -> None:
    assert reasons(DISCIPLINE) == {}
    refused = reasons({**DISCIPLINE, "ground": None})
    words = str(refused["discipline_names_its_ground"])
    assert "规程第二十条" in words and "条例第四十二条" in words and "条例第四十六条" in words


@pytest.mark.parametrize("ground", DisciplineGround)
def test_each_item_names_its_article(ground: DisciplineGround) -> None:
    assert 42 <= ground.article <= 46
    assert ground.label.startswith(cite([REGULATION[ground.article]]))
    assert reasons({**DISCIPLINE, "ground": ground.value}) == {}


def test_every_item_is_there() -> None:
    """The regulation has four items in article 42, three in 44, four in 45 and seven in 46; article 43 has none."""
    count = {n: sum(g.article == n for g in DisciplineGround) for n in range(42, 47)}
    assert count == {42: 4, 43: 1, 44: 3, 45: 4, 46: 7}


def test_repeated_petitions_and_dissatisfaction_are_no_ground() -> None:
    """Nobody is held to account for how many petitions came or how they were rated: it isn't among the items."""
    said = "".join(g.label for g in DisciplineGround)
    assert not [w for w in ("满意", "重复信访", "上访量", "信访量", "排名", "次数") if w in said]
