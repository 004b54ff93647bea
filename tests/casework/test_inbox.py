"""我的待办: what is asked of me, by due date; and the leader's queue."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.urls import url
from tests.world import LETTER, register, take, tell, walk
from xinfang.accounts.models import Staff
from xinfang.cases.models import Event, Petition, Task
from xinfang.casework.views import inbox
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def as_(username):
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def numbers(answer):
    return [r["number"] for r in answer.context["rows"]]


def test_one_line_a_case_those_due_first(django_assert_max_num_queries):
    late, fresh = register(ago(20)), register(ago(1), channel="online", subject="建议简化材料")
    soon = register(
        ago(10), persons=[{**LETTER["persons"][0], "name": "张静"}, {"name": "李勇", "role": "co_signer"}], group_size=2
    )
    clerk = as_("clerk")
    with django_assert_max_num_queries(20):
        answer = clerk.get(url("inbox"))
    page = answer.content.decode()
    rows = answer.context["rows"]
    assert numbers(answer) == [late, soon, fresh]
    row = next(r for r in rows if r["number"] == late)
    assert row["chip"] == {"kind": "late", "text": "已超期 5 天"} and row["clock"] == "书面告知"
    assert [a["words"] for a in row["asked_links"]] == ["分类"] and row["who"] == "其**" and not row["others"]
    assert next(r for r in rows if r["number"] == soon)["others"]
    assert "其木格" not in page and "15000000001" not in page
    assert '<span class="name">其**</span>' in page


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    for username in ("clerk", "leader"):
        client = as_(username)
        walk(register(ago(3)), "proposed", ago(3), 0)
        register(ago(3))
        with CaptureQueriesContext(connection) as few:
            client.get(url("inbox"))
        for _ in range(5):
            walk(register(ago(3)), "proposed", ago(3), 0)
            register(ago(3))
        with django_assert_num_queries(len(few)):
            client.get(url("inbox"))


def test_tabs_with_counts_kept_in_the_address():
    late = register(ago(20))
    handed = register(ago(2), source="bureau_forwarded", sender="自治区信访局", sender_number="转1号")
    clerk = as_("clerk")
    tabs = {t["label"]: t["count"] for t in clerk.get(url("inbox")).context["tabs"]}
    assert tabs["全部"] == 2 and tabs["已超期"] == 1 and tabs["转来件"] == 1
    assert numbers(clerk.get(f"{url('inbox')}?tab=late")) == [late]
    assert numbers(clerk.get(f"{url('inbox')}?tab=handed")) == [handed]
    for tab in inbox.TABS:
        answer = clerk.get(f"{url('inbox')}?tab={tab}")
        assert len(answer.context["rows"]) == next(t["count"] for t in answer.context["tabs"] if t["current"])
    assert "没有用于筛选" in clerk.get(f"{url('inbox')}?tab=nonsense").content.decode()


def test_who_signs_and_checks_finds_what_waits_for_that_together():
    checked, signed, other = (register(ago(9)) for _ in range(3))
    walk(checked, "drafted", ago(8), 0)
    walk(signed, "reviewed", ago(8), 0)
    walk(other, "proposed", ago(8), 0)
    labels = {t["label"]: t["count"] for t in as_("head").get(url("inbox")).context["tabs"]}
    assert labels["待我审核"] == 1 and "待我签发" not in labels, "what nobody asks for isn't offered"
    assert numbers(as_("head").get(f"{url('inbox')}?tab=check")) == [checked]
    leader = as_("leader")
    assert numbers(leader.get(f"{url('inbox')}?tab=sign")) == [signed] and set(numbers(leader.get(url("inbox")))) == {
        signed,
        other,
    }
    empty = leader.get(f"{url('inbox')}?tab=check")
    assert not numbers(empty) and "没有等您审核的文书" in empty.content.decode()


def test_pages_show_every_case_once(monkeypatch):
    monkeypatch.setattr(inbox, "PAGE_SIZE", 3)
    all_of = {register(ago(d)) for d in (1, 1, 1, 5, 5, 9, 20, 30)}
    clerk, seen, address = as_("clerk"), [], url("inbox")
    while address:
        answer = clerk.get(address)
        seen += numbers(answer)
        address = answer.context["page"].get("next_url")
    assert len(seen) == len(all_of) and set(seen) == all_of
    backwards, address = [], f"{url('inbox')}?end=1"
    while address:
        answer = clerk.get(address)
        backwards = numbers(answer) + backwards
        address = answer.context["page"].get("prev_url")
    assert backwards == seen


def test_a_wrong_place_is_said():
    register(ago(1))
    clerk = as_("clerk")
    for place in ("after=x", "before=2026-02-30_1", "after=2026-01-01_-5", "before=2026-01-01", "after=_"):
        answer = clerk.get(f"{url('inbox')}?{place}")
        assert "已从头显示" in answer.content.decode() and len(answer.context["rows"]) == 1, place


def test_empty_says_what_will_come():
    assert "现在没有待办事项" in as_("handler").get(url("inbox")).content.decode()
    assert "登记来件" in as_("clerk").get(url("inbox")).content.decode()


def test_only_what_is_asked_of_me():
    number = register(ago(5))
    walk(number, "assigned", ago(5), 0)
    assert numbers(as_("clerk2").get(url("inbox"))) == [number], "the notice that nobody made is the office's"
    tell(number, ago(5))
    assert numbers(as_("head").get(url("inbox"))) == [number]
    for username in ("head2", "handler", "clerk2", "archivist", "auditor"):
        assert numbers(as_(username).get(url("inbox"))) == []


def test_hostile_words_stay_words():
    register(ago(1), subject="<script>alert(1)</script>", persons=[{"name": '"><img src=x onerror=alert(2)>'}])
    page = as_("clerk").get(url("inbox")).content.decode()
    assert "<script>alert" not in page and "<img" not in page and "&lt;script&gt;alert(1)" in page


def test_a_leaders_card_says_what_is_asked_for():
    asked = [{"text": "补发2024年度补助。" + "请尽快核实。" * 20}, *({"text": f"第{n}项"} for n in range(2, 6))]
    walk(register(ago(3), requests=asked), "proposed", ago(2), 0)
    answer = as_("leader").get(url("inbox"))
    (card,) = answer.context["cards"]
    assert card["requests"] == [asked[0]["text"][:60] + "…", "第2项", "第3项"] and card["requests_left"] == 2
    assert "诉求1" in answer.content.decode() and "另有 2 项诉求" in answer.content.decode()


def test_the_leaders_queue_agrees_in_one_post(django_assert_max_num_queries):
    number = register(ago(3), body="信访人称某项目验收组两名专家与承担单位有合作论文。" * 20)
    walk(number, "proposed", ago(2), 0)
    leader = as_("leader")
    with django_assert_max_num_queries(23):
        answer = leader.get(url("inbox"))
    page, (card,) = answer.content.decode(), answer.context["cards"]
    assert card["yes"] == "同意拟办意见，我包案" and "属本厅职责" in page and len(card["summary"]) == 121
    assert card["ask"] == f"{number} {card['subject']}：同意拟办意见，我包案？"
    assert card["clock"] == "书面告知" and f"{url('step', number, StepCode.INSTRUCT)}?agree=0" in page
    form = re.search(r'<form method="post" action="(/petitions/[^"]+)".*?</form>', page, re.S)
    assert form
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
    assert leader.post(form[1], fields)["Location"] == url("inbox")
    after = leader.get(url("inbox")).content.decode()
    assert "批示" in after and "现在没有待办事项" in after
    petition = Petition.objects.get(number=number)
    assert petition.state == "instructed" and petition.responsible_leader.username == "leader"
    leader.post(form[1], fields)
    assert Event.objects.filter(petition=petition, code=StepCode.INSTRUCT).count() == 1, "sent twice is one instruction"


def test_a_sheet_that_goes_round_is_read_in_one_post_and_gone():
    number = register(ago(3))
    walk(number, "proposed", ago(2), 0)
    reader = as_("leader2")
    assert reader.get(url("petition", number)).status_code == 404
    take(number, StepCode.CIRCULATE_SHEET, "clerk", readers=["leader2"], note="请知悉经费情况。")
    answer = reader.get(url("inbox"))
    (card,) = answer.context["cards"]
    assert (card["said_by"], card["said"], card["yes"]) == ("办公室送圈阅", "请知悉经费情况。", "已阅")
    form = re.search(r'<form method="post" action="(/petitions/[^"]+)".*?</form>', answer.content.decode(), re.S)
    assert form
    reader.post(form[1], dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0])))
    assert "现在没有待办事项" in reader.get(url("inbox")).content.decode()
    assert reader.get(url("petition", number)).status_code == 200, "what one has read one may look at again"
    row = Petition.objects.get(number=number)
    assert row.state == "proposed" and not row.tasks.filter(step=StepCode.READ_SHEET).exists()


def test_extension_signature_and_closing_have_cards():
    extend, sign, close = (register(ago(9)) for _ in range(3))
    walk(extend, "signed", ago(8), 0)
    take(extend, StepCode.REQUEST_EXTENSION, "handler", days=20, reason="需等待审计结果。")
    walk(sign, "reviewed", ago(8), 0)
    walk(close, "closing", ago(8), 0)
    leader = as_("leader")
    cards = {c["step"]: c for c in leader.get(url("inbox")).context["cards"]}
    assert set(cards) == {StepCode.GRANT_EXTENSION, StepCode.SIGN_REPLY, StepCode.CLOSE}
    assert (
        cards[StepCode.GRANT_EXTENSION]["yes"] == "批准 20 日" and "→" in cards[StepCode.GRANT_EXTENSION]["said_more"]
    )
    assert any("予以支持" in line for line in cards[StepCode.SIGN_REPLY]["said_lines"])
    assert cards[StepCode.CLOSE]["said"] == "已办结。"
    for card in cards.values():
        sent = {**card["hidden"], "key": card["key"], "seen": card["seen"], "next": url("inbox")}
        assert leader.post(card["action"], sent)["Location"] == url("inbox"), card["step"]
    assert Petition.objects.get(number=close).state == "closed"
    assert not Task.objects.filter(petition__number=extend, step=StepCode.GRANT_EXTENSION).exists()


def test_somebody_was_faster_is_said():
    number = register(ago(3))
    walk(number, "proposed", ago(2), 0)
    leader = as_("leader")
    (card,) = leader.get(url("inbox")).context["cards"]
    take(number, StepCode.INSTRUCT, "principal", text="同意。")
    answer = leader.post(
        card["action"], {**card["hidden"], "key": card["key"], "seen": card["seen"], "next": url("inbox")}
    )
    assert answer.status_code == 422 and "另有人办理了此件" in answer.content.decode()
