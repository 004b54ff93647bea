"""The ways a petition may go in a generated department: each a list of (step, who, answers), taken on days apart."""

from datetime import date, timedelta
from typing import Any

from tests.world import HAPPY_PATH, act, noon, register, take, tell
from xinfang.cases.actions.perform import perform
from xinfang.procedure.facts import Actor, DutyHeld
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import Role

# Petitioners have no page of their own yet; the system enters the rating for them, as their number and code would let
# them.
PETITIONER = Actor(StaffCode("petitioner"), "信访人", (DutyHeld(Role.PETITIONER), DutyHeld(Role.SYSTEM)))
Way = list[tuple[str, str, dict[str, Any]]]
CLASSIFIED: Way = [(StepCode.CLASSIFY, "clerk", {"matter_class": "claim", "route": "six", "purpose": "claim"})]
_HAPPY_PATH: Way = [(code, by, answers) for _, code, by, answers in HAPPY_PATH]


def until(code: str) -> Way:
    """The happy path as far as the first step of this kind."""
    return _HAPPY_PATH[: [c for c, _, _ in _HAPPY_PATH].index(code) + 1]


_ROUTE = {
    "route_name": "行政复议",
    "law": "行政复议法",
    "body": "本级政府",
    "time_limit": "60日内",
    "reason": "有法定途径",
}
_DECLINE = {
    "ground": "in_lawful_procedure",
    "body": "本级政府",
    "law": "行政复议法",
    "way": "向该机关查询",
    "reason": "已经受理",
}
_TWO: Way = [(StepCode.CLASSIFY, "clerk", {"matter_class": "claim", "route": "two", "purpose": "appeal"})]
_SUGGESTS: Way = [(StepCode.CLASSIFY, "clerk", {"matter_class": "suggestion", "purpose": "suggestion"})]
_REPORTS: Way = [(StepCode.CLASSIFY, "clerk", {"matter_class": "report", "purpose": "report"})]
_FILE: Way = [
    (StepCode.FILE_WITHOUT_ACTION, "clerk", {"ground": "no_value", "reason": "广告"}),
    (StepCode.FILE_WITHOUT_ACTION, "clerk2", {"agree": True}),
]
_SERVED = until(StepCode.SERVE)


def _rated(*ratings: int) -> dict[str, Any]:
    """What the petitioner says of each request of the letter."""
    return {"requests": [{"request": n, "rating": rating} for n, rating in enumerate(ratings, 1)]}


_REVIEW: Way = [(StepCode.REQUEST_FIRST_REVIEW, "clerk", {"body": "自治区人民政府", "reason": "不服"})]
_REDO = {"result": "redo", "document_number": "查2号"}
_AFTER_REDO: Way = [
    (StepCode.ASSIGN, "clerk", {"handling_unit": "results", "feedback_on": "2099-12-31"}),
    (StepCode.SIGN_FOR, "head2", {"handler": "handler2"}),
]

_CLEAR = (StepCode.SUPPLEMENT, "clerk", {"text": "补来地址", "contact_clear": True})

SENT = ("send", "clerk", {})
"""Not a step: what the steps before owe is made, signed and posted."""

WAYS: dict[str, Way] = {
    "registered": [],
    "classified": CLASSIFIED,
    "redirected": [*CLASSIFIED, (StepCode.REDIRECT, "clerk", {"body": "某局", "reason": "非本厅职权"}), SENT],
    "forwarded": [
        *CLASSIFIED,
        (StepCode.FORWARD, "clerk", {"body": "某市科技局", "contact": "市府路1号，0000-0000001", "reason": "市级项目"}),
        SENT,
    ],
    "own power": [
        (StepCode.CLASSIFY, "clerk", {"matter_class": "claim", "route": "five", "purpose": "claim"}),
        (StepCode.PROPOSE, "clerk", {"text": "建议查处", "unit": "funds", "leader": "leader"}),
        (StepCode.INSTRUCT, "leader", {}),
        (StepCode.ACCEPT_DUTY, "clerk", {"law": "某条例第三条"}),
        SENT,
    ],
    "routed": [*_TWO, (StepCode.ROUTE, "clerk", _ROUTE), SENT],
    "declined": [*_TWO, (StepCode.DECLINE, "clerk", _DECLINE)],
    "filed": _FILE,
    "refused to file": [_FILE[0], (StepCode.FILE_WITHOUT_ACTION, "clerk2", {"agree": False, "opinion": "有线索"})],
    "reopened": [*_FILE, (StepCode.REOPEN, "clerk", {"reason": "存信有误"}), *CLASSIFIED],
    "looked at again": [
        *_FILE,
        (StepCode.REQUEST_RECONSIDERATION, "clerk", {"against": "filed", "reason": "信中写明了诉求"}),
        (StepCode.DECIDE_RECONSIDERATION, "office_head", {"agree": True, "reason": "来信有明确的诉求"}),
        *CLASSIFIED,
    ],
    "looked at again, upheld": [
        *_FILE,
        (StepCode.REQUEST_RECONSIDERATION, "clerk", {"against": "filed", "reason": "不服"}),
        (StepCode.DECIDE_RECONSIDERATION, "office_head", {"agree": False, "reason": "确系广告"}),
    ],
    "withdrawn": [(StepCode.WITHDRAW, "clerk", {"reason": "本人撤回"})],
    "reported": _REPORTS,
    "handed over": [*_REPORTS, (StepCode.HAND_OVER, "sealed", {"body": "派驻纪检监察组"})],
    "suggested": [
        *_SUGGESTS,
        (StepCode.ACKNOWLEDGE, "clerk", {"text": "已收到"}),
        SENT,
        (StepCode.REFER, "clerk", {"handling_unit": "funds"}),
    ],
    "answered": [
        *_SUGGESTS,
        (StepCode.REFER, "clerk", {"handling_unit": "results"}),
        (StepCode.SIGN_FOR, "head2", {"handler": "handler2"}),
        (StepCode.STUDY, "handler2", {"studied_by": "成果处", "result": "可行"}),
        (
            StepCode.ANSWER,
            "handler2",
            {"text": "已采纳", "adoption": "full", "basis": "某办法", "refuses_nothing": True},
        ),
        SENT,
    ],
    "answered and not sent": [
        *_SUGGESTS,
        (StepCode.REFER, "clerk", {"handling_unit": "results"}),
        (StepCode.SIGN_FOR, "head2", {"handler": "handler2"}),
        (StepCode.STUDY, "handler2", {"studied_by": "成果处", "result": "可行"}),
        (
            StepCode.ANSWER,
            "handler2",
            {"text": "已采纳", "adoption": "full", "basis": "某办法", "refuses_nothing": True},
        ),
    ],
    "accepted and told": [*until(StepCode.ACCEPT), SENT],
    "accepted": until(StepCode.ACCEPT),
    "told nobody": [*until(StepCode.ACCEPT), _CLEAR, (StepCode.WITHDRAW, "clerk", {"reason": "本人撤回"})],
    "told again": [*until(StepCode.ACCEPT), _CLEAR, SENT],
    "sent back": [*until(StepCode.ASSIGN), (StepCode.SEND_BACK, "head", {"reason": "不属本处"})],
    "supervised": [*until(StepCode.TALK), (StepCode.SUPERVISE, "clerk", {"ground": "overdue", "text": "请抓紧"})],
    "pressed and answered": [
        *until(StepCode.TALK),
        (StepCode.SUPERVISE, "clerk", {"ground": "overdue", "text": "请抓紧"}),
        (StepCode.ANSWER_SUPERVISION, "head", {"text": "正在办"}),
    ],
    "sent back and handed on": [
        *until(StepCode.ASSIGN),
        (StepCode.SEND_BACK, "head", {"reason": "不属本处"}),
        (StepCode.ASSIGN, "clerk", {"handling_unit": "results", "feedback_on": "2099-12-31"}),
        (StepCode.SUPERVISE, "clerk", {"ground": "no_feedback", "text": "请说明", "feedback_on": "2099-12-31"}),
        (StepCode.ANSWER_SUPERVISION, "head2", {"text": "已在办"}),
    ],
    "pressed twice": [
        *until(StepCode.ACCEPT),
        (StepCode.SUPERVISE, "leader", {"ground": "evasion", "text": "请抓紧"}),
        (StepCode.ASSIGN, "clerk", {"handling_unit": "results", "feedback_on": "2099-12-31"}),
        (StepCode.ANSWER_SUPERVISION, "clerk", {"text": "已交办"}),
        (StepCode.SUPERVISE, "clerk", {"ground": "overdue", "text": "请抓紧"}),
    ],
    "asked to meet": [
        *until(StepCode.TALK),
        (StepCode.ASK_TO_MEET, "handler", {"reason": "要求面谈"}),
        (StepCode.DECIDE_MEETING, "leader", {"reason": "周五"}),
    ],
    "extended": [
        *until(StepCode.TALK),
        (StepCode.REQUEST_EXTENSION, "handler", {"days": 30, "reason": "须外地取证"}),
        (StepCode.GRANT_EXTENSION, "leader", {"days": 30, "reason": "情况复杂"}),
        SENT,
    ],
    "replied": until(StepCode.ISSUE_REPLY),
    "replied and sent": [*until(StepCode.ISSUE_REPLY), SENT],
    "served": _SERVED,
    "carried out": until(StepCode.CARRY_OUT),
    "rated": [*_SERVED, (StepCode.RATE, "petitioner", {"office_rating": 0, "unit_rating": 3, **_rated(0, 3)})],
    "rated on paper": [
        *_SERVED,
        (StepCode.RATE, "clerk", {"office_rating": 3, "unit_rating": 1}),
        (StepCode.RATE, "clerk2", {"agree": True}),
    ],
    "rated fairly": [*_SERVED, (StepCode.RATE, "petitioner", {"office_rating": 1, "unit_rating": 1, **_rated(1, 1)})],
    "closed": [*until(StepCode.CLOSE), (StepCode.CLOSE, "leader", {"agree": True})],
    "reviewed": [
        *_SERVED,
        *_REVIEW,
        (StepCode.FIRST_REVIEW, "clerk", {"result": "upheld", "document_number": "查1号"}),
    ],
    "redone": [*_SERVED, *_REVIEW, (StepCode.FIRST_REVIEW, "clerk", _REDO), *_AFTER_REDO],
    "completed above": [*_SERVED, (StepCode.REPORT_UP, "clerk", {"body": "自治区信访局", "completion": True})],
}
SHAPES: dict[str, dict[str, Any]] = {
    "letter": {},
    "online": {"channel": "online"},
    "phone of two": {"channel": "phone", "group_size": 2},
    "visit": {"channel": "visit", "group_size": 1, "reception_place": "一楼信访接待室"},
    "group": {
        "channel": "visit",
        "group_size": 7,
        "reception_place": "一楼信访接待室",
        "persons": [{"name": "其木格", "phone": "15000000001", "address": "某盟某旗", "role": "representative"}],
    },
    "sent down": {"source": "bureau_forwarded", "sender": "自治区信访局", "sender_number": "转1号"},
    "unclear": {"persons": []},
}


def go(way: str, shape: str, received: date, pace: int, today: date) -> tuple[str, str]:
    """Take a petition along a way, a step every `pace` days as far as today.

    Gives its number and why it stopped early, if it did.
    """
    number = register(received, **SHAPES[shape])
    day = received
    for code, by, answers in WAYS[way]:
        day = day + timedelta(days=pace)
        if day > today:
            return number, ""
        given = dict(answers)
        if code == StepCode.SERVE:
            given["served_on"] = day.isoformat()
        try:
            if code == SENT[0]:
                tell(number, day)
            elif code == StepCode.ISSUE_REPLY:
                act(number, code, by, day, **given)
            elif by == "petitioner":
                perform(load_step(STEPS[code], given), number, by=PETITIONER, code=code, now=noon(day))
            else:
                take(number, code, by, day, **given)
        except Refused as refused:
            # A way that the rules don't allow in this shape ends here, as it would at the desk.
            return number, f"{code}: {'；'.join(map(str, refused.reasons))}"
    return number, ""
