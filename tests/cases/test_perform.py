"""What perform promises: all or nothing, once, and never over somebody else's work."""

import sqlite3
from datetime import date
from typing import Any

import pytest
from django.db import connection

from tests.world import ASKED_FOR_REVIEW, LETTER, noon, register, take, tell, walk, who
from xinfang.cases.actions.perform import perform
from xinfang.cases.models import CaseVisibility, Deadline, Event, Petition, Petitioner, Request, RequiredPaper, Task
from xinfang.cases.projection import Projection
from xinfang.cases.projections import PetitionColumns, RequestRows, Visibility
from xinfang.core.models import NumberSeries
from xinfang.core.numbering import check_series
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import InvalidAnswer, load_step, step_schema
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.handling import TalkWithPetitioner
from xinfang.procedure.visibility import NotVisible
from xinfang.search import index as search_index
from xinfang.search.projections import SearchIndex

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
MONDAY = date(2026, 3, 2)


def _everything() -> dict[str, list[Any]]:
    tables = [Petition, Petitioner, Request, Event, Deadline, Task, RequiredPaper, CaseVisibility, NumberSeries]
    rows: dict[str, list[Any]] = {t.__name__: list(t.objects.order_by("pk").values()) for t in tables}
    index_tables = [t for t in connection.introspection.table_names() if t.startswith("search_")]
    with connection.cursor() as cursor:
        for table in index_tables:
            if table.endswith(("_idx", "_docsize", "_config", "_data", "_vocab", "_grams", "_content")):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = sorted(map(repr, cursor.fetchall()))
    return rows


@pytest.mark.parametrize("place", [RequestRows, Visibility, SearchIndex, PetitionColumns])
def test_a_failing_write_leaves_nothing_changed(place: type[Projection], monkeypatch: pytest.MonkeyPatch) -> None:
    number = register(MONDAY)
    walk(number, "advised", MONDAY)
    before = _everything()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(place, "write", fail)
    code, by, answers = {
        RequestRows: (StepCode.SUPPLEMENT, "clerk", {"text": "又补充一项", "requests": [{"text": "公开进度"}]}),
        Visibility: (StepCode.CHANGE_LEADER, "office_head", {"leader": "leader2", "reason": "分工调整"}),
        SearchIndex: (StepCode.SUPPLEMENT, "clerk", {"text": "又补充一项", "requests": [{"text": "公开进度"}]}),
        PetitionColumns: (StepCode.SUPPLEMENT, "clerk", {"text": "又补充一项"}),
    }[place]
    with pytest.raises(sqlite3.OperationalError):
        take(number, code, by, date(2026, 3, 20), **answers)
    assert _everything() == before


@pytest.mark.parametrize("place", ["字" * 201, ""])
def test_a_step_that_could_not_be_read_again_is_never_written(place: str) -> None:
    """Steps are also made by the program, of answers to others, and pass no form then."""
    number = register(MONDAY)
    walk(number, "signed", MONDAY)
    before = _everything()
    step = TalkWithPetitioner(place=place, who_was_there="承办人", said="核对了月份。")
    with pytest.raises((InvalidAnswer, Refused)):
        perform(step, number, by=who("handler", date(2026, 3, 20)), now=noon(date(2026, 3, 20)))
    assert _everything() == before


def test_a_reply_has_no_longer_number_than_its_paper() -> None:
    """The number of the reply becomes that of its paper: a longer one would be kept there and never be read again."""
    longest = {
        c: {s.name: s.longest for s in step_schema(STEPS[c])} for c in (StepCode.ISSUE_REPLY, StepCode.ISSUE_PAPER)
    }
    assert longest[StepCode.ISSUE_REPLY]["document_number"] == longest[StepCode.ISSUE_PAPER]["document_number"]


def test_a_failing_registration_takes_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    register(MONDAY)
    before = _everything()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise sqlite3.OperationalError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(search_index.PreparedIndexEntry, "put", fail)
        with pytest.raises(sqlite3.OperationalError):
            register(MONDAY)
    assert _everything() == before
    assert register(MONDAY) == "LX2026000002"
    assert all(not s.missing for s in check_series())


def test_a_form_sent_twice_is_one_event() -> None:
    step = load_step(STEPS[StepCode.REGISTER], {**LETTER, "received_on": "2026-03-02"})
    first = perform(step, None, by=who("clerk"), idempotency_key="form-1", now=noon(MONDAY))
    second = perform(step, None, by=who("clerk"), idempotency_key="form-1", now=noon(MONDAY))
    assert second.again and second.petition.pk == first.petition.pk
    assert Petition.objects.count() == 1


def test_somebody_was_faster() -> None:
    number = register(MONDAY)
    take(number, StepCode.CLASSIFY, "clerk2", MONDAY, matter_class="claim", route="six")
    step = load_step(STEPS[StepCode.CLASSIFY], {"matter_class": "suggestion"})
    with pytest.raises(Refused) as refused:
        perform(step, number, by=who("clerk"), expected_revision=1, now=noon(MONDAY))
    assert refused.value.reasons[0].code == "somebody_was_faster"
    assert Petition.objects.get(number=number).matter_class == "claim"


def test_a_refusal_carries_all_its_reasons() -> None:
    number = register(MONDAY)
    walk(number, "signed", MONDAY)
    with pytest.raises(Refused) as refused:
        take(number, StepCode.GRANT_EXTENSION, "handler", date(2026, 3, 10), days=31, reason="等审计")
    codes = {r.code for r in refused.value.reasons}
    assert codes >= {"who", "an_extension_is_asked", "at_most_thirty_days"}
    assert all(r.cites and r.todo for r in refused.value.reasons)


def test_filing_takes_two_persons_and_comes_back() -> None:
    number = register(MONDAY)
    answers = {"ground": "no_value", "reason": "广告宣传材料"}
    take(number, StepCode.FILE_WITHOUT_ACTION, "clerk", MONDAY, **answers)
    assert Petition.objects.get(number=number).state == "registered"
    with pytest.raises(Refused) as refused:
        take(number, StepCode.FILE_WITHOUT_ACTION, "clerk", MONDAY, agree=True)
    assert "second_person" in {r.code for r in refused.value.reasons}
    take(number, StepCode.FILE_WITHOUT_ACTION, "clerk2", MONDAY, agree=True)
    assert Petition.objects.get(number=number).state == "filed"
    take(number, StepCode.REOPEN, "clerk", date(2026, 3, 9), reason="信访人来电说明了内容")
    petition = Petition.objects.get(number=number)
    assert petition.state == "registered"
    assert petition.next_due == date(2026, 3, 17), "a wrong end doesn't lengthen the wait"


def test_the_recused_lose_the_case_at_once() -> None:
    number = register(MONDAY)
    walk(number, "signed", MONDAY)
    take(number, StepCode.RECUSE, "handler", date(2026, 3, 10), person="handler", reason="与信访人是亲属")
    take(number, StepCode.RECUSE, "leader", date(2026, 3, 10), agree=True)
    with pytest.raises(NotVisible):
        take(number, StepCode.TALK, "handler", date(2026, 3, 10), place="电话", who_was_there="x", said="x")
    assert not Task.objects.filter(petition__number=number, staff__username="handler").exists()


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (
            [
                (
                    StepCode.CLASSIFY,
                    "clerk",
                    {"matter_class": "claim", "competence": "elsewhere", "not_ours": "属社保"},
                ),
                (StepCode.REDIRECT, "clerk", {"body": "自治区人社厅", "reason": "属社保争议"}),
            ],
            "redirected",
        ),
        (
            [
                (StepCode.CLASSIFY, "clerk", {"matter_class": "claim", "route": "six"}),
                (
                    StepCode.FORWARD,
                    "clerk",
                    {"body": "某盟科技局", "contact": "市府路1号，0000-0000001", "reason": "属其职责"},
                ),
            ],
            "forwarded",
        ),
        (
            [
                (StepCode.CLASSIFY, "clerk", {"matter_class": "claim", "route": "two"}),
                (
                    StepCode.ROUTE,
                    "clerk",
                    {
                        "route_name": "行政复议",
                        "law": "行政复议法",
                        "body": "自治区人民政府",
                        "time_limit": "60日",
                        "reason": "对认定决定不服",
                    },
                ),
            ],
            "routed",
        ),
        (
            [
                (StepCode.CLASSIFY, "clerk", {"matter_class": "claim", "route": "one"}),
                (
                    StepCode.DECLINE,
                    "clerk",
                    {
                        "ground": "in_lawful_procedure",
                        "law": "条例第三十一条",
                        "body": "人民法院",
                        "way": "向该院查询",
                        "reason": "已在诉讼",
                    },
                ),
            ],
            "declined",
        ),
        (
            [
                (StepCode.CLASSIFY, "clerk", {"matter_class": "report"}),
                (StepCode.HAND_OVER, "sealed", {"body": "派驻纪检监察组"}),
            ],
            "handed_over",
        ),
        (
            [
                (StepCode.CLASSIFY, "clerk", {"matter_class": "claim", "route": "six"}),
                (
                    StepCode.REFUSE_FURTHER,
                    "clerk",
                    {
                        "opinion_number": "1号",
                        "first_review_number": "2号",
                        "final_review_number": "3号",
                        "same_facts": True,
                        "reason": "复核终结",
                    },
                ),
                (StepCode.REFUSE_FURTHER, "clerk2", {"agree": True}),
            ],
            "refused_further",
        ),
        ([(StepCode.WITHDRAW, "clerk", {"reason": "信访人来电撤回"})], "withdrawn"),
        (
            [
                (StepCode.CLASSIFY, "clerk", {"matter_class": "suggestion", "purpose": "suggestion"}),
                (StepCode.REFER, "clerk", {"handling_unit": "results"}),
                (StepCode.STUDY, "handler2", {"studied_by": "成果处", "result": "可行"}),
                (
                    StepCode.ANSWER,
                    "handler2",
                    {"text": "感谢建议，已采纳。", "adoption": "full", "refuses_nothing": True},
                ),
            ],
            "answered",
        ),
    ],
)
def test_the_other_ends(steps: list[tuple[str, str, dict[str, Any]]], state: str) -> None:
    number = register(MONDAY)
    for code, by, answers in steps:
        take(number, code, by, MONDAY, **answers)
    petition = Petition.objects.get(number=number)
    assert petition.state == state
    tell(number, MONDAY)
    assert not petition.deadlines.filter(clock="notice", stopped_on=None).exists()


def test_an_objection_upheld_and_one_rejected() -> None:
    handed = {"source": "bureau_forwarded", "sender": "自治区信访局", "sender_number": "转2026-1"}
    upheld, rejected = register(MONDAY, **handed), register(MONDAY, **handed)
    for number in (upheld, rejected):
        take(number, StepCode.OBJECT, "clerk", date(2026, 3, 9), reason="属住建部门职权")
    answer = {"answered_on": "2026-03-11", "answer_number": "复2026-3"}
    take(upheld, StepCode.OBJECTION_UPHELD, "clerk", date(2026, 3, 11), **answer)
    take(rejected, StepCode.OBJECTION_REJECTED, "clerk", date(2026, 3, 11), **answer)
    assert Petition.objects.get(number=upheld).state == "returned"
    petition = Petition.objects.get(number=rejected)
    assert petition.state == "registered"
    assert petition.deadlines.get(clock="notice").due == date(2026, 3, 17), "its 15 days never stopped"


def test_the_objection_must_come_within_five_working_days() -> None:
    number = register(MONDAY, source="superior", sender="科技部", sender_number="1")
    with pytest.raises(Refused) as refused:
        take(number, StepCode.OBJECT, "clerk", date(2026, 3, 10), reason="不属本厅")
    assert "a_late_objection_says_why" in {r.code for r in refused.value.reasons}


def test_a_correction_moves_the_dates_and_keeps_the_old_event() -> None:
    number = register(MONDAY)
    take(
        number,
        StepCode.CORRECT,
        "clerk",
        date(2026, 3, 3),
        what="received_on",
        new_value="2026-02-27",
        reason="邮戳为证",
    )
    petition = Petition.objects.get(number=number)
    assert petition.received_on == date(2026, 2, 27)
    assert petition.next_due == date(2026, 3, 14)
    assert petition.events.get(seq=1).data["received_on"] == "2026-03-02"


def test_a_repeat_is_tied_by_two_persons_and_can_be_untied() -> None:
    first, second = register(MONDAY), register(MONDAY, channel="phone")
    answers = {"first": first, "same_person": True, "same_matter": True, "reason": "同一人同一事"}
    take(second, StepCode.LINK_REPEAT, "clerk", MONDAY, **answers)
    take(second, StepCode.LINK_REPEAT, "clerk2", MONDAY, agree=True)
    assert Petition.objects.get(number=second).repeat_of.number == first
    take(second, StepCode.UNLINK_REPEAT, "clerk", MONDAY, reason="不是同一事")
    take(second, StepCode.UNLINK_REPEAT, "clerk2", MONDAY, agree=True)
    assert Petition.objects.get(number=second).repeat_of is None


def test_the_name_is_corrected_in_its_row_and_not_in_the_event() -> None:
    number = register(MONDAY)
    take(number, StepCode.CORRECT, "clerk", MONDAY, what="name", new_value="其木格㛃", reason="身份证为准")
    petition = Petition.objects.get(number=number)
    assert petition.petitioners.get().name == "其木格㛃"
    assert "㛃" not in str(petition.events.last().data)


def test_another_persons_key_says_nothing_of_their_case() -> None:
    step = load_step(STEPS[StepCode.REGISTER], {**LETTER, "received_on": MONDAY.isoformat()})
    first = perform(step, None, by=who("clerk"), idempotency_key="a-key", now=noon(MONDAY))
    assert perform(step, None, by=who("clerk"), idempotency_key="a-key", now=noon(MONDAY)).petition == first.petition
    with pytest.raises(NotVisible):
        perform(step, None, by=who("handler2"), idempotency_key="a-key", now=noon(MONDAY))


def test_a_hidden_case_named_as_the_answer_is_told_of_as_little_as_none() -> None:
    hidden, seen = register(MONDAY), register(MONDAY)
    take(hidden, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report", purpose="report")
    Petition.objects.filter(number__in=(hidden, seen)).update(state="history")
    answers = {"ground": "concluded", "reason": "已办结"}
    told = set()
    for number in (seen, hidden, "LX2019000077"):
        with pytest.raises(Refused) as refused:
            take(register(MONDAY), StepCode.FILE_WITHOUT_ACTION, "clerk", MONDAY, concluded_number=number, **answers)
        told.add(str(refused.value))
    assert len(told) == 1 and "没有答复、办结的记录" in told.pop()


def test_who_handled_what_was_handed_down_is_kept_from_its_review() -> None:
    """转送时经手的人员由系统列入，不得参加复查（条例第二十八条、第三十五条）；找不到的编号不予接受。"""
    first, number = register(MONDAY), register(MONDAY)
    walk(first, "instructed", MONDAY, 0)
    asked = {**ASKED_FOR_REVIEW, "got_on": "2026-03-01"}
    with pytest.raises(Refused, match="没有找到 LX2026009999"):
        take(number, StepCode.TAKE_AS_REVIEW, "clerk", MONDAY, handed_down_as="lx2026009999", **asked)
    with pytest.raises(Refused, match=f"没有找到 {number}"):
        take(number, StepCode.TAKE_AS_REVIEW, "clerk", MONDAY, handed_down_as=number, **asked)
    named = {"handed_down_as": first.lower(), "handled_by": ["handler2"]}
    facts = take(number, StepCode.TAKE_AS_REVIEW, "clerk", MONDAY, **named, **asked).facts
    assert facts.review_of is not None
    assert facts.review_of.barred == {"clerk", "leader", "handler2"}
