"""引用核对：程序里每一处引用都登记在 citations.toml，写明这一条为什么能作依据；没有人引用的登记也不留。

The list is a lawyer's: read against the texts, not made by the program. Enter a new citation there with its reason.
"""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.repository.citations import (
    KINDS,
    Citation,
    all_citations,
    articles_in,
    in_readings,
    in_words,
    of_declarations,
)
from xinfang.procedure.articles import ALL_ARTICLES
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.limits import BY_CODE
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.printed_procedure import conditions
from xinfang.procedure.steps import STEPS

LIST = Path(__file__).parent / "citations.toml"
REASONS = tomllib.loads(LIST.read_text(encoding="utf-8"))["reason"]
KNOWN = {str(article) for article in ALL_ARTICLES.values()}


def entered() -> list[Citation]:
    return [
        Citation(f"{kind} {name}", reason["article"])
        for reason in REASONS
        for kind, names in reason.items()
        if kind not in ("article", "why")
        for name in names
    ]


def test_each_citation_is_entered_with_its_reason() -> None:
    missing = sorted(all_citations() - set(entered()))
    assert missing == [], f"read the article, then enter these in {LIST.name}"


def test_no_entry_is_left_that_nobody_cites() -> None:
    left = sorted(set(entered()) - all_citations())
    assert left == [], f"take these out of {LIST.name}, or name them as they are named now"


def test_nothing_is_entered_twice_and_each_reason_is_a_sentence_about_an_article_that_is_there() -> None:
    assert [citation for citation, times in Counter(entered()).items() if times > 1] == []
    assert {reason["article"] for reason in REASONS} <= KNOWN
    assert [reason for reason in REASONS if len(reason.get("why", "")) < 4] == []


def test_the_list_follows_the_order_of_the_articles() -> None:
    order = [str(article) for article in ALL_ARTICLES.values()]
    listed = [order.index(reason["article"]) for reason in REASONS]
    assert listed == sorted(listed)


def test_every_declaration_is_found() -> None:
    """The list would be complete too if the search saw nothing."""
    found = {citation.by for citation in of_declarations()}
    for kind, names in {
        "步骤": [s.rule.label for s in STEPS.values()],
        "条件": [c.says for c in conditions()],
        "期限": [c.label for c in CLOCKS.values()],
        "数字": [n.label for n in BY_CODE.values()],
        "文书": [p.label for p in PAPERS.values()],
    }.items():
        assert {f"{kind} {name}" for name in names} <= found
    assert {by.split(" ", 1)[0] for by in found} == set(KINDS.values())


def test_what_is_written_in_words_is_an_article_that_the_program_knows() -> None:
    unknown = sorted(citation for citation in in_words() | in_readings() if citation.article not in KNOWN)
    assert unknown == [], "name the source before the article (条例第二十三条), and enter the article in articles.py"


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("根据《信访工作条例》第二十三条的规定，", ["条例第二十三条"]),
        ("（规程第十三条、第十四条）", ["规程第十三条", "规程第十四条"]),
        ("（规程第七条、第八条，条例第二十三条）", ["规程第七条", "规程第八条", "条例第二十三条"]),
        ("条例第四十二条至第四十六条中的一项", ["条例第四十二条", "条例第四十六条"]),
        ("（条例第十八、三十五、三十六条）", ["条例第十八条", "条例第三十五条", "条例第三十六条"]),
        ("《信访工作条例》第三十二条第一款第二项，第三十五条", ["条例第三十二条", "条例第三十五条"]),
        ("依照《中华人民共和国政府信息公开条例》第三十三条", ["政府信息公开条例第三十三条"]),
        ("依照条例第二十条办理。另按第九条告知", ["条例第二十条", "第九条"]),
        ("第一款、第二项", []),
    ],
)
def test_how_articles_are_read_in_a_text(text: str, articles: list[str]) -> None:
    assert articles_in(text) == articles


def test_a_reading_goes_on_with_the_text_that_it_named_last() -> None:
    said = "照第七条的文字；条例没有“存信”，而要求登记、告知（第二十三条）；规程第八条"
    assert articles_in(said, "规程", goes_on=True) == ["规程第七条", "条例第二十三条", "规程第八条"]
