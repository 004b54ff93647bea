"""Where two letters of one wording differ, what only one of them names is marked; what both name isn't."""

import pytest

from xinfang.search.differences import marked, only_named

LETTER = "某某县第三期3号楼2单元，2019年3月5日交款5,000元，至今12个月未退。"


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        (LETTER, []),
        (LETTER.replace("3号楼", "7号楼"), ["3号楼"]),
        (LETTER.replace("3号楼", "13号楼"), ["3号楼"]),
        (LETTER.replace("第三期", "第二期"), ["第三期"]),
        (LETTER.replace("某某县", "别处县"), ["某某县"]),
        (LETTER.replace("3月5日", "3月6日"), ["2019年3月5日"]),
        (LETTER.replace("5,000元", "8,000元"), ["5,000元"]),
        (LETTER.replace("12个月", "6个月"), ["12个月"]),
        (LETTER.replace("2019年", "２０１９ 年"), []),
    ],
)
def test_what_only_one_names_is_marked(changed: str, differs: list[str]) -> None:
    passages = marked(LETTER, changed)
    assert only_named(passages) == differs
    assert "".join(p.text for p in passages) == LETTER, "and every character is shown"


def test_a_letter_without_any_is_one_passage() -> None:
    assert [(p.text, p.differs) for p in marked("请答复", "请回复")] == [("请答复", False)]
    assert marked("", "请回复") == []
