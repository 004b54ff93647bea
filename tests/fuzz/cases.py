"""A department with a case for every step: where it can be taken, by whom, with answers that are accepted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.archive.test_disposal import LONG_AGO, department
from tests.articles.department import ANSWERS
from tests.attachments import made
from tests.fuzz.nasty import Fields
from tests.urls import url
from tests.world import HAPPY_PATH, STAFF, file_papers, file_receipt, noon, proof, register, review, take, walk, who
from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import directory
from xinfang.attachments.actions.attach import attach, attach_checked
from xinfang.calendars.queries import calendar
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.casework.views.step import STAFF_CAN_TAKE
from xinfang.core.clock import today
from xinfang.procedure.rules import DecisionContext, SecondPerson, case_reasons
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import FieldSpec, step_schema
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import Material
from xinfang.trusted_time.actions import set_trusted_time


@dataclass(frozen=True)
class Form:
    """A form of the desk: its name in the counts, where it is sent, by whom, and what would be accepted."""

    name: str
    path: str
    by: str
    fields: Fields
    number: str = ""


def as_(username: str) -> Client:
    """Somebody's browser; what goes wrong on the server is an answer like any other."""
    client = Client(raise_request_exception=False)
    client.force_login(Staff.objects.get(username=username))
    return client


def _handed(day: date) -> str:
    return register(day, source="bureau_forwarded", sender="自治区信访局", sender_number="转1号")


def _then(begin: Callable[[date], str], *steps: tuple[str, str, dict[str, Any]]) -> Callable[[date], str]:
    def make(day: date) -> str:
        number = begin(day)
        for code, by, answers in steps:
            set_trusted_time(noon(day))  # nothing is destroyed under a clock that jumped from 2012 to today
            take(number, code, by, day, **answers)
        return number

    return make


def _walked(place: str) -> Callable[[date], str]:
    def make(day: date) -> str:
        number = register(day)
        walk(number, place, day, 0)
        return number

    return make


def _reviewed(place: str) -> Callable[[date], str]:
    def make(day: date) -> str:
        number = register(day)
        review(number, place, day, 0)
        return number

    return make


def _with_a_file(day: date) -> str:
    number = _walked("heard")(day)
    clerk = Staff.objects.get(username="clerk")
    attach(
        number,
        made.png(),
        "照片.png",
        what=Material.EVIDENCE,
        by=who("clerk"),
        staff=clerk,
        idempotency_key="clerk-0123456789",
    )
    return number


def _proved(begin: Callable[[date], str], code: str) -> Callable[[date], str]:
    """With the sheet that this step rests on."""

    def make(day: date) -> str:
        number = begin(day)
        proof(number, STEPS[code].proof[0])
        return number

    return make


def _scanned(place: str, what: Material) -> Callable[[date], str]:
    def make(day: date) -> str:
        number = _walked(place)(day)
        attach_checked(number, made.png(), "扫描件.png", "png", what=what, by=who("clerk"))
        return number

    return make


_TWO = [{"text": "请拨付经费"}, {"text": "请公开结果"}]


def _repeating(day: date) -> str:
    first, number = register(day), register(day)
    take(number, StepCode.LINK_REPEAT, "clerk", day, first=first, same_person=True, same_matter=True, reason="同人同事")
    return number


def _repeat_of_what_is_handled(day: date) -> str:
    """A repeat of a case that is being handled."""
    first, number = register(day), register(day)
    walk(first, "accepted", day, 0)
    take(number, StepCode.CLASSIFY, "clerk", day, matter_class="claim", route="six", purpose="claim")
    take(number, StepCode.LINK_REPEAT, "clerk", day, first=first, same_person=True, same_matter=True, reason="同人同事")
    take(number, StepCode.LINK_REPEAT, "clerk2", day, agree=True)
    return number


def _split_and_settled(day: date) -> str:
    """A letter of two matters, of which both were withdrawn."""
    number = register(day, requests=_TWO)
    part = take(number, StepCode.SPLIT_OFF, "clerk", day, **ANSWERS[StepCode.SPLIT_OFF]).facts.parts[-1].number
    for case in (number, part):
        take(case, StepCode.WITHDRAW, "clerk", day, reason="本人撤回")
    return number


def _joined(day: date) -> str:
    number = _repeat_of_what_is_handled(day)
    take(number, StepCode.JOIN_FIRST, "clerk", day, reason="同一事项")
    return number


def _joined_to_what_was_answered(day: date) -> str:
    number = _joined(day)
    first = facts_of(Petition.objects.get(number=number)).joined_to
    walk(first, "served", day, 0, HAPPY_PATH[4:])
    return number


def _ready_for_the_archive(day: date) -> str:
    number = _walked("closed")(day)
    file_papers(number, "handler", day)
    file_receipt(number, "handler", day)
    return number


def _kept_long_enough(day: date) -> str:
    """A file of ten years' keeping that was archived more than ten years ago."""
    number = register(LONG_AGO)
    walk(number, "submitted", LONG_AGO, 0)
    take(number, StepCode.ACCEPT_ARCHIVE, "archivist", LONG_AGO, retention="years_10")
    return number


_SUGGESTION = {"matter_class": "suggestion", "purpose": "suggestion"}
_CLASSIFIED = (StepCode.CLASSIFY, "clerk", {"matter_class": "claim", "route": "six", "purpose": "claim"})
_SIMPLE = (StepCode.CLASSIFY, "clerk", {"matter_class": "claim", "route": "six", "purpose": "claim", "simple": True})
_OTHER = (StepCode.CLASSIFY, "clerk", {"matter_class": "claim", "route": "two", "purpose": "claim"})
_DUTY = (
    (StepCode.CLASSIFY, "clerk", {"matter_class": "claim", "route": "five", "purpose": "claim"}),
    (StepCode.PROPOSE, "clerk", {"text": "由经费处依法查处", "unit": "funds", "leader": "leader"}),
    (StepCode.INSTRUCT, "leader", {}),
    (StepCode.ACCEPT_DUTY, "clerk", {"law": "某条例第三条"}),
    (StepCode.REFER, "clerk", {"handling_unit": "funds"}),
    (StepCode.SIGN_FOR, "head", {"handler": "handler"}),
)
_FILE = {"ground": "no_value", "reason": "广告"}
_FIRST = (StepCode.REQUEST_FIRST_REVIEW, "clerk", {"body": "自治区人民政府"})
_UPHELD = (
    StepCode.FIRST_REVIEW,
    "clerk",
    {"result": "upheld", "document_number": "查1号", "served_on": today().isoformat()},
)
_FINAL = (StepCode.REQUEST_FINAL_REVIEW, "clerk", {"body": "国家机关"})

_REFERRED = (
    (StepCode.CLASSIFY, "clerk", _SUGGESTION),
    (StepCode.REFER, "clerk", {"handling_unit": "funds"}),
    (StepCode.SIGN_FOR, "head", {"handler": "handler"}),
)
_STUDIED = (*_REFERRED, (StepCode.STUDY, "handler", {"studied_by": "经费处", "result": "可行"}))
_ANSWERED = (
    *_STUDIED,
    (StepCode.ANSWER, "handler", {"text": "予以采纳。", "adoption": "full", "refuses_nothing": True}),
)

_SHEET = {"paper_leader": "leader", "attachment": 1}
_SCAN = {
    "attachment": 1,
    "kind": "acceptance_notice",
    "document_number": f"内科信告〔{today().year}〕7号",
    "dated_on": today().isoformat(),
}

_ADDED = (StepCode.ADD_ACCUSED, "clerk", {"complained_staff": ["handler2"], "reason": "来电补充反映"})

POOL: dict[str, Callable[[date], str]] = {
    "registered": register,
    "repeating": _repeating,
    "repeat confirmed": _then(_repeating, (StepCode.LINK_REPEAT, "clerk2", {})),
    "filing": _then(register, _CLASSIFIED, (StepCode.FILE_WITHOUT_ACTION, "clerk", _FILE)),
    "filed": _then(
        register,
        _CLASSIFIED,
        (StepCode.FILE_WITHOUT_ACTION, "clerk", _FILE),
        (StepCode.FILE_WITHOUT_ACTION, "clerk2", {}),
    ),
    "refusing further": _then(
        register, _CLASSIFIED, (StepCode.REFUSE_FURTHER, "clerk", ANSWERS[StepCode.REFUSE_FURTHER])
    ),
    "handed down": _handed,
    "objected": _then(_handed, (StepCode.OBJECT, "clerk", {"reason": "不属于科技部门职权"})),
    "suggested": _then(register, (StepCode.CLASSIFY, "clerk", _SUGGESTION)),
    "suggestion referred": _then(register, *_REFERRED),
    "suggestion studied": _then(register, *_STUDIED),
    "suggestion answered": _then(register, *_ANSWERED),
    "commendation proposed": _then(
        register, *_ANSWERED, (StepCode.SUGGEST_COMMENDATION, "clerk", ANSWERS[StepCode.SUGGEST_COMMENDATION])
    ),
    "simple": _then(register, _SIMPLE),
    "simple accepted": _then(
        register,
        _SIMPLE,
        (
            StepCode.ACCEPT,
            "clerk",
            {"handling_unit": "funds", "responsible_leader": "leader", "contact": "0471-0000000"},
        ),
    ),
    "other routes": _then(register, _OTHER),
    "reported": _then(register, (StepCode.CLASSIFY, "clerk", {"matter_class": "report", "purpose": "report"})),
    "accused": _then(_walked("heard"), _ADDED),
    "taking out": _then(
        _walked("heard"),
        _ADDED,
        (StepCode.REMOVE_ACCUSED, "clerk", {"complained_staff": ["handler2"], "reason": "登记有误"}),
    ),
    "about the office": partial(register, complained_units=["office"]),
    "about its officer": _then(
        partial(register, complained_staff=["sealed"]),
        (StepCode.CLASSIFY, "clerk", {"matter_class": "report", "purpose": "report"}),
    ),
    "sealed late": _then(_walked("heard"), (StepCode.SEAL, "handler", ANSWERS[StepCode.SEAL])),
    **{
        place: _walked(place)
        for place in [
            "classified",
            "proposed",
            "instructed",
            "accepted",
            "assigned",
            "heard",
            "advice_sought",
            "advised",
            "drafted",
            "reviewed",
            "signed_reply",
            "replied",
            "served",
        ]
    },
    "own power instructed": _then(register, *_DUTY[:3]),
    "own power in hand": _then(register, *_DUTY),
    "review asked": _reviewed("asked"),
    "review declined": _then(_reviewed("asked"), (StepCode.DECLINE_REVIEW, "clerk", ANSWERS[StepCode.DECLINE_REVIEW])),
    "review instructed": _reviewed("instructed"),
    "reviewing": _reviewed("accepted"),
    "review served": _reviewed("served"),
    "closing, review asked": _proved(_then(_walked("closing"), _FIRST), StepCode.FIRST_REVIEW),
    "ready for the archive": _ready_for_the_archive,
    "kept long enough": _kept_long_enough,
    "archive to be destroyed": _then(
        _kept_long_enough, (StepCode.DESTROY, "archivist", {"reason": "没有继续保存的价值"})
    ),
    "closed, reviewed": _then(_walked("closed"), _FIRST, _UPHELD),
    "submitted, final review asked": _proved(
        _then(_walked("submitted"), _FIRST, _UPHELD, _FINAL), StepCode.FINAL_REVIEW
    ),
    "sheet going round": _then(
        _walked("proposed"), (StepCode.CIRCULATE_SHEET, "clerk", {"readers": ["leader", "leader2"]})
    ),
    "advice in writing": _proved(_then(register, _CLASSIFIED), StepCode.RECORD_ADVICE),
    "advice recorded": _then(
        _proved(_then(register, _CLASSIFIED), StepCode.RECORD_ADVICE),
        (StepCode.RECORD_ADVICE, "clerk", {**ANSWERS[StepCode.RECORD_ADVICE], "attachment": 1}),
    ),
    "message left": _then(
        _walked("heard"), (StepCode.LEAVE_MESSAGE, "clerk", {**ANSWERS[StepCode.LEAVE_MESSAGE], "channel": "phone"})
    ),
    "withdrawal in writing": _proved(_then(register, _CLASSIFIED), StepCode.WITHDRAW),
    "consent waiting": _then(
        _proved(register, StepCode.CONSENT_ELECTRONIC),
        (StepCode.CONSENT_ELECTRONIC, "clerk", {**ANSWERS[StepCode.CONSENT_ELECTRONIC], "attachment": 1}),
    ),
    "looking again": _then(
        register,
        _CLASSIFIED,
        (StepCode.FILE_WITHOUT_ACTION, "clerk", _FILE),
        (StepCode.FILE_WITHOUT_ACTION, "clerk2", {}),
        (StepCode.REQUEST_RECONSIDERATION, "clerk", ANSWERS[StepCode.REQUEST_RECONSIDERATION]),
    ),
    "filed, asked in writing": _proved(
        _then(
            register,
            _CLASSIFIED,
            (StepCode.FILE_WITHOUT_ACTION, "clerk", _FILE),
            (StepCode.FILE_WITHOUT_ACTION, "clerk2", {}),
        ),
        StepCode.REQUEST_RECONSIDERATION,
    ),
    "death proven": _proved(register, StepCode.RECORD_DEATH),
    "rating on paper": _proved(_walked("served"), StepCode.RATE),
    "death waiting": _then(register, (StepCode.RECORD_DEATH, "clerk", ANSWERS[StepCode.RECORD_DEATH])),
    "rating waiting": _then(_walked("served"), (StepCode.RATE, "clerk", ANSWERS[StepCode.RATE])),
    "dealt with elsewhere": _proved(_then(register, _OTHER), StepCode.DECLINE),
    "finally reviewed elsewhere": _proved(_then(register, _CLASSIFIED), StepCode.REFUSE_FURTHER),
    "objection agreed to": _proved(
        _then(_handed, (StepCode.OBJECT, "clerk", {"reason": "不属于科技部门职权"})), StepCode.OBJECTION_UPHELD
    ),
    "sheet scanned": _scanned("proposed", Material.INSTRUCTION),
    "sheet entered": _then(_scanned("proposed", Material.INSTRUCTION), (StepCode.INSTRUCT, "clerk", _SHEET)),
    "paper scanned": _scanned("accepted", Material.PAPER),
    "scan waiting": _then(_scanned("accepted", Material.PAPER), (StepCode.FILE_PAPER_SCAN, "clerk", _SCAN)),
    "much asked": _then(
        _with_a_file,
        (StepCode.ASK_TO_MEET, "handler", {"reason": "要求面谈"}),
        (StepCode.REQUEST_EXTENSION, "handler", {"days": 30, "reason": "须外地取证"}),
        (StepCode.SUPERVISE, "clerk", {"ground": "overdue", "text": "请尽快办理"}),
        (StepCode.RECUSE, "clerk", {"person": "handler2", "reason": "亲属"}),
    ),
    "of two matters": partial(register, requests=_TWO),
    "split": _then(partial(register, requests=_TWO), (StepCode.SPLIT_OFF, "clerk", ANSWERS[StepCode.SPLIT_OFF])),
    "repeat of what is handled": _repeat_of_what_is_handled,
    "joined": _joined,
    "joined to what was answered": _joined_to_what_was_answered,
    "split and all settled": _split_and_settled,
}


ONLY_HERE = {
    StepCode.ANSWER_WITH_FIRST: ("joined to what was answered",),
    StepCode.TELL_PARTS: ("split and all settled",),
    StepCode.WITHDRAW_ATTACHMENT: ("much asked",),
    StepCode.INSTRUCT: ("sheet scanned", "sheet entered"),
    StepCode.REMOVE_ACCUSED: ("accused", "taking out"),
    StepCode.FILE_PAPER_SCAN: ("paper scanned", "scan waiting"),
    StepCode.WITHDRAW: ("withdrawal in writing",),
    StepCode.CONSENT_ELECTRONIC: ("withdrawal in writing", "consent waiting"),
    StepCode.REQUEST_RECONSIDERATION: ("filed, asked in writing",),
    StepCode.RECORD_DEATH: ("death proven", "death waiting"),
    StepCode.RATE: ("rating on paper", "rating waiting"),
    StepCode.RECORD_ADVICE: ("advice in writing",),
    StepCode.FIRST_REVIEW: ("closing, review asked",),
    StepCode.FINAL_REVIEW: ("submitted, final review asked",),
    StepCode.DECLINE: ("dealt with elsewhere",),
    StepCode.REFUSE_FURTHER: ("finally reviewed elsewhere", "refusing further"),
    StepCode.OBJECTION_UPHELD: ("objection agreed to",),
}
"""Cases for steps about something that not every case has."""


def build() -> tuple[list[Form], dict[str, str]]:
    """The department, its cases by how far they are, and a form for every step of STAFF_CAN_TAKE."""
    department()
    day = today()
    numbers = {name: make(day) for name, make in POOL.items()}
    set_trusted_time(timezone.now())
    return step_forms(numbers), numbers


def step_forms(numbers: dict[str, str]) -> list[Form]:
    """For each step, and each second person's word, the first case and person with whom the procedure allows it."""
    people = {name: who(name) for name in STAFF}
    facts = {name: facts_of(Petition.objects.get(number=number)) for name, number in numbers.items()}
    known, dates, day = directory(today()), calendar(), today()
    forms = []
    for code, cls in STAFF_CAN_TAKE.items():
        for second in (False, True):
            for name, f in facts.items():
                if (code in f.pending) is not second or name not in ONLY_HERE.get(code, (name,)):
                    continue
                if by := next(
                    (
                        u
                        for u, a in people.items()
                        if not case_reasons(
                            cls.rule,
                            DecisionContext(step=None, facts=f, actor=a, today=day, calendar=dates, directory=known),
                        )
                    ),
                    None,
                ):
                    answers = {"agree": True} if second else _answers(code, f)
                    number = numbers[name]
                    fields = {
                        "key": ["0123456789abcdef"],
                        "seen": [str(len(f.history))],
                        **sent(SecondPerson if second else cls, answers),
                    }
                    forms.append(
                        Form(f"{code}{' (second)' if second else ''}", url("step", number, code), by, fields, number)
                    )
                    break
    return forms


def _answers(code: str, facts: Any) -> dict[str, Any]:
    found = dict(ANSWERS[code])
    today_ = today()
    changes: dict[str, dict[str, Any]] = {
        StepCode.LINK_REPEAT: {"first": f"LX{today_.year}000002"},
        StepCode.CHANGE_LEADER: {"leader": "leader2"},
        StepCode.CHANGE_HANDLER: {"handler": "head"},
        StepCode.REFER: {"handling_unit": "funds"},
        StepCode.ASSIGN: {"handling_unit": "funds", "feedback_on": today_ + timedelta(days=30)},
        StepCode.ACCEPT: {"handling_unit": "funds", "responsible_leader": "leader", "contact": "0471-0000000"},
        StepCode.ACCEPT_DUTY: {"contact": "0471-0000000"},
        StepCode.CIRCULATE_SHEET: {"readers": ["leader2"]},
        StepCode.ANSWER_WITH_FIRST: {"requests": [r.number for r in facts.requests]},
        StepCode.ADD_ACCUSED: {"complained_staff": ["handler2"]},
        StepCode.REMOVE_ACCUSED: {"complained_staff": ["handler2"]},
        StepCode.NAME_ACTING_OFFICE: {"unit": "results"},
        StepCode.NAME_OFFICER: {"person": "head"},
        StepCode.FILE_PAPER_SCAN: {**_SCAN, "document_number": f"内科信告〔{today_.year}〕8号"},
        StepCode.INSTRUCT: {
            **_SHEET,
            "instructed_on": today_,
            "handling_unit": "funds",
            "responsible_leader": "leader",
        },
        StepCode.TAKE_AS_REVIEW: {"got_on": today_ - timedelta(days=5)},
        StepCode.ACCEPT_REVIEW: {"reviewers": ["handler"]},
        StepCode.DRAFT_REVIEW: {"term": today_ + timedelta(days=20)},
        StepCode.PROPOSE: {"unit": "funds"},
        StepCode.PROMISE_REPLY: {"promised_on": today_ + timedelta(days=10)},
        StepCode.SERVE: {"served_on": today_},
        StepCode.SERVICE_FAILED: {"tried_on": today_},
        StepCode.OBJECTION_UPHELD: {"answered_on": today_},
        StepCode.OBJECTION_REJECTED: {"answered_on": today_},
        StepCode.REQUEST_FIRST_REVIEW: {"asked_on": today_},
        StepCode.RECUSE: {"person": "handler2"},
        StepCode.RATE: {"requests": [{"request": 1, "rating": 0}]},
        StepCode.LEAVE_MESSAGE: {"channel": "phone"},
        StepCode.ANSWER_MESSAGE: {"told": "电话告知"},
    }
    found |= changes.get(code, {})
    if proven := [f.number for f in facts.files if f.what in STEPS[code].proof]:
        found["attachment"] = proven[-1]
    if code in (StepCode.DRAFT_REPLY, StepCode.DRAFT_DUTY_REPLY):
        one = found["findings"][0]
        found["findings"] = [{**one, "request": r.number} for r in facts.requests]
    if code in (StepCode.FIRST_REVIEW, StepCode.FINAL_REVIEW):
        changed = {"request": 1, "decision": "予以补发", "conclusion": "support", "basis": "某办法"}
        found |= {"result": "changed", "changes": [changed]}
    if code == StepCode.CARRY_OUT:
        found["request"] = next((r.number for r in facts.requests if str(r.conclusion) == "support"), 1)
    return found


def sent(cls: Any, answers: dict[str, Any], prefix: str = "") -> Fields:
    """Answers as the controls of a form."""
    fields: Fields = {}
    for shape in step_schema(cls):
        name, value = prefix + shape.name, answers.get(shape.name, shape.default)
        if shape.kind == "list":
            for place, row in enumerate(value or ()):
                fields |= sent(shape.item, row, f"{name}-{place}-")
        elif shape.many:
            fields[name] = [str(v) for v in value or ()]
        else:
            fields[name] = [_said(shape, value)]
    return fields


def _said(shape: FieldSpec, value: Any) -> str:
    if shape.kind == "yes_no":
        return ("yes" if value else "no") if shape.default is True else ("on" if value else "")
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(getattr(value, "value", value))


def words_known(numbers: dict[str, str]) -> list[str]:
    """What means something in this department: codes, people, numbers, words of the procedure."""
    words = {c for s in STEPS.values() for shape in step_schema(s) for c, _ in shape.choices}
    return [
        *STAFF,
        "office",
        "funds",
        "results",
        "institute",
        "leaders",
        "archive",
        "legal",
        "nowhere",
        *numbers.values(),
        *sorted(words),
    ]
