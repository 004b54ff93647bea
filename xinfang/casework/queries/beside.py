"""What lies beside the form of a step while somebody writes: what was proposed, said, instructed and advised before."""

from collections.abc import Mapping
from typing import TypedDict

from xinfang.cases.access import ViewScope, open_case
from xinfang.cases.answers import render_answers
from xinfang.cases.queries.case_text import case_text
from xinfang.papers.queries.overview import REPLY_PREVIEW_STEPS
from xinfang.procedure.facts import Actor, CaseEvent, Directory, Facts
from xinfang.procedure.papers import drafting_step, latest_opinion
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.messages import waiting_events
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import ServiceMethod
from xinfang.web.dates import chinese_date

_DRAFTING = (
    StepCode.TALK,
    StepCode.MEDIATE,
    StepCode.GIVE_LEGAL_ADVICE,
    StepCode.REVIEW_REPLY,
    StepCode.SIGN_REPLY,
    StepCode.INSTRUCT,
)
ANSWERED_STEP: Mapping[str, str] = {
    StepCode.INSTRUCT: StepCode.PROPOSE,
    StepCode.ACCEPT: StepCode.INSTRUCT,
    StepCode.ACCEPT_REVIEW: StepCode.INSTRUCT,
    StepCode.ACCEPT_DUTY: StepCode.INSTRUCT,
    StepCode.DRAFT_DUTY_REPLY: StepCode.ACCEPT_DUTY,
    StepCode.DECLINE_REVIEW: StepCode.TAKE_AS_REVIEW,
    StepCode.DRAFT_REVIEW: StepCode.TAKE_AS_REVIEW,
    StepCode.RECORD_COMPLIANCE: StepCode.DRAFT_REVIEW,
    **dict.fromkeys(REPLY_PREVIEW_STEPS, StepCode.DRAFT_REPLY),
    StepCode.GRANT_EXTENSION: StepCode.REQUEST_EXTENSION,
    StepCode.DECIDE_MEETING: StepCode.ASK_TO_MEET,
    StepCode.OBJECTION_UPHELD: StepCode.OBJECT,
    StepCode.OBJECTION_REJECTED: StepCode.OBJECT,
    StepCode.ANSWER_SUPERVISION: StepCode.SUPERVISE,
    StepCode.ANSWER_ADVICE: StepCode.RECORD_ADVICE,
    StepCode.ASSIGN: StepCode.INSTRUCT,
    StepCode.SIGN_FOR: StepCode.ASSIGN,
    StepCode.ACCEPT_ARCHIVE: StepCode.SUBMIT_ARCHIVE,
    StepCode.RETURN_ARCHIVE: StepCode.SUBMIT_ARCHIVE,
}
"""Steps that answer another step, and which."""
_BESIDE: Mapping[str, tuple[StepCode, ...]] = {
    StepCode.DRAFT_REPLY: _DRAFTING,
    StepCode.DRAFT_DUTY_REPLY: _DRAFTING,
    StepCode.DRAFT_REVIEW: _DRAFTING,
    StepCode.ANSWER: (StepCode.TALK, StepCode.STUDY, StepCode.REFER, StepCode.ASSIGN, StepCode.INSTRUCT),
    StepCode.REVIEW_REPLY: (StepCode.TALK, StepCode.GIVE_LEGAL_ADVICE),
    StepCode.SIGN_REPLY: (StepCode.REVIEW_REPLY, StepCode.GIVE_LEGAL_ADVICE),
}
"""Steps beside whose form lies what these others said, the latest of each; of talks every one."""
_EVERY_ONE = (StepCode.TALK,)


class Said(TypedDict):
    """What a step said, who took it and when."""

    title: str
    rows: list[dict[str, str]]


def answered(code: str, facts: Facts, directory: Directory) -> Said | None:
    """Return what this step decides about, where another step put it forward: it is read before the form."""
    other = ANSWERED_STEP.get(code, "")
    if other == StepCode.DRAFT_REPLY:
        other = drafting_step(facts)
    last = facts.last(other) if other else None
    return _said(last, facts, directory) if last else None


def compared(code: str, facts: Facts, directory: Directory, actor: Actor) -> Said | None:
    """Return what a second person compares with what waits for them; None where there is nothing.

    Of a repeat that is the first case (a few queries, for that one page); of a public notice what was tried before it.
    """
    pending = facts.pending.get(code)
    if pending is None:
        return None
    if code == StepCode.SERVE and pending.step.method is ServiceMethod.PUBLIC:
        return _tried_before(facts, directory)
    return _first_case(pending.step.first, actor) if code == StepCode.LINK_REPEAT else None


def _tried_before(facts: Facts, directory: Directory) -> Said:
    """Return how the opinion was tried to be served, the earliest first."""
    opinion = latest_opinion(facts)
    own = (None, opinion.number if opinion else None)
    failed = [h for h in facts.history if h.code == StepCode.SERVICE_FAILED and h.took_effect and h.step.paper in own]
    tries = [
        {"label": chinese_date(h.step.tried_on), "text": h.step.says(directory)}
        for h in failed[-max(facts.failed_services, 1) :]
    ]
    where = {"label": "住址", "text": "请在此件“信访人”栏查看住址（须写明理由），核对是否寄往、送往登记的住址。"}
    return {"title": "公告以前的送达情况", "rows": [*tries, where]}


def _first_case(number: str, actor: Actor) -> Said:
    try:
        first = open_case(actor, number)
    except NotVisible:
        first = None
    if first is None or first.scope is not ViewScope.FULL or first.facts.sealed:
        return {"title": "首件", "rows": [{"label": "核对", "text": _NOT_COMPARED}]}
    text = case_text(first.petition, first.facts)
    requests = "\n".join(f"{r.number}. {r.text}" for r in first.facts.requests)
    said = (("收到日期", chinese_date(first.facts.received_on)), ("事由", text.subject), ("诉求", requests))
    rows = [*said, ("来信（来访）内容", text.body)]
    return {
        "title": f"首件 {first.petition.number}：请核对是否同人、同事",
        "rows": [{"label": label, "text": words} for label, words in rows if words],
    }


_NOT_COMPARED = "您看不到首件，不能核对是否同人、同事，请由能看到首件的人员确认。"


def beside(code: str, facts: Facts, directory: Directory, *, reads_advice: bool) -> list[Said]:
    """Return what others said that matters for this step, the latest first; advice only for who may read it (H13)."""
    wanted = _BESIDE.get(code, ())
    if code == StepCode.ANSWER_MESSAGE:
        return [_said(h, facts, directory, f"留言{m.number}：") for m, h in waiting_events(facts)]
    found: list[CaseEvent] = []
    seen: set[str] = set()
    for h in reversed(facts.history):
        if h.code not in wanted or not h.took_effect or (h.code in seen and h.code not in _EVERY_ONE):
            continue
        seen.add(h.code)
        if h.code != StepCode.GIVE_LEGAL_ADVICE or reads_advice:
            found.append(h)
    return [_said(h, facts, directory) for h in found]


def _said(h: CaseEvent, facts: Facts, directory: Directory, which: str = "") -> Said:
    by = directory.staff_name(h.by) if h.by else "信访人"
    return {
        "title": f"{which}{STEPS[h.code].rule.label}（{by}，{chinese_date(h.happened_on)}）",
        "rows": render_answers(h.step, directory, facts.requests, unticked=False),
    }
