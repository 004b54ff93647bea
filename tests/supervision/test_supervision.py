"""督办: what is owed by whom, for those who may see it; a line leads to a form that begins with what was found."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from tests.urls import url
from tests.world import register, take, walk
from xinfang.accounts.models import Staff
from xinfang.cases.models import Event, Petition
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode
from xinfang.proof.actions.rebuild import rebuild
from xinfang.supervision.models import SupervisionGroundRow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
HERE = url("supervision")


def as_(username):
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def at_results(day: date, **more) -> str:
    number = register(day)
    take(number, StepCode.CLASSIFY, "clerk", day, matter_class="claim", route="six", purpose="claim")
    take(number, StepCode.PROPOSE, "clerk", day, text="拟由成果处承办", unit="results", leader="leader2")
    take(number, StepCode.INSTRUCT, "leader2", day, text="同意")
    take(number, StepCode.ACCEPT, "clerk", day, contact="0471-0000000")
    take(number, StepCode.ASSIGN, "clerk", day, handling_unit="results", feedback_on="2099-12-31", **more)
    return number


@pytest.fixture
def owed():
    """One of each: silent for half the time, overdue, sent back, an assistant, pressed."""
    made = {}
    made["silent"] = register(ago(40))
    walk(made["silent"], "signed", ago(40), 0)
    made["late"] = register(ago(70))
    walk(made["late"], "heard", ago(70), 0)
    made["sent back"] = register(ago(20))
    walk(made["sent back"], "assigned", ago(20), 0)
    take(made["sent back"], StepCode.SEND_BACK, "head", ago(19), reason="不属本处")
    made["assisted"] = at_results(ago(17), assisting_units=["institute"])
    take(made["assisted"], StepCode.SIGN_FOR, "head2", ago(17), handler="handler2")
    take(made["assisted"], StepCode.TALK, "handler2", ago(16), place="电话", who_was_there="二人", said="核对情况")
    made["pressed"] = register(ago(12))
    walk(made["pressed"], "heard", ago(12), 0)
    take(made["pressed"], StepCode.SUPERVISE, "clerk", ago(9), ground="no_feedback", text="请说明")
    made["fresh"] = register(ago(3))
    walk(made["fresh"], "signed", ago(3), 0)
    return made


def lines(client, query=""):
    context = client.get(HERE + query).context
    return {(row["number"], row["ground"]) for row in context["rows"]}


def test_what_is_owed_by_whom(owed):
    context = as_("clerk").get(HERE).context
    found = {(r["number"], r["ground"], r["unit"]) for r in context["rows"]}
    funds, results = "资源配置与经费处", "草原生态研究所"
    assert found == {
        (owed["silent"], "时限过半无办理记录", funds),
        (owed["late"], "超期未办", funds),
        (owed["sent back"], "退回后未重新报送", "办公室（等待重新交办）"),
        (owed["assisted"], "协办单位无办理记录", results),
        (owed["pressed"], "督办待反馈", funds),
    }
    late = next(r for r in context["rows"] if r["number"] == owed["late"])
    assert late["found"].endswith("已超期10日") and "规程第十三条" in late["cites"]
    assert (late["handler"], late["done"], late["action"]["label"]) == ("巴特尔", "未督办", "督办")
    pressed = next(r for r in context["rows"] if r["number"] == owed["pressed"])
    assert pressed["done"].endswith("逾期未反馈") and pressed["action"] is None
    assert [r["since"] for r in context["rows"]] == [
        r["since"]
        for r in sorted(
            context["rows"],
            key=lambda r: SupervisionGroundRow.objects.get(petition__number=r["number"], ground__in=_of(r)).since,
        )
    ]


def _of(row):
    return [g for g, label in SupervisionGroundRow._meta.get_field("ground").choices if label == row["ground"]]


def test_every_number_opens_its_lines(owed):
    for username in ("clerk", "head", "leader"):
        client = as_(username)
        table = client.get(HERE).context["table"]
        cells = [c for row in table["rows"] for c in row["cells"]] + table["total"]
        assert any(c["number"] for c in cells)
        for cell in cells:
            if cell["number"]:
                answer = client.get(cell["url"])
                assert len(answer.context["rows"]) == cell["number"], (username, cell)
                assert not answer.context["notes"]


def test_each_sees_what_they_may(owed):
    everything = {n for n, _ in lines(as_("clerk"))}
    assert everything == set(owed.values()) - {owed["fresh"]}
    assert {n for n, _ in lines(as_("head"))} == {owed["silent"], owed["late"], owed["pressed"]}
    assert lines(as_("head2")) == set(), "the handling unit of the assisted case owes nothing itself"
    assert {n for n, _ in lines(as_("leader2"))} == {owed["assisted"]}
    assert lines(as_("principal")) == lines(as_("office_head")) == lines(as_("clerk"))
    for nobody in ("handler", "support", "admin", "archivist", "adviser", "sealed"):
        assert as_(nobody).get(HERE).status_code == 404, nobody
        assert url("supervision") not in as_(nobody).get(url("inbox")).content.decode()


def test_the_auditor_counts_and_sees_no_case(owed):
    page = as_("auditor").get(HERE)
    assert page.status_code == 200 and page.context["rows"] == []
    text = page.content.decode()
    assert not re.search(r"(LX|WX|LF)\d{10}", text) and "科技特派员" not in text
    assert [c["number"] for c in page.context["table"]["total"]] == [1, 1, 1, 1, 1, 5]
    assert not any(c["url"] for row in page.context["table"]["rows"] for c in row["cells"])


def test_who_is_recused_or_complained_of_sees_nothing_of_it(owed):
    take(owed["late"], StepCode.RECUSE, "leader", person="clerk", reason="亲属")
    take(owed["late"], StepCode.RECUSE, "office_head", agree=True)
    assert owed["late"] not in {n for n, _ in lines(as_("clerk"))}
    assert owed["late"] in {n for n, _ in lines(as_("clerk2"))}
    about = register(ago(70), complained_units=["results"])
    walk(about, "heard", ago(70), 0)
    assert about in {n for n, _ in lines(as_("head"))}
    assert about not in {n for n, _ in lines(as_("head2"))}


def test_a_sealed_report_leaves_the_board(owed):
    number = register(ago(70))
    take(number, StepCode.CLASSIFY, "clerk", ago(70), matter_class="suggestion", purpose="suggestion")
    take(number, StepCode.REFER, "clerk", ago(69), handling_unit="funds")
    assert number in {n for n, _ in lines(as_("clerk"))}
    Petition.objects.filter(number=number).update(sealed=True)
    assert number not in {n for n, _ in lines(as_("clerk"))}


def test_filters_stand_in_the_address_and_nonsense_is_said(owed):
    clerk = as_("clerk")
    assert lines(clerk, "?ground=overdue") == {(owed["late"], "超期未办")}
    assert lines(clerk, "?unit=none") == {(owed["sent back"], "退回后未重新报送")}
    assert {n for n, _ in lines(clerk, "?unit=institute")} == {owed["assisted"]}
    assert "没有符合条件" in clerk.get(HERE + "?unit=institute&ground=overdue").content.decode()
    for wrong in (
        "?ground=silly",
        "?unit=%00",
        "?after=x",
        "?after=2026-01-01_9&before=1",
        "?end=1",
        "?all=1",
        "?all=x",
    ):
        answer = clerk.get(HERE + wrong)
        assert answer.status_code == 200, wrong
    assert "没有用于筛选" in clerk.get(HERE + "?ground=silly").content.decode()


def test_the_form_begins_with_what_was_found(owed):
    clerk = as_("clerk")
    row = next(r for r in clerk.get(HERE).context["rows"] if r["number"] == owed["late"])
    page = clerk.get(row["action"]["url"]).content.decode()
    assert "经查，此件“办结”" in page and "已超期10日（规程第五条" in page
    assert re.search(r'value="overdue"\s+(selected|checked)', page)
    # What no longer holds, or is none, begins an empty form.
    for query in ("?found=no_record&unit=funds", "?found=overdue&unit=results", "?found=x"):
        assert "经查" not in clerk.get(url("step", owed["late"], StepCode.SUPERVISE) + query).content.decode()


def test_pressing_and_answering_move_it_along(owed):
    take(owed["late"], StepCode.SUPERVISE, "clerk", ground="overdue", text="请抓紧")
    clerk = as_("clerk")
    rows = {r["ground"]: r for r in clerk.get(HERE).context["rows"] if r["number"] == owed["late"]}
    assert set(rows) == {"超期未办", "督办待反馈"}
    assert "已督办" in rows["超期未办"]["done"] and rows["超期未办"]["action"] is None
    head = next(
        r for r in as_("head").get(HERE).context["rows"] if r["ground"] == "督办待反馈" and r["number"] == owed["late"]
    )
    assert head["action"]["label"] == "反馈" and as_("head").get(head["action"]["url"]).status_code == 200
    take(owed["late"], StepCode.ANSWER_SUPERVISION, "head", text="已约谈")
    rows = {r["ground"]: r for r in clerk.get(HERE).context["rows"] if r["number"] == owed["late"]}
    assert set(rows) == {"超期未办"} and "已反馈" in rows["超期未办"]["done"]


def test_the_number_of_questions_does_not_grow(owed, django_assert_max_num_queries):
    clerk = as_("clerk")
    clerk.get(HERE)
    for _ in range(3):
        walk(register(ago(65)), "heard", ago(65), 0)
    with django_assert_max_num_queries(11):
        assert len(clerk.get(HERE).context["rows"]) == 8


def test_pages_of_fifty(owed):
    model = SupervisionGroundRow.objects.get(petition__number=owed["late"], ground="overdue")
    for n in range(60):
        copy = Petition.objects.get(number=owed["late"])
        copy.pk, copy.number = None, f"LX20269{n:05d}"
        copy.save()
        SupervisionGroundRow.objects.create(
            petition=copy,
            ground="overdue",
            unit=model.unit,
            began=model.began,
            since=ago(n),
            due=ago(n + 1),
            clock="handling",
        )
    clerk = as_("clerk")
    first = clerk.get(HERE + "?ground=overdue")
    assert len(first.context["rows"]) == 50 and "共 61 条" in first.content.decode()
    second = clerk.get(first.context["page"]["next_url"])
    numbers = [r["number"] for r in (*first.context["rows"], *second.context["rows"])]
    assert len(numbers) == len(set(numbers)) == 61
    assert "ground=overdue" in first.context["page"]["next_url"]
    assert len(clerk.get(first.context["all_url"]).context["rows"]) == 61


def test_nothing_owed_says_so():
    assert "没有督办事由" in as_("clerk").get(HERE).content.decode()
    assert "没有督办事由" in as_("auditor").get(HERE).content.decode()


def test_the_kept_grounds_are_those_of_the_history(owed):
    """Made again from the events they are the same."""
    fields = ("petition_id", "ground", "unit_id", "began", "since", "due", "clock")
    kept = sorted(SupervisionGroundRow.objects.values_list(*fields), key=str)
    SupervisionGroundRow.objects.all().delete()
    rebuild(sorted(Petition.objects.values_list("number", flat=True)))
    assert sorted(SupervisionGroundRow.objects.values_list(*fields), key=str) == kept
    assert Event.objects.count(), "and nothing else was touched"
