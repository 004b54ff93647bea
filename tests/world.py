"""A small invented department for tests, and the walk of a petition through it."""

from base64 import b64decode
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.articles.department import AGREED, PROOF
from xinfang.accounts.actions import accounts, second_factor, two_persons
from xinfang.accounts.actions.passwords import unopened_halves
from xinfang.accounts.models import Authenticator, Duty, PendingChange, Staff, Unit
from xinfang.accounts.queries.actors import actor_of
from xinfang.attachments.actions.attach import attach_checked
from xinfang.cases.actions.export_approvals import answer_export
from xinfang.cases.actions.perform import StepResult, perform
from xinfang.cases.models import ExportRequest, Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.department.models import EffectiveSetting
from xinfang.operations.actions.sweep import SweepReport, run_sweep
from xinfang.operations.demo.outgoing_papers import send_what_is_owed
from xinfang.papers.actions.one_act import take_step
from xinfang.procedure.archive import lacks_its_letter, unfiled_papers
from xinfang.procedure.facts import Actor
from xinfang.procedure.papers import MUST_LEAVE, PAPERS
from xinfang.procedure.rules import Refused, SecondPerson
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import Material, PaperKind
from xinfang.trusted_time.actions import set_trusted_time

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGAN = date(2020, 1, 1)
SUBORDINATE_BODIES = ("某市科技局", "某盟科技局")

UNITS = {
    "office": ("办公室", "office"),
    "funds": ("资源配置与经费处", "division"),
    "results": ("成果转化与奖励处", "division"),
    "institute": ("草原生态研究所", "affiliated"),
    "leaders": ("厅领导", "leadership"),
    "archive": ("机要室", "archive"),
    "legal": ("法律顾问", "legal"),
    "support": ("保障中心", "support"),
    "property": ("物业", "property"),
}
STAFF = {
    "clerk": ("乌兰", [("office", "office"), ("reception", "office")]),
    "clerk2": ("孟和", [("office", "office")]),
    "office_head": ("高娃", [("office_head", "office")]),
    "principal": ("那顺", [("principal_leader", "leaders")]),
    "leader": ("白音", [("leader", "leaders")]),
    "leader2": ("苏日娜", [("leader", "leaders")]),
    "head": ("斯琴", [("unit_head", "funds")]),
    "handler": ("巴特尔", [("handler", "funds")]),
    "head2": ("何堃", [("unit_head", "results")]),
    "handler2": ("陈祎", [("handler", "results")]),
    "adviser": ("卢明律", [("legal_adviser", "legal")]),
    "archivist": ("田静", [("archive_room", "archive")]),
    "sealed": ("韩肃", [("sealed_officer", "office")]),
    "support": ("郑保", [("support_centre", "support")]),
    "guard": ("马值", [("duty_desk", "property")]),
    "auditor": ("严审", [("auditor", "")]),
    "admin": ("管理员", [("system_administrator", "")]),
    "security": ("安全员", [("security_administrator", "")]),
}
PASSWORD = "dem0-Password-long"


def make_department() -> None:
    """Units, staff and duties; every account has PASSWORD."""
    # In bulk, as each row that is written has its state noted, and a thousand tests begin with this.
    made = Unit.objects.bulk_create(Unit(code=code, name=name, kind=kind) for code, (name, kind) in UNITS.items())
    units = {unit.code: unit for unit in made}
    reference = Staff(username="x")
    reference.set_password(PASSWORD)
    people = Staff.objects.bulk_create(
        Staff(username=username, name=name, password=reference.password, email=f"{username}@example.invalid")
        for username, (name, _) in STAFF.items()
    )
    Duty.objects.bulk_create(
        Duty(staff=staff, role=role, unit=units.get(unit), since=BEGAN)
        for staff in people
        for role, unit in STAFF[staff.username][1]
    )
    # One leader instructs in most tests, which are about something else.
    settings = {"subordinate_bodies": "、".join(SUBORDINATE_BODIES), "instructed_by": "分管领导"}
    EffectiveSetting.objects.bulk_create(EffectiveSetting(name=n, value=v, since=BEGAN) for n, v in settings.items())
    leader = Staff.objects.get(username="leader")
    Unit.objects.filter(code__in=["funds", "results", "institute"]).update(leader=leader)


def set_up_authenticators() -> None:
    """Everybody whose duties ask for a second factor has one set up."""
    for staff in Staff.objects.all():
        if second_factor.second_factor_is_required(actor_of(staff)):
            second_factor.begin_setup(staff)
            Authenticator.objects.filter(staff=staff).update(confirmed_at=timezone.now())


def fresh_code(username: str) -> str:
    """A code that this person can sign in with: of the paper, as one of the phone is good once in thirty seconds."""
    return second_factor.new_recovery_codes(Staff.objects.get(username=username))[0]


def confirm_changes() -> list[str]:
    """The security administrator confirms all that waits; returns what was shown to them."""
    security = Staff.objects.get(username="security")
    return [
        two_persons.confirm_change(c, by=security) for c in PendingChange.objects.filter(decided_at=None).order_by("id")
    ]


def give_password(username: str) -> str:
    """The system administrator proposes, the security administrator confirms; the owner gets both halves."""
    admin = Staff.objects.get(username="admin")
    two_persons.propose_change(PendingChange.Kind.NEW_PASSWORD, Staff.objects.get(username=username), by=admin)
    second = confirm_changes()[-1]
    return accounts.reveal_password_half(unopened_halves(admin)[0].pk, by=admin)[1] + second


def who(username: str, on: date | None = None) -> Actor:
    return actor_of(Staff.objects.get(username=username), on)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


LETTER: dict[str, Any] = {
    "secrecy": "no",
    "channel": "letter",
    "source": "direct",
    "subject": "请求说明科技特派员补助发放情况",
    "body": "本人担任科技特派员，补助未按时发放，请说明原因并补发。",
    "requests": [{"text": "说明未发放原因"}, {"text": "补发补助"}],
    "persons": [{"name": "其木格", "phone": "15000000001", "address": "某盟某旗某苏木"}],
}


RESTS_ON = {
    **PROOF,
    StepCode.REFUSE_FURTHER: Material.OTHER_BODYS_PAPER,
    StepCode.RATE: Material.PETITIONERS_WORDS,
    StepCode.REQUEST_RECONSIDERATION: Material.PETITIONERS_WORDS,
}


def take(
    number: str | None, code: str, by: str, on: date | None = None, *, waits: bool = False, **answers: Any
) -> StepResult:
    """Take one step as somebody, on a day (noon in Shanghai) or now.

    To steps of `AGREED` a second person agrees at once, unless the test wants to see it waiting (`waits`); what a step
    rests on is attached first.
    """
    pending = facts_of(Petition.objects.get(number=number)).pending if number else {}
    archived = bool(number) and Petition.objects.filter(number=number, state="archived").exists()
    if number and code in RESTS_ON and code not in pending and "attachment" not in answers and not archived:
        answers = {**answers, "attachment": proof(number, RESTS_ON[code], on)}
    step = load_step(SecondPerson if code in pending else STEPS[code], answers)
    now = noon(on) if on else None
    done = perform(step, number, by=who(by, on), code=code, now=now)
    if done.event.stage == "proposed" and code in AGREED and not waits:
        return agreed(done.petition.number, code, on)
    return done


def agreed(number: str, code: str, on: date | None = None, take: Callable[..., StepResult] = perform) -> StepResult:
    """The first who may agrees to what waits."""
    for username in ("clerk2", "office_head", "handler", "head", "head2", "leader", "principal", "sealed", "sealed2"):
        try:
            return take(SecondPerson(), number, by=who(username, on), code=code, now=noon(on) if on else None)
        except (Refused, NotVisible) as e:
            why = e
    raise why


def proof(number: str, what: Material, on: date | None = None) -> int:
    """Attach what a step rests on; its number in the case."""
    have = len(facts_of(Petition.objects.get(number=number)).files)
    _file(number, "clerk", on, what, what.label, scan(60 + have))
    return have + 1


def act(number: str, code: str, by: str, on: date | None = None, **answers: Any) -> StepResult:
    """Take one step as its page does: with the paper that it owes the petitioner."""
    now = noon(on) if on else None
    done = take_step(load_step(STEPS[code], answers), number, by=who(by, on), code=code, now=now)
    return agreed(number, code, on, take_step) if done.event.stage == "proposed" and code in AGREED else done


def register(on: date, by: str = "clerk", **changes: Any) -> str:
    done = take(None, StepCode.REGISTER, by, on, **{**LETTER, "received_on": on.isoformat(), **changes})
    return done.petition.number


FINDINGS = [
    {"request": 1, "finding": "旗科技局因预算调整推迟发放。", "conclusion": "explain", "basis": "科技特派员管理办法"},
    {"request": 2, "finding": "应发12个月补助属实。", "conclusion": "support", "basis": "科技特派员管理办法"},
]

ASKED_FOR_REVIEW: dict[str, Any] = {
    "body": "某市科学技术局",
    "opinion_number": "市科信答〔2026〕3号",
    "decided": "对补发补助的请求不予支持。",
    "reason": "该局没有核对拨款凭证，认定事实不清。",
}
"""What a petitioner asks this department to review; the day on which they got the opinion follows the test's days."""
REVIEW: dict[str, Any] = {
    "finding": "该局没有调取项目的拨款凭证，仅凭经办人说明认定补助已经发放。",
    "result": "redo",
    "reason": "主要事实不清，证据不足。",
    "basis": "《信访工作条例》第三十二条",
    "order": "调取拨款凭证，逐月核对后重新作出处理意见。",
    "final_body": "自治区人民政府信访事项复查复核机构（某市某路1号）",
}
REVIEW_PATH: list[tuple[str, str, str, dict[str, Any]]] = [
    ("asked", StepCode.TAKE_AS_REVIEW, "clerk", ASKED_FOR_REVIEW),
    ("proposed", StepCode.PROPOSE, "clerk", {"text": "建议由经费处复查。", "unit": "funds", "leader": "leader"}),
    ("instructed", StepCode.INSTRUCT, "leader", {"text": "同意，由巴特尔复查。"}),
    ("accepted", StepCode.ACCEPT_REVIEW, "clerk", {"reviewers": ["handler"]}),
    ("drafted", StepCode.DRAFT_REVIEW, "handler", REVIEW),
    ("advice_sought", StepCode.SEEK_LEGAL_ADVICE, "handler", {"adviser": "adviser"}),
    ("advised", StepCode.GIVE_LEGAL_ADVICE, "adviser", {"text": "无不同意见。"}),
    ("reviewed", StepCode.REVIEW_REPLY, "head", {}),
    ("signed_reply", StepCode.SIGN_REPLY, "leader", {}),
    ("replied", StepCode.ISSUE_REPLY, "clerk", {}),
    ("served", StepCode.SERVE, "handler", {"method": "post", "receiver": "其木格", "mail_number": "XA0000000115"}),
    ("closing", StepCode.CLOSE, "head", {"text": "已办结。", "review_rights_told": True}),
    ("closed", StepCode.CLOSE, "leader", {"agree": True}),
]
"""This department reviews the opinion of a city's bureau."""

RECEIPT_SCAN = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAAEElEQVR4nGM8wQABTAwUMQA6AADYhMgK6QAAAABJRU5ErkJggg=="
)
"""A small grey PNG: enough to be a scan."""

HAPPY_PATH: list[tuple[str, str, str, dict[str, Any]]] = [
    ("classified", StepCode.CLASSIFY, "clerk", {"matter_class": "claim", "route": "six", "purpose": "claim"}),
    (
        "proposed",
        StepCode.PROPOSE,
        "clerk",
        {"text": "属本厅职责，建议由经费处承办。", "unit": "funds", "leader": "leader"},
    ),
    ("instructed", StepCode.INSTRUCT, "leader", {"text": "同意，我包案。"}),
    ("accepted", StepCode.ACCEPT, "clerk", {"contact": "0471-0000000"}),
    ("assigned", StepCode.ASSIGN, "clerk", {"handling_unit": "funds", "feedback_on": "2099-12-31"}),
    ("signed", StepCode.SIGN_FOR, "head", {"handler": "handler"}),
    (
        "heard",
        StepCode.TALK,
        "handler",
        {"place": "电话", "who_was_there": "巴特尔、信访人", "said": "核对了未发放的月份。"},
    ),
    (
        "drafted",
        StepCode.DRAFT_REPLY,
        "handler",
        {"findings": FINDINGS, "disposition": "solve", "review_body": "自治区人民政府"},
    ),
    ("advice_sought", StepCode.SEEK_LEGAL_ADVICE, "handler", {"adviser": "adviser"}),
    ("advised", StepCode.GIVE_LEGAL_ADVICE, "adviser", {"text": "无不同意见。"}),
    ("reviewed", StepCode.REVIEW_REPLY, "head", {}),
    ("signed_reply", StepCode.SIGN_REPLY, "leader", {}),
    (
        "replied",
        StepCode.ISSUE_REPLY,
        "clerk",
        {},
    ),
    ("served", StepCode.SERVE, "handler", {"method": "post", "receiver": "其木格", "mail_number": "XA0000000115"}),
    ("carried_out", StepCode.CARRY_OUT, "handler", {"request": 2, "text": "已补发。"}),
    ("closing", StepCode.CLOSE, "head", {"text": "已办结。", "review_rights_told": True}),
    ("closed", StepCode.CLOSE, "leader", {"agree": True}),
    ("submitted", StepCode.SUBMIT_ARCHIVE, "handler", {"complete": True, "pages": 32}),
    ("archived", StepCode.ACCEPT_ARCHIVE, "archivist", {}),
]


DUTY: dict[str, Any] = {
    "findings": FINDINGS,
    "disposition": "lawful",
    "reconsideration_body": "自治区人民政府（行政复议机构）",
    "court": "某市中级人民法院",
}
DUTY_PATH: list[tuple[str, str, str, dict[str, Any]]] = [
    ("classified", StepCode.CLASSIFY, "clerk", {"matter_class": "claim", "route": "five", "purpose": "claim"}),
    ("proposed", StepCode.PROPOSE, "clerk", {"text": "建议由经费处依法查处。", "unit": "funds", "leader": "leader"}),
    ("instructed", StepCode.INSTRUCT, "leader", {"text": "同意。"}),
    ("accepted", StepCode.ACCEPT_DUTY, "clerk", {"law": "《规则》第八条", "contact": "0471-0000000"}),
    *HAPPY_PATH[4:7],
    ("drafted", StepCode.DRAFT_DUTY_REPLY, "handler", DUTY),
    *HAPPY_PATH[8:17],
]
"""This department performs what is in its own power."""


def tell(number: str, on: date | None = None) -> None:
    """What the steps so far owe the petitioner is made, checked, signed, issued and posted."""
    people = [partial(who, name, on) for name in ("head", "head2", "office_head", "leader")]
    send_what_is_owed(number, noon(on) if on else timezone.now(), clerk=who("clerk", on), people=people)


def file_receipt(number: str, by: str, on: date | None = None) -> None:
    """The signed receipt for what was served comes back and joins the file as a scan."""
    _file(number, by, on, Material.RECEIPT, "送达回证", RECEIPT_SCAN)


def file_papers(number: str, by: str, on: date | None = None) -> None:
    """The letter, and what was sent without being issued here, join the file as scans."""
    facts = facts_of(Petition.objects.get(number=number))
    if lacks_its_letter(facts):
        _file(number, by, on, Material.LETTER, "来信", scan(99))
    for place, kind in enumerate(unfiled_papers(facts)):
        file_scan(number, kind, by, on, scan(place))


def file_scan(number: str, kind: PaperKind, by: str, on: date | None, data: bytes) -> None:
    """A sheet that was signed and sealed by hand is scanned; another person compares it; what must be sent is sent."""
    _file(number, by, on, Material.PAPER, kind.label, data)
    facts, day = facts_of(Petition.objects.get(number=number)), on or today()
    series = PAPERS[kind].series
    named = {"document_number": f"{series}〔{day.year}〕{int(number[-6:])}{len(facts.files)}号" if series else ""}
    take(number, StepCode.FILE_PAPER_SCAN, by, on, attachment=len(facts.files), kind=kind.value, dated_on=day, **named)
    facts = take(number, StepCode.FILE_PAPER_SCAN, "clerk2" if by == "clerk" else "clerk", on, agree=True).facts
    if kind in MUST_LEAVE:
        take(
            number,
            StepCode.SEND_PAPER,
            "clerk",
            on,
            paper=len(facts.papers),
            sent_on=day,
            method="post",
            mail_number="XA0000000115",
        )


def scan(shade: int) -> bytes:
    """A small picture; each shade is another one."""
    drawn = BytesIO()
    Image.new("L", (40, 30), 100 + shade).save(drawn, "PNG")
    return drawn.getvalue()


def _file(number: str, by: str, on: date | None, what: Material, name: str, data: bytes) -> None:
    attach_checked(number, data, f"{name}.png", "png", what=what, by=who(by, on), now=noon(on) if on else None)


def sweep_on(day: date) -> SweepReport:
    """A sweep at noon of this day, which somebody has confirmed: tests walk through months in a second."""
    set_trusted_time(noon(day))
    return run_sweep(noon(day))


def review(number: str, until: str, start: date, days_apart: int = 1) -> date:
    """Walk a registered petition, a request to review another body's opinion, until the named place."""
    return walk(number, until, start, days_apart, REVIEW_PATH)


def perform_duty(number: str, until: str, start: date, **more: dict[str, Any]) -> date:
    """Walk a registered petition until the named place, in the department's own power; `more` answers, by place."""
    path = [(place, code, by, {**said, **more.get(place, {})}) for place, code, by, said in DUTY_PATH]
    return walk(number, until, start, 1, path)


def walk(
    number: str,
    until: str,
    start: date,
    days_apart: int = 1,
    path: list[tuple[str, str, str, dict[str, Any]]] = HAPPY_PATH,
) -> date:
    """Walk a registered petition along the happy path until the named place; returns the last day used."""
    day = start
    for place, code, by, answers in path:
        answers = dict(answers)
        if code == StepCode.TAKE_AS_REVIEW:
            answers["got_on"] = (start - timedelta(days=5)).isoformat()
        if code == StepCode.DRAFT_REVIEW:
            answers["term"] = (day + timedelta(days=30)).isoformat()
        if code == StepCode.SERVE:
            answers["served_on"] = day.isoformat()
        if code == StepCode.SUBMIT_ARCHIVE:
            file_papers(number, by, day)
            file_receipt(number, by, day)
        taken = act if code == StepCode.ISSUE_REPLY else take
        taken(number, code, by, day, **answers)
        if place == until:
            return day
        day += timedelta(days=days_apart)
    return day


def as_(username: str) -> Client:
    """The browser of somebody who is signed in."""
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def agree_to_export(username: str, *, agree: bool = True, opinion: str = "") -> None:
    """Somebody answers the export that was asked for last."""
    answer_export(
        ExportRequest.objects.latest("pk").pk,
        agree=agree,
        opinion=opinion,
        by=who(username),
        staff=Staff.objects.get(username=username),
    )
