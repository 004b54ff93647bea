"""同事: letters of different people about one matter. Tied and untied by a person; no case is changed by it."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.casework.test_repeats_linked import as_, kept
from tests.urls import url
from tests.world import register, take, walk
from xinfang.accounts.models import Staff
from xinfang.audit import append_only_triggers
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import AccessLogEntry, Petition
from xinfang.matters.models import PairJudgement
from xinfang.matters.queries.ties import matter_of
from xinfang.procedure.step_codes import StepCode
from xinfang.proof.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
MONDAY = date(2026, 3, 2)
SAME = {"same_person": True, "same_matter": True, "reason": "同一人反映同一事项"}


def person(n: int) -> list[dict[str, str]]:
    """Invented people of one surname, each with a telephone of their own."""
    return [{"name": f"赵{'一二三四五六七八九'[n]}", "phone": f"1500000010{n}", "address": "某盟某旗"}]


def letter(n: int, **changes: Any) -> str:
    return register(MONDAY, persons=person(n), **changes)


def send(client: Client, one: str, other: str, verdict: str, *, turn: int = 0, **more: str) -> Any:
    answer = client.post(url("matter-pair", one), {"other": other, "verdict": verdict, "turn": str(turn), **more})
    if answer.status_code == 302:
        client.get(answer["Location"])  # what was done is said on the next page alone
    return answer


def whole(number: str) -> list[Any]:
    """All that is kept of a case, its history and its place in the chain too."""
    (row,) = Petition.objects.filter(number=number).values()
    return [row, *kept(number)]


def gathered(number: str) -> set[str]:
    petition = Petition.objects.get(number=number)
    return set(Petition.objects.filter(pk__in=matter_of(petition).all).values_list("number", flat=True))


def test_a_tie_changes_neither_case_and_undone_it_leaves_its_history():
    one, other = letter(1), letter(2)
    before = whole(one), whole(other)
    assert send(as_("clerk"), one, other, "same").status_code == 302
    assert (whole(one), whole(other)) == before, "not a day, task, state or event of either"
    assert gathered(one) == gathered(other) == {one, other}
    wrong = send(as_("clerk2"), other, one, "undone", turn=1)
    assert wrong.status_code == 422 and "没有选撤销的理由" in wrong.content.decode()
    assert send(as_("clerk2"), other, one, "undone", turn=1, ground="request").status_code == 302
    assert (whole(one), whole(other)) == before
    assert gathered(one) == {one} and gathered(other) == {other}
    page = as_("clerk").get(url("matter-pair", one), {"other": other}).content.decode()
    assert "乌兰：同事" in page and "孟和：撤销同事（诉求不同）" in page
    assert list(AdminRecord.objects.filter(what__startswith="认定：").order_by("id").values_list("what")) == [
        ("认定：同事",),
        ("认定：撤销同事",),
    ]


def test_of_two_clerks_at_once_one_wins_and_the_other_is_told():
    one, other = letter(1), letter(2)
    assert send(as_("clerk"), one, other, "apart").status_code == 302
    late = send(as_("clerk2"), other, one, "same")
    page = late.content.decode()
    assert late.status_code == 422 and "乌兰已对这两件作出认定“不是同一事项”；您的提交没有生效" in page
    assert PairJudgement.objects.count() == 1 and gathered(one) == {one}
    assert 'name="turn" value="1"' in page, "and decides on what is there now"
    assert send(as_("clerk2"), other, one, "same", turn=1).status_code == 302
    assert gathered(one) == {one, other}


def test_sent_twice_by_one_clerk_it_is_said_once():
    one, other = letter(1), letter(2)
    clerk = as_("clerk")
    assert [send(clerk, one, other, "same").status_code for _ in range(2)] == [302, 302]
    assert PairJudgement.objects.count() == 1


def test_the_database_keeps_each_turn_of_a_pair_once():
    one, other = (Petition.objects.get(number=letter(n)).pk for n in (1, 2))
    clerk = Staff.objects.get(username="clerk")
    row = {"one_id": one, "other_id": other, "turn": 1, "by": clerk, "at": timezone.now()}
    PairJudgement.objects.create(verdict="same", **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        PairJudgement.objects.create(verdict="apart", **row)


def test_one_surname_and_one_topic_are_never_one_matter_without_a_person():
    numbers = [letter(n) for n in (1, 2, 3)]
    for number in numbers:
        page = as_("clerk").get(url("similar", number)).content.decode()
        assert all(other in page for other in numbers if other != number), "they are proposed"
        assert gathered(number) == {number}
    assert not PairJudgement.objects.exists()


def test_a_tie_is_never_carried_on_to_a_third():
    one, bridge, third = (letter(n) for n in (1, 2, 3))
    clerk = as_("clerk")
    send(clerk, one, bridge, "same")
    send(clerk, bridge, third, "same")
    assert gathered(one) == {one, bridge} and gathered(third) == {bridge, third}
    assert gathered(bridge) == {one, bridge, third}
    page = clerk.get(url("matter", one)).content.decode()
    assert "没有与本件认定" in page and f"?other={third}" in page, "it is a question, with the way to answer it"
    send(clerk, one, third, "apart", ground="kind")
    assert third not in clerk.get(url("matter", one)).content.decode(), "and once it was answered it isn't asked"


def test_repeats_of_the_same_people_come_with_them():
    first, again, other = letter(1), letter(1), letter(2)
    take(again, StepCode.LINK_REPEAT, "clerk", MONDAY, first=first, **SAME)
    take(again, StepCode.LINK_REPEAT, "clerk2", MONDAY, agree=True)
    send(as_("clerk"), first, other, "same")
    assert gathered(other) == gathered(again) == {first, again, other}
    refused = send(as_("clerk"), first, again, "same")
    assert refused.status_code == 422 and "已经认定为重复件" in refused.content.decode()
    page = as_("clerk").get(url("matter", again)).content.decode()
    assert "首件" in page and "同事件" in page


def test_the_case_page_leads_to_all_of_them_side_by_side(django_assert_max_num_queries):
    numbers = [letter(n) for n in (1, 2, 3)]
    clerk = as_("clerk")
    for other in numbers[1:]:
        send(clerk, numbers[0], other, "same")
    case = clerk.get(url("petition", numbers[0])).content.decode()
    assert case.count("同事件 <a") == 2 and url("matter", numbers[0]) in case
    clerk.get(url("matter", numbers[0]))
    with django_assert_max_num_queries(35):
        page = clerk.get(url("matter", numbers[0])).content.decode()
    assert all(page.count(url("petition", n)) >= 2 for n in numbers), "in the list and in the timeline"
    assert "合在一起的办理经过" in page and "3 件" in page and "赵一" not in page and "乌兰 " in page


def test_what_somebody_does_not_see_is_not_there():
    one, other, reported = letter(1), letter(2), letter(3)
    clerk = as_("clerk")
    for number in (other, reported):
        send(clerk, one, number, "same")
    take(reported, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    for address in (url("matter", one), url("petition", one)):
        page = clerk.get(address).content.decode()
        assert other in page and reported not in page
    assert "2 件" in clerk.get(url("matter", one)).content.decode(), "nor counted"
    told = clerk.get(url("matter-pair", one), {"other": reported}).content.decode()
    never = clerk.get(url("matter-pair", one), {"other": "LX2019000077"}).content.decode()
    bare = [re.sub(r'(?<=")[0-9A-Za-z]{64}(?=")', "", p) for p in (told, never)]
    assert "没有这一件，或者您不能在这里看它" in told
    assert bare[0].replace(reported, "") == bare[1].replace("LX2019000077", "")
    assert clerk.get(url("matter", reported)).status_code == 404


def test_a_sealed_case_is_tied_to_none():
    one, reported = letter(1), letter(3)
    take(reported, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    assert send(as_("clerk"), one, reported, "same").status_code == 422
    officer = as_("sealed")
    officer.post(url("sealed-reason", reported), {"reason": "核对材料", "next": url("inbox")})
    page = officer.get(url("matter", reported)).content.decode()
    assert "还有同一事项的来件" not in page
    assert not PairJudgement.objects.exists()


def test_a_unit_sees_its_own_and_ties_nothing():
    day = timezone.localdate() - timedelta(days=20)
    own, other = register(day), letter(2)
    walk(own, "heard", day, 1)
    send(as_("clerk"), own, other, "same")
    handler = as_("handler")
    page = handler.get(url("matter", own)).content.decode()
    assert own in page and other not in page and "另一件的编号" not in page
    assert send(handler, own, own, "same").status_code == 422
    assert handler.get(url("matter", other)).status_code == 404


def test_where_two_letters_differ_is_marked_and_both_count_as_read():
    one = letter(1, body="请解决某某县3号楼2019年的补助5000元。")
    other = letter(2, body="请解决某某县7号楼2021年的补助5000元。")
    page = as_("clerk").get(url("matter-pair", one), {"other": other}).content.decode()
    marks = re.findall(r"<mark>(.*?)</mark>", page)
    assert {"3号楼", "7号楼", "2019年", "2021年"} <= set(marks) and not any("5000" in m for m in marks)
    assert "赵一" not in page and "15000000101" not in page
    read = AccessLogEntry.objects.filter(detail__part="compare").values_list("petition__number", flat=True)
    assert set(read) == {one, other}


def test_what_was_said_of_a_pair_is_proposed_no_more():
    one, other = letter(1), letter(2)
    clerk = as_("clerk")
    assert other in clerk.get(url("similar", one)).content.decode()
    send(clerk, one, other, "apart", ground="place")
    assert other not in clerk.get(url("similar", one)).content.decode()
    send(clerk, one, other, "same", turn=1)
    send(clerk, one, other, "undone", turn=2, ground="mistake")
    assert other in clerk.get(url("similar", one)).content.decode(), "taken back, it is open once more"


def test_a_row_that_was_changed_behind_the_program_is_found():
    one, other = letter(1), letter(2)
    send(as_("clerk"), one, other, "same")
    assert verify().whole
    append_only_triggers.remove()
    PairJudgement.objects.update(verdict="apart")
    append_only_triggers.install()
    assert {b.chain for b in verify().broken} == {"同一事项"}
