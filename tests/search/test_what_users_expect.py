"""What users expect of a search, row by row, as they type it; docs/finding.md prints each row."""

from datetime import date
from pathlib import Path

import pytest

from tests.search.test_search import find
from tests.urls import url
from tests.world import as_, register, walk
from xinfang.cases.models import Petition
from xinfang.search import index

MONDAY = date(2026, 3, 2)
TOLD = (Path(__file__).parents[2] / "docs/finding.md").read_text("utf-8")
CASES = {
    "both": {"subject": "停车难", "body": "小区夜间噪音扰民。"},
    "parking": {"subject": "停车收费", "body": "停车收费太高。", "channel": "phone", "contact": "phone"},
    "noise": {"subject": "噪声", "body": "工地施工。", "received_on": "2026-02-03"},
    "company": {"subject": "物业公司", "body": "物业公司多收物业费。"},
    "sent": {
        "subject": "转来事项",
        "body": "请办理。",
        "source": "superior",
        "sender": "自治区信访局",
        "sender_number": "转字〔示例〕0124号",
    },
    "person": {"subject": "草场", "body": "草场补偿。", "persons": [{"name": "温都苏", "phone": "13847107391"}]},
}
FOUND: dict[str, set[str]] = {
    "停车，噪音": {"both"},
    "停车、噪音": {"both"},
    "停车+噪音": {"both"},
    "“噪音扰民”": {"both"},
    '"噪音扰民"': {"both"},
    "停车 OR 噪音": {"both", "parking"},
    "停车|噪音": {"both", "parking"},
    "停车 -噪音": {"parking"},
    "停车 NOT 噪音": {"parking"},
    "停車": {"both", "parking"},
    "噪音擾民": {"both"},
    "日期:2026-02-03": {"noise"},
    "日期:2026年2月3日": {"noise"},
    "渠道:来电": {"parking"},
    "状态:办理中": {"company"},
    "单位:经费处": {"company"},
    "承办人:巴特尔": {"company"},
    "转字〔示例〕0124号": {"sent"},
    "自治区信访局": {"sent"},
    "温都苏 7391": {"person"},
    "温 都苏": {"person"},
    "温都苏 13847107391": {"person"},
    "wendusu": {"person"},
    "wds": {"person"},
    # A reply, what was found, and a leader's instruction.
    "预算调整": {"company"},
    "应发12个月补助属实": {"company"},
    "我包案": {"company"},
    # By design: these are many people's, and only keyed hashes of numbers are kept.
    "7391": set(),
    "1384710": set(),
    "温**": set(),
    "温某": set(),
}
OFFERED = {
    "物业公思": "物业公司",
    "物叶公司": "物业公司",
    "wuye": "物业",
    "wy": "物业",
    "噪声": "噪声 或 噪音",
    "2026-02-03": "日期:2026-02-03",
    "2026年2月3日": "日期:2026年2月3日",
    "已办结": "状态:已办结",
    "来访": "渠道:来访",
    "资源配置与经费处": "单位:资源配置与经费处",
    "巴特尔": "承办人:巴特尔",
}
"""What isn't found as it was typed, or not only so, is one click away."""


@pytest.fixture
def numbers(department, monkeypatch) -> dict[str, str]:
    monkeypatch.setattr(index, "_COUNTED", 1)
    day = MONDAY
    made = {name: register(day, **{"requests": [{"text": "请处理"}] * 2, **said}) for name, said in CASES.items()}
    walk(made["company"], "drafted", day)
    return made


@pytest.mark.django_db
def test_every_row_is_answered_as_users_expect(numbers) -> None:
    clerk = as_("clerk")
    names = {number: name for name, number in numbers.items()}
    for typed, wanted in FOUND.items():
        page = clerk.post(url("search"), {"q": typed}, follow=True)
        assert {names[r["number"]] for r in page.context["rows"]} == wanted, typed
    for typed, offered in OFFERED.items():
        page = find(clerk, typed)
        assert offered in [*page.context["suggested"], *page.context["offered"]], typed
        assert f'value="{offered}"' in page.content.decode()
    click = clerk.post(url("search"), {"q": "噪声 或 噪音"}, follow=True)
    assert {names[r["number"]] for r in click.context["rows"]} == {"noise", "both"}
    assert Petition.objects.count() == len(CASES)


def test_every_row_is_printed() -> None:
    missing = [typed for typed in [*FOUND, *OFFERED] if f"`{typed}`".replace("|", "\\|") not in TOLD]
    assert missing == []
