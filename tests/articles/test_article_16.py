"""规程第十六条：突发群体性上访，物业值班第一时间报办公室，办公室立即报厅领导并现场登记。"""

import pytest

from xinfang.procedure.calendar import seed_calendar
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.incidents import INCIDENTS
from xinfang.procedure.words import IncidentKind

from .house import RECEIVED

RULE = INCIDENTS[IncidentKind.SUDDEN_GATHERING]


def test_the_duty_desk_tells_the_office_and_the_office_the_leaders() -> None:
    assert [(r.label, str(limit)) for r, limit in RULE.told] == [
        ("办公室", "5分钟"),
        ("厅主要领导", "15分钟"),
        ("分管厅领导", "15分钟"),
    ]
    assert "规程第十六条" in [str(a) for a in RULE.cites]
    assert "现场登记每一件信访事项" in RULE.records


def test_minutes_are_not_counted_as_days() -> None:
    with pytest.raises(ValueError, match="按分钟计"):
        CLOCKS["incident_office"].compute(RECEIVED, seed_calendar())
