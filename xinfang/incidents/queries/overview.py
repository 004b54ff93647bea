"""What the pages of urgent events show (H11, H15–H18).

Who was told when, who came, what was written, what may be done now.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NotRequired, TypedDict

from django.urls import reverse

from xinfang.core.clock import SHANGHAI, today
from xinfang.incidents.models import Incident
from xinfang.procedure.facts import SYSTEM, Actor, Directory
from xinfang.procedure.incidents.ending import missing_at_reception
from xinfang.procedure.incidents.facts import IncidentFacts, LogEntry, Presence, ReportLink
from xinfang.procedure.incidents.kinds import INCIDENTS
from xinfang.procedure.incidents.replay import INCIDENT_STEPS
from xinfang.procedure.incidents.report_chain import limit_of
from xinfang.procedure.incidents.rules import IncidentStep, role_in
from xinfang.procedure.incidents.words import ReportStage
from xinfang.procedure.rules import Reason
from xinfang.procedure.words import IncidentKind, Role
from xinfang.web.form_types import Problem
from xinfang.web.refusals import problems_of

WhyNot = Callable[[type[IncidentStep]], list[Reason]]
"""Says why a step can't be taken now."""
ONE_TAP = ("confirm", "set_out", "arrive")
"""Steps without a question: a button is the whole form."""
FORMS = (
    "note",
    "count_people",
    "set_place",
    "call_in",
    "told_by_phone",
    "choose_representatives",
    "register_on_the_spot",
    "add_picture",
    "record_act",
    "instruct",
    "draft_report",
    "sign_report",
    "send_report",
    "end",
)
"""Steps with a page of their own, in the order in which an event asks for them."""
MAIN = ("confirm", "sign_report")
"""What is asked for first where it is open."""
CALLS = (("120", "120", "急救"), ("110", "110", "报警"))
"""Value, number and word of whom to call before anything else (H17)."""
CALL_FIRST = (IncidentKind.MEDICAL_EMERGENCY, IncidentKind.DISTURBANCE)
"""Kinds of which the page asks whether help was called."""
BUTTONS = {
    "note": "记入记录",
    "count_people": "记下人数",
    "set_place": "记下地点",
    "call_in": "请其到场",
    "told_by_phone": "记下已电话报告",
    "choose_representatives": "记下代表人数",
    "register_on_the_spot": "关联此件",
    "add_picture": "保存照片",
    "record_act": "记入记录",
    "instruct": "记入指示",
    "sign_report": "提交决定",
    "end": "结束此事件",
}
"""What the button of a form says, where the step's name is a noun."""
_CHIPS = {ReportStage.DRAFTED: "soon", ReportStage.SIGNED: "soon", ReportStage.SENT: "ok"}


def clock_time(moment: datetime | None, today: datetime | None = None) -> str:
    """Return a time as 09:03:21, with the day before it where it isn't the day of `today` (Asia/Shanghai)."""
    if moment is None:
        return ""
    there = moment.astimezone(SHANGHAI)
    if today is None or there.date() == today.astimezone(SHANGHAI).date():
        return f"{there:%H:%M:%S}"
    return f"{there.month}月{there.day}日 {there:%H:%M:%S}"


def day_and_hour(moment: datetime) -> str:
    """Return a time as 11月23日 09:03 (Asia/Shanghai)."""
    there = moment.astimezone(SHANGHAI)
    return f"{there.month}月{there.day}日 {there:%H:%M}"


class LinkRow(TypedDict):
    """A link of the chain; `confirmed` and `by` once somebody has answered."""

    whom: str
    since: str
    why: str
    passed: int
    limit: str
    late: bool
    reminders: str
    confirmed: NotRequired[str]
    by: NotRequired[str]
    chip: str
    words: str


class PresenceRow(TypedDict):
    """Somebody who is there or on the way."""

    name: str
    role: str
    there: bool
    words: str
    text: str


class JointRow(TypedDict):
    """Who has to receive the visitors too, and whether they came."""

    whom: str
    there: bool


class LogRow(TypedDict):
    """A line of the log; `petition` and `picture` are what it leads to."""

    seq: int
    at: str
    iso: str
    label: str
    who: str
    role: str
    says: str
    offline: str
    petition: NotRequired[str]
    picture: NotRequired[int]


class IncidentHead(TypedDict):
    """What is told of an event without reading its log."""

    number: str
    url: str
    kind: str
    place: str
    people: str
    opened: str
    passed: str
    ended: str


class IncidentRow(IncidentHead):
    """An event on the board."""

    chain: list[LinkRow]
    there: str
    coming: str
    missing: Sequence[str]
    petitions: int
    report: str
    report_chip: str
    last: str


class Way(TypedDict):
    """A step that may be taken, or why it can't be now."""

    code: str
    label: str
    cites: str
    main: bool
    reasons: list[Problem]


class Ways(TypedDict):
    """The steps of a person's duties: a tap, a form, or closed."""

    taps: list[Way]
    forms: list[Way]
    closed: list[Way]


class Call(TypedDict):
    """120 or 110, and whether the call is on record."""

    value: str
    number: str
    word: str
    done: bool


def chain_link_name(role: Role) -> str:
    """Return 办公室 or 厅领导: the two links of the chain."""
    return "厅领导" if role is Role.LEADER else "办公室"


def minutes_between(since: datetime, until: datetime) -> int:
    """Return whole minutes, none below zero."""
    return max(0, int((until - since).total_seconds() // 60))


def duration_text(minutes: int) -> str:
    """Return a number of minutes as 43 分钟, 2 小时 5 分钟 or 3 天."""
    if minutes < 60:
        return f"{minutes} 分钟"
    if minutes < 24 * 60:
        return f"{minutes // 60} 小时 {minutes % 60} 分钟"
    return f"{minutes // (24 * 60)} 天"


def chain_rows(facts: IncidentFacts, names: Directory, now: datetime) -> list[LinkRow]:
    """Return each link: told when, confirmed when and by whom, or how long nobody has answered."""
    return [_link(t, facts, names, now) for t in facts.told]


def _link(told: ReportLink, facts: IncidentFacts, names: Directory, now: datetime) -> LinkRow:
    limit = limit_of(told.role).on(today(told.since))
    passed = minutes_between(told.since, told.confirmed_at or facts.ended_at or now)
    late = passed >= limit.value
    if told.confirmed_at:
        used = f"用了{passed}分钟，超过{limit}" if late else f"用了{passed}分钟" if passed else "1分钟内"
        chip, words = "ok", f"已确认（{used}）"
    elif late:
        chip, words = "late", f"已超时 {passed - limit.value} 分钟，无人确认"
    else:
        waited = f"已过 {passed} 分钟" if passed else "刚刚报告"
        chip, words = "soon", f"等待确认，{waited}"
    row: LinkRow = {
        "whom": chain_link_name(told.role),
        "since": clock_time(told.since, now),
        "why": told.why,
        "passed": passed,
        "limit": str(limit),
        "late": late,
        "reminders": f"已提醒{told.reminded}次，最近 {clock_time(told.reminded_at, now)}" if told.reminded else "",
        "chip": chip,
        "words": words,
    }
    if told.confirmed_at:
        row["confirmed"] = clock_time(told.confirmed_at, now)
        row["by"] = names.staff_name(told.confirmed_by)
    return row


def presence_rows(facts: IncidentFacts, names: Directory, now: datetime) -> list[PresenceRow]:
    """Return who is there, then who is on the way, each with the true time."""
    order = sorted(facts.present, key=lambda p: (p.there_at is None, p.there_at or p.coming_at or now))
    return [_present(p, names, now) for p in order]


def _present(p: Presence, names: Directory, now: datetime) -> PresenceRow:
    words = f"{clock_time(p.there_at, now)} 到场" if p.there_at else f"{clock_time(p.coming_at, now)} 出发，在路上"
    name = names.staff_name(p.person)
    return {
        "name": name,
        "role": p.role.label,
        "there": p.there_at is not None,
        "words": words,
        "text": f"{name}（{p.role.label}，{words}）",
    }


def joint_reception(facts: IncidentFacts) -> list[JointRow]:
    """Return who has to receive the visitors together, and whether somebody of them came (H15)."""
    if facts.kind is None:
        return []
    lacking = missing_at_reception(facts)
    return [{"whom": words, "there": words not in lacking} for words, _ in INCIDENTS[facts.kind].attends]


def writer_name(line: LogEntry, names: Directory) -> str:
    """Return the name of the person who wrote an entry."""
    return "系统" if line.by == SYSTEM.code else names.staff_name(line.by)


def log_rows(facts: IncidentFacts, names: Directory, places: dict[str, int], now: datetime) -> list[LogRow]:
    """Return every entry of the log in order. `places` tells under which number the picture with a hash lies."""
    rows = []
    for line in facts.lines:
        role = "" if line.by == SYSTEM.code else line.role.label
        row: LogRow = {
            "seq": line.seq,
            "at": clock_time(line.at, now),
            "iso": line.at.isoformat(),
            "label": line.label,
            "who": writer_name(line, names),
            "role": role,
            "says": line.step.says(names),
            "offline": f"离线填写于 {clock_time(line.seen_at, now)}" if line.seen_at else "",
        }
        if line.code == "register_on_the_spot":
            row["petition"] = line.step.number
        elif line.code == "add_picture":
            row["picture"] = places.get(line.step.digest, 0)
        if facts.ended_at and line.at > facts.ended_at and line.code == "note":
            row["label"] = "补记"
        rows.append(row)
    return rows


def board_row(incident: Incident, facts: IncidentFacts, names: Directory, now: datetime) -> IncidentRow:
    """Return one event as a row of the board."""
    there = [p for p in facts.present if p.there_at]
    coming = [p for p in facts.present if not p.there_at]
    return {
        **incident_head(incident, now),
        "chain": chain_rows(facts, names, now),
        "there": _names(there, names),
        "coming": _names(coming, names),
        "missing": missing_at_reception(facts) if not facts.ended_at else (),
        "petitions": len(facts.petitions),
        "report": facts.report_stage.label if facts.report_stage is not ReportStage.NONE else "",
        "report_chip": _CHIPS.get(facts.report_stage, "plain"),
        "last": f"{clock_time(facts.lines[-1].at, now)} {facts.lines[-1].label}",
    }


def _names(people: Iterable[Presence], names: Directory) -> str:
    return "、".join(f"{names.staff_name(p.person)}（{p.role.label}）" for p in people)


def incident_head(incident: Incident, now: datetime) -> IncidentHead:
    """Return what the event's row says: no log is read for it."""
    return {
        "number": incident.number,
        "url": reverse("incident", args=[incident.number]),
        "kind": incident.get_kind_display(),
        "place": incident.place or "地点未填",
        "people": f"约 {incident.people} 人" if incident.people else "人数未填",
        "opened": day_and_hour(incident.opened_at),
        "passed": duration_text(minutes_between(incident.opened_at, incident.ended_at or now)),
        "ended": day_and_hour(incident.ended_at) if incident.ended_at else "",
    }


# ---- what may be done now


def open_and_closed_steps(facts: IncidentFacts, actor: Actor, why_not: WhyNot) -> Ways:
    """Return the steps of this person's duties: taps, forms, and those closed now with the reasons.

    `why_not` takes a step's class.
    """
    found: Ways = {"taps": [], "forms": [], "closed": []}
    for code in (*ONE_TAP, *FORMS):
        step = INCIDENT_STEPS[code]
        if role_in(step.rule, actor) is None:
            continue
        reasons = why_not(step)
        way: Way = {
            "code": code,
            "label": _label(step, facts),
            "cites": "、".join(str(a) for a in step.rule.cites),
            "main": code in MAIN,
            "reasons": problems_of(reasons),
        }
        (found["closed"] if reasons else found["taps"] if code in ONE_TAP else found["forms"]).append(way)
    return found


def _label(step: type[IncidentStep], facts: IncidentFacts) -> str:
    code = step.rule.code
    if code == "note" and facts.ended_at:
        return "补记"
    if code == "register_on_the_spot":
        return "关联已登记的信访件"
    return step.rule.label


def emergency_calls(facts: IncidentFacts, why_not: WhyNot) -> list[Call]:
    """Return 120 and 110, each with whether the call is on record."""
    step = INCIDENT_STEPS["called"]
    if why_not(step):
        return []
    return [{"value": v, "number": n, "word": w, "done": v in facts.calls} for v, n, w in CALLS]
