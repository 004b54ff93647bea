"""The ways a petition may go, walked once through `perform`; the population is made of copies of these walks."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.attachments.actions.attach import attach_checked
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.operations.demo.outgoing_papers import send_what_is_owed
from xinfang.papers.actions.one_act import take_step
from xinfang.procedure.archive import lacks_its_letter, unfiled_papers
from xinfang.procedure.rules import SecondPerson
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import Material

from .department import CATEGORIES, HANDLING_UNITS, handler, head, leader_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
UNIT = HANDLING_UNITS[0]
HEAD, HANDLER, LEADER = head(UNIT), handler(UNIT), leader_of(UNIT)
Taken = tuple[str, str, dict[str, Any]]

_CLASSIFY: Taken = (StepCode.CLASSIFY, "clerk1", {"matter_class": "claim", "route": "six", "purpose": "claim"})
_PROPOSE: Taken = (StepCode.PROPOSE, "clerk1", {"text": "属本厅职责，建议承办。", "unit": UNIT, "leader": LEADER})
HAPPY_PATH: list[Taken] = [
    _CLASSIFY,
    _PROPOSE,
    (StepCode.INSTRUCT, LEADER, {"text": "同意。"}),
    (StepCode.ACCEPT, "clerk1", {"contact": "办公室"}),
    (StepCode.ASSIGN, "clerk2", {"handling_unit": UNIT, "feedback_on": "2099-12-31"}),
    (StepCode.SIGN_FOR, HEAD, {"handler": HANDLER}),
    (StepCode.TALK, HANDLER, {"place": "电话", "who_was_there": "承办人、信访人", "said": "核对了事实。"}),
    (
        StepCode.DRAFT_REPLY,
        HANDLER,
        {
            "findings": [
                {"request": 1, "finding": "情况属实。", "conclusion": "explain", "basis": "有关管理办法"},
                {"request": 2, "finding": "应予支持。", "conclusion": "support", "basis": "有关管理办法"},
            ],
            "disposition": "solve",
            "review_body": "上一级机关",
        },
    ),
    (StepCode.SEEK_LEGAL_ADVICE, HANDLER, {"adviser": "adviser"}),
    (StepCode.GIVE_LEGAL_ADVICE, "adviser", {"text": "无不同意见。"}),
    (StepCode.REVIEW_REPLY, HEAD, {}),
    (StepCode.SIGN_REPLY, LEADER, {}),
    (
        StepCode.ISSUE_REPLY,
        "clerk1",
        {},
    ),
    (
        StepCode.SERVE,
        HANDLER,
        {"method": "post", "served_on": None, "receiver": "本人", "mail_number": "XA0000000115"},
    ),
    (StepCode.CARRY_OUT, HANDLER, {"request": 2, "text": "已补发。"}),
    (StepCode.CLOSE, HEAD, {"text": "已办结。", "review_rights_told": True}),
    (StepCode.CLOSE, LEADER, {"agree": True}),
    (StepCode.SUBMIT_ARCHIVE, HANDLER, {"complete": True, "pages": 32}),
    (StepCode.ACCEPT_ARCHIVE, "archivist", {}),
]
_SUGGESTION: list[Taken] = [
    (StepCode.CLASSIFY, "clerk1", {"matter_class": "suggestion", "purpose": "suggestion"}),
    (StepCode.ACKNOWLEDGE, "clerk1", {"text": "已收到。"}),
    (StepCode.REFER, "clerk1", {"handling_unit": UNIT}),
    (StepCode.SIGN_FOR, HEAD, {"handler": HANDLER}),
    (StepCode.STUDY, HANDLER, {"studied_by": "承办处室", "result": "可行。"}),
    (StepCode.ANSWER, HANDLER, {"text": "已采纳。", "adoption": "full", "refuses_nothing": True}),
]
_DOWN = {"source": "bureau_forwarded", "sender": "自治区信访局", "sender_number": "信转1号"}
_REPORT: Taken = (StepCode.CLASSIFY, "clerk1", {"matter_class": "report", "purpose": "report"})
_ROUTE = {
    "law": "行政复议法",
    "route_name": "行政复议",
    "body": "本级政府",
    "time_limit": "60日内",
    "reason": "有法定途径。",
}
_DECLINE = {
    "ground": "in_lawful_procedure",
    "body": "本级政府",
    "law": "行政复议法",
    "way": "向该机关查询",
    "reason": "已经受理。",
}
_ROUTE_TWO: Taken = (StepCode.CLASSIFY, "clerk1", {"matter_class": "claim", "route": "two", "purpose": "claim"})


@dataclass(frozen=True)
class Way:
    """A walk, how many of a thousand petitions take it, and how many days ago those still open may have come in."""

    name: str
    share: int
    steps: list[Taken]
    oldest: int | None = None
    """None where the walk is over: such petitions lie anywhere in the past four years."""
    register: dict[str, Any] = field(default_factory=dict)
    unsent: bool = False
    """Whether what its steps owe is still in the house."""


PROVEN = (StepCode.OBJECTION_UPHELD, StepCode.DECLINE, StepCode.REFUSE_FURTHER, StepCode.WITHDRAW)
"""Steps that rest on a sheet, which is filed before them."""
CONFIRMED_LATER = (StepCode.FILE_WITHOUT_ACTION, StepCode.REFUSE_FURTHER, StepCode.CLOSE)
"""Steps whose second person is a step of the walk."""
OPEN_SHARE = 80
"""This many of a thousand are open.

What a department that receives 50,000 a year has open at once, at 60 days each, is under 50 of a thousand among the
200,000 of four years; here it is behind.
"""

WAYS = [
    Way("archived", 90, HAPPY_PATH),
    Way(
        "redirected",
        140,
        [
            (
                StepCode.CLASSIFY,
                "clerk1",
                {"matter_class": "claim", "competence": "elsewhere", "not_ours": "属其他机关。"},
            ),
            (StepCode.REDIRECT, "clerk1", {"body": "有权机关", "reason": "不属本厅职权。"}),
        ],
    ),
    Way(
        "forwarded",
        110,
        [
            _CLASSIFY,
            (
                StepCode.FORWARD,
                "clerk1",
                {"body": "盟市科技局", "contact": "市府路1号，0000-0000001", "reason": "属其职责。"},
            ),
        ],
    ),
    Way("routed", 80, [_ROUTE_TWO, (StepCode.ROUTE, "clerk1", dict(_ROUTE))]),
    Way("declined", 30, [_ROUTE_TWO, (StepCode.DECLINE, "clerk1", _DECLINE)]),
    Way(
        "filed",
        70,
        [
            (StepCode.FILE_WITHOUT_ACTION, "clerk1", {"ground": "no_value", "reason": "没有参考价值。"}),
            (StepCode.FILE_WITHOUT_ACTION, "clerk2", {"agree": True}),
        ],
        register={"channel": "letter"},
    ),
    Way(
        "refused_further",
        10,
        [
            _CLASSIFY,
            (
                StepCode.REFUSE_FURTHER,
                "clerk1",
                {
                    "opinion_number": "信答1号",
                    "first_review_number": "复查1号",
                    "final_review_number": "复核1号",
                    "same_facts": True,
                    "reason": "已复核。",
                },
            ),
            (StepCode.REFUSE_FURTHER, "clerk2", {"agree": True}),
        ],
    ),
    Way("answered", 120, _SUGGESTION),
    Way(
        "returned",
        40,
        [
            (StepCode.OBJECT, "clerk1", {"reason": "不属本系统。"}),
            (StepCode.OBJECTION_UPHELD, "clerk1", {"answered_on": None, "answer_number": "复函1号"}),
        ],
        register=_DOWN,
    ),
    Way("withdrawn", 40, [_CLASSIFY, (StepCode.WITHDRAW, "clerk1", {"reason": "本人要求。"})]),
    Way("handed_over", 20, [_REPORT, (StepCode.HAND_OVER, "sealed", {"body": "纪检监察机构"})]),
    Way("registered", 30, [], oldest=17),
    Way("classified", 25, HAPPY_PATH[:1], oldest=17),
    Way("report", 5, [_REPORT], oldest=20),
    Way("proposed", 20, HAPPY_PATH[:2], oldest=18),
    Way("instructed", 15, HAPPY_PATH[:3], oldest=18),
    Way("accepted", 10, HAPPY_PATH[:4], oldest=14, unsent=True),
    Way("assigned", 15, HAPPY_PATH[:5], oldest=62),
    Way("signed for", 25, HAPPY_PATH[:6], oldest=62),
    Way("heard", 20, HAPPY_PATH[:7], oldest=64),
    Way("advice sought", 10, HAPPY_PATH[:8], oldest=64),
    Way("drafted", 15, HAPPY_PATH[:10], oldest=66),
    Way("reviewed", 5, HAPPY_PATH[:11], oldest=66),
    Way("replied", 10, HAPPY_PATH[:13], oldest=66, unsent=True),
    Way("served", 15, HAPPY_PATH[:14], oldest=90),
    Way("closing", 5, HAPPY_PATH[:16], oldest=90),
    Way("closed", 5, HAPPY_PATH[:17], oldest=120),
    Way("objected", 5, [(StepCode.OBJECT, "clerk1", {"reason": "不属本系统。"})], oldest=20, register=_DOWN),
    Way("suggestion", 15, _SUGGESTION[:3], oldest=62),
]
ARRIVALS: list[dict[str, Any]] = [
    {"channel": "letter"},
    {"channel": "online"},
    {"channel": "phone", "told_orally": True},
]
"""Each way is walked once for each of these."""


def take(number: str | None, code: str, by: str, on: date, answers: dict[str, Any]) -> str:
    """Take one step at noon of that day; a date left open is that day."""
    answers = {k: on.isoformat() if v is None else v for k, v in answers.items()}
    pending = facts_of(Petition.objects.get(number=number)).pending if number else {}
    if number and code in PROVEN and code not in pending:
        answers |= {"attachment": _file(number, STEPS[code].proof[0], on)}
    step = load_step(SecondPerson if code in pending else STEPS[code], answers)
    actor = actor_of(Staff.objects.get(username=by), on)
    done = take_step(step, number, by=actor, code=code, now=_noon(on))
    if done.event.stage == "proposed" and code not in CONFIRMED_LATER:
        # What is sealed is agreed to by the principal leader; else by the other clerk.
        # An answer is agreed to by the head of the unit, who didn't classify it.
        by_code = {StepCode.HAND_OVER: "principal", StepCode.ANSWER: HEAD}
        other = by_code.get(StepCode(code), "clerk2" if by == "clerk1" else "clerk1")
        second = actor_of(Staff.objects.get(username=other), on)
        done = take_step(SecondPerson(), done.petition.number, by=second, code=code, now=_noon(on))
    return done.petition.number


def _file(number: str, what: Material, on: date) -> int:
    """Attach what a step rests on; return its number."""
    clerk = actor_of(Staff.objects.get(username="clerk1"), on)
    attach_checked(number, what.label.encode(), f"{what.label}.txt", "txt", what=what, by=clerk, now=_noon(on))
    return len(facts_of(Petition.objects.get(number=number)).files)


def walk(way: Way, arrival: dict[str, Any], start: date, place: int) -> str:
    """Walk one petition from the day it came in, a step a day, and return its number."""
    answers = {
        "secrecy": "no",
        "received_on": start.isoformat(),
        "subject": "样本",
        "body": "样本",
        "requests": [{"text": "样本一"}, {"text": "样本二"}],
        "persons": [{"name": "样本", "phone": "10000000000", "address": "样本"}],
        "category": CATEGORIES[place % len(CATEGORIES)],
        **arrival,
        **way.register,
    }
    number = take(None, StepCode.REGISTER, "clerk1", start, answers)
    for day, (code, by, given) in enumerate(way.steps):
        if code == StepCode.SUBMIT_ARCHIVE:
            _file_scans(number, by, start + timedelta(days=day))
        on = start + timedelta(days=day)
        take(number, code, by, on, given)
        if not way.unsent:
            _send_papers(number, on)
    return number


def _send_papers(number: str, on: date) -> None:
    """Let what the step owes be signed, and post it."""
    clerk = actor_of(Staff.objects.get(username="clerk1"), on)
    people = [partial(actor_of, Staff.objects.get(username=name), on) for name in (HEAD, "office_head", LEADER)]
    send_what_is_owed(number, _noon(on), clerk=clerk, people=people)


def _noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=SHANGHAI)


def _file_scans(number: str, by: str, on: date) -> None:
    """Attach the signed receipt for what was served, and the letter, without which no file is archived."""
    now = _noon(on)
    actor = actor_of(Staff.objects.get(username=by), on)
    facts = facts_of(Petition.objects.get(number=number))
    assert not unfiled_papers(facts), "what left the house was issued on the way"
    wanted = [(Material.LETTER, "来信")] if lacks_its_letter(facts) else []
    for what, name in (*wanted, (Material.RECEIPT, "送达回证")):
        attach_checked(number, name.encode(), f"{name}.txt", "txt", what=what, by=actor, now=now)


def length(way: Way) -> int:
    """Return the days between receipt and the last step."""
    return max(len(way.steps) - 1, 0)
