"""规程第一条：网络、书信、电话、传真、走访；公民、法人、其他组织。"""

import pytest

from tests.articles.department import CLERK, SOMEBODY, Case
from tests.articles.stories import registered
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Channel, PersonKind, State


@pytest.mark.parametrize("channel", ["online", "letter", "phone", "fax", "visit"])
@pytest.mark.parametrize("kind", ["natural", "legal", "organisation"])
def test_all_five_ways_and_all_three_kinds_of_petitioner_are_registered(channel: str, kind: str) -> None:
    case = registered(channel=channel, persons=[{**SOMEBODY, "kind": kind}])
    assert case.facts.state is State.REGISTERED


def test_no_other_way_and_no_other_kind_is_known() -> None:
    assert [c.label for c in Channel] == ["网络", "来信", "来电", "传真", "来访"]
    assert [k.label for k in PersonKind] == ["自然人", "法人", "其他组织"]


def test_something_must_be_said() -> None:
    refused = Case().refused(StepCode.REGISTER, by=CLERK, body="", requests=[])
    assert "没有写明诉求" in refused
    assert "规程第七条" in refused
