"""The home page answers the first question of each role, and each number opens what it counts."""

import html
import re
from datetime import timedelta

import pytest

from tests.urls import url
from tests.world import as_, register, take, walk
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def parts(username: str) -> dict[str, dict[str, tuple[str, str]]]:
    """What the home page says: part, fact, value and address."""
    page = as_(username).get(url("inbox")).content.decode()
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for title, facts in re.findall(
        r'<section class="card" aria-label="([^"]+)">\s*<h2>.*?<dl class="facts">(.*?)</dl>', page, re.S
    ):
        rows = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", facts, re.S)
        found[title] = {}
        for label, value in rows:
            address = re.search(r'href="([^"]+)"', value)
            words = re.sub(r"<[^>]+>|\s+", "", value)
            found[title][label] = (words, html.unescape(address[1]) if address else "")
    return found


def test_a_head_sees_what_the_unit_owes_and_each_number_opens_its_cases() -> None:
    for days in (80, 3):
        number = register(today() - timedelta(days=days))
        walk(number, "signed", today() - timedelta(days=days), 0)
    said = parts("head")["资源配置与经费处承办的事项"]
    assert said["已超期"][0] == "1件" and said["未办结"][0] == "2件"
    for value, address in said.values():
        count = int(value.removesuffix("件"))
        page = as_("head").get(address).content.decode()
        assert len(re.findall(r'<a class="what"', page)) == count, address


def test_a_leader_sees_what_they_are_in_charge_of() -> None:
    number = register(today())
    walk(number, "accepted", today(), 0)
    assert parts("leader")["我包案的事项"]["未办结"][0] == "1件"


def test_the_auditor_sees_since_when_all_is_sealed_and_how_often_was_unmasked() -> None:
    number = register(today())
    clerk = as_("clerk")
    clerk.post(url("phone", number))
    clerk.get(url("petition", number))
    said = parts("auditor")["记录是否完好"]
    assert said["最近一次封印"][0] == "还没有封印" and said["近7日查看个人信息"] == ("1次", url("log"))


def test_administrators_see_what_is_not_set_up() -> None:
    said = parts("admin")
    assert said["尚未填写的本厅设置"] and "待确认" in said
    assert parts("security")["待确认"]["等待另一人确认的人员变更"][1] == url("changes")


def test_the_archive_room_sees_what_waits_for_it() -> None:
    number = register(today())
    walk(number, "submitted", today(), 0)
    assert parts("archivist")["档案"]["待接收"] == ("1卷", url("archive"))


def test_who_has_nothing_to_look_after_is_told_nothing() -> None:
    number = register(today())
    take(number, StepCode.CLASSIFY, "clerk", today(), matter_class="report")
    assert parts("handler") == {} and "1件" not in str(parts("head"))
