"""规程第十五条：集体来访由办公室、包案处室单位、保障中心共同接访，并立即向厅领导报告。"""

from xinfang.procedure.incidents import INCIDENTS
from xinfang.procedure.words import IncidentKind

from .house import CLERK, SOMEBODY, Case, registered

RULE = INCIDENTS[IncidentKind.GROUP_VISIT]


def test_who_receives_a_group_and_who_is_told() -> None:
    assert [r.label for r in RULE.attends] == ["办公室", "处室（单位）负责人", "保障中心"]
    assert [(r.label, str(limit)) for r, limit in RULE.told] == [("厅主要领导", "15分钟"), ("分管厅领导", "15分钟")]
    assert "规程第十五条" in [str(a) for a in RULE.cites]


def test_five_visitors_are_a_group_and_name_representatives() -> None:
    refused = Case().refused("register", by=CLERK, channel="visit", group_size=5)
    assert "5人以上的集体来访没有填写代表（条例第二十条、规程第十五条）" in refused
    registered(channel="visit", group_size=5, persons=[{**SOMEBODY, "role": "representative"}])


def test_four_visitors_are_none() -> None:
    registered(channel="visit", group_size=4)
