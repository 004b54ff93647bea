"""How far a case is: the stages of its path with their dates, and what it may or may not do now."""

from datetime import date
from typing import TypedDict

from xinfang.core.addresses import address_of
from xinfang.papers.queries.overview import PAPER_CODES, waiting_papers
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.facts import Actor, CaseEvent, Directory, Facts
from xinfang.procedure.rounds import last_service
from xinfang.procedure.rules import DecisionContext, case_reasons, pending_for, who_may, who_may_agree
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import ALL_STEPS, STEPS
from xinfang.procedure.task_rules import TaskRule, task_rules
from xinfang.procedure.words import OPEN_STATES, TERMINAL_STATES, State
from xinfang.web.dates import short_date

Stage = tuple[str, tuple[str, ...]]

MAIN: tuple[Stage, ...] = (
    ("登记", (StepCode.REGISTER,)),
    ("拟办", (StepCode.PROPOSE,)),
    ("批示", (StepCode.INSTRUCT,)),
    ("受理", (StepCode.ACCEPT, StepCode.ACCEPT_REVIEW, StepCode.ACCEPT_DUTY)),
    ("办理", ()),
    ("意见书", (StepCode.ISSUE_REPLY,)),
    ("送达", (StepCode.SERVE,)),
    ("结案", (StepCode.CLOSE,)),
    ("归档", (StepCode.ACCEPT_ARCHIVE,)),
)
SIMPLE: tuple[Stage, ...] = (
    ("登记", (StepCode.REGISTER,)),
    ("受理", (StepCode.ACCEPT,)),
    ("办理", ()),
    ("回复", (StepCode.ANSWER,)),
)
SHORT: tuple[Stage, ...] = (
    ("登记", (StepCode.REGISTER,)),
    ("转办", (StepCode.REFER,)),
    ("办理", ()),
    ("回复", (StepCode.ANSWER,)),
)
AT_ONCE: tuple[Stage, ...] = (("登记", (StepCode.REGISTER,)), ("回复", (StepCode.ANSWER,)))
"""The way of a question that the office answers there and then (H11)."""
SEALED: tuple[Stage, ...] = (
    ("登记", (StepCode.REGISTER,)),
    ("转入密封区", (StepCode.CLASSIFY, StepCode.SEAL)),
    ("移送", (StepCode.HAND_OVER,)),
)
"""The way of a report of wrongdoing: it is kept by its officer and handed over, never proposed nor accepted (N30)."""
AT_MAIN = {
    State.REGISTERED: 1,
    State.PROPOSED: 2,
    State.INSTRUCTED: 3,
    State.HANDLING: 4,
    State.REPLIED: 6,
    State.SERVED: 7,
    State.CLOSED: 8,
    State.ARCHIVED: 9,
}
AT_SHORT = {State.REGISTERED: 1, State.HANDLING: 2, State.ANSWERED: 4}


class StageLine(TypedDict):
    """A stage of the path: kind done, now or todo."""

    label: str
    date: str
    kind: str


class StepLine(TypedDict):
    """A step, with what is still missing for it; `main` is what the case waits for first."""

    code: str
    label: str
    url: str
    cites: list[str]
    missing: list[str]
    main: bool


class CaseSteps(TypedDict):
    """The steps of a case for one person, and for whom it waits."""

    open: list[StepLine]
    lacking: list[StepLine]
    folded: list[StepLine]
    waiting: list[str]
    ended: bool


def case_path(facts: Facts, today: date) -> list[StageLine]:
    """Return the stages of this case's path; a terminal state comes after what was done before it."""
    quick = facts.state in AT_SHORT and (facts.short_path or facts.simple)
    path, at = (SHORT if facts.short_path else SIMPLE, AT_SHORT) if quick else (MAIN, AT_MAIN)
    if facts.answered_at_the_desk and (StepCode.ANSWER in facts.pending or facts.state is State.ANSWERED):
        path, at = AT_ONCE, {State.REGISTERED: 1, State.ANSWERED: 2}
    if facts.sealed:
        path, at = SEALED, dict.fromkeys(OPEN_STATES, 2)
    if facts.state in at:
        here = at[facts.state]
        return [
            {
                "label": "办理中" if label == "办理" and i == here else label,
                "date": _date(facts, codes, today) if i < here else "",
                "kind": "done" if i < here else "now" if i == here else "todo",
            }
            for i, (label, codes) in enumerate(path)
        ]
    done: list[StageLine] = [
        {"label": label, "date": _date(facts, codes, today), "kind": "done"}
        for label, codes in path
        if codes and _last(facts, codes)
    ]
    moved = next((h for h in reversed(facts.history) if h.moved), None)
    label = facts.state.label if facts.state else ""
    return [*done, {"label": label, "date": short_date(moved.happened_on, today.year) if moved else "", "kind": "now"}]


def _date(facts: Facts, codes: tuple[str, ...], today: date) -> str:
    if codes == (StepCode.REGISTER,):
        return short_date(facts.received_on, today.year)
    last = _last(facts, codes)
    return short_date(last.happened_on, today.year) if last else ""


def _last(facts: Facts, codes: tuple[str, ...]) -> CaseEvent | None:
    """Return the latest of these steps; of a service also the one by which the petitioner opened the opinion."""
    if codes == (StepCode.SERVE,):
        return last_service(facts)
    return next((h for c in codes if (h := facts.last(c))), None)


NEVER_HERE = {
    "it_may_be_answered",
    "a_notice_of_receipt_is_owed",
    "it_is_no_suggestion",
    "it_is_to_be_studied",
    "it_is_a_claim_of_route_six",
    "it_is_handled_or_reviewed_here",
    "it_is_a_request_for_review",
    "it_is_no_review",
    "something_was_ordered",
    "it_is_in_our_own_power",
    "it_is_not_in_our_own_power",
    "another_body_holds_the_power",
    "a_petition_review_is_its_remedy",
    "it_came_directly",
    "it_was_handed_down",
    "it_is_a_report_of_wrongdoing",
    "it_is_no_report_of_wrongdoing",
    "it_is_simple",
    "it_is_accepted_or_a_suggestion",
    "it_is_not_route_six",
    "it_is_no_sealed_case",
    "it_was_filed_or_declined",
    "a_reply_was_served",
    "something_is_supported",
    "it_is_joined",
    "it_was_split",
    "a_paper_is_on_its_way",
}
"""Conditions that fail because of what the case is, not of what is still to be done: such steps are no next steps."""
FLOW = ("甄别", "办理", "答复", "结案归档")
ASIDE = (StepCode.FILE_WITHOUT_ACTION, StepCode.REFUSE_FURTHER, StepCode.DISCLOSE, StepCode.COORDINATE)
"""Rare ends of the screening: open to the office, but not what it usually does next."""
BESIDE = (StepCode.ATTACH, StepCode.WITHDRAW_ATTACHMENT, *PAPER_CODES)
"""Steps that are shown where they belong, in the panels of attachments and of papers."""
MAX_STEPS_SHOWN = 6


def available_steps(facts: Facts, actor: Actor, today: date, calendar: Calendar, directory: Directory) -> CaseSteps:
    """Return what this person may do now, what is still lacking for the rest, and for whom the case waits."""
    question = DecisionContext(step=None, facts=facts, actor=actor, today=today, calendar=calendar, directory=directory)
    wanted = task_rules(facts)
    mine = [a.step for a in wanted if a.who.includes(actor, facts)]
    first: list[StepLine] = []
    lacking: list[StepLine] = []
    folded: list[StepLine] = []
    for cls in ALL_STEPS:
        rule = cls.rule
        pending = pending_for(rule.code, actor, facts, directory)
        whos = who_may_agree(pending.step, facts) if pending else who_may(rule, facts)
        if (
            rule.code in BESIDE
            or rule.new
            or facts.state not in rule.when
            or not any(w.includes(actor, facts) for w in whos)
        ):
            continue
        reasons = case_reasons(rule, question)
        codes = {r.code for r in reasons}
        entry: StepLine = {
            "code": rule.code,
            "label": f"确认：{rule.label}" if pending else rule.label,
            "url": address_of("step", facts.number, rule.code),
            "cites": [str(a) for a in rule.cites[:2]],
            "missing": [r.text for r in reasons if "it_is_classified" not in codes or r.code not in NEVER_HERE],
            "main": False,
        }
        if rule.code in mine or pending:
            (lacking if reasons else first).append(entry)
        elif rule.group not in FLOW or rule.code in ASIDE or ("it_is_classified" not in codes and codes & NEVER_HERE):
            folded.append(entry)
        else:
            (lacking if reasons else first).append(entry)
    first += [{**w, "cites": [], "missing": [], "main": False} for w in waiting_papers(facts, actor)]
    first.sort(key=lambda e: mine.index(e["code"]) if e["code"] in mine else len(mine))
    if first and first[0]["code"] in mine:
        first[0]["main"] = True
    return {
        "open": first[:MAX_STEPS_SHOWN],
        "lacking": lacking[:MAX_STEPS_SHOWN],
        "folded": first[MAX_STEPS_SHOWN:]
        + lacking[MAX_STEPS_SHOWN:]
        + sorted(folded, key=lambda e: bool(e["missing"])),
        "waiting": [] if mine else [_waits(a, facts, directory) for a in wanted],
        "ended": facts.state in TERMINAL_STATES,
    }


def _waits(ask: TaskRule, facts: Facts, directory: Directory) -> str:
    person = ask.who.person(facts)
    unit = ask.who.unit(facts)
    whom = directory.staff_name(person) if person else directory.unit_name(unit) if unit else ask.who.label
    words = ask.words or STEPS[ask.step].rule.label
    return f"{whom}{words.replace('：', '“', 1)}”" if words.startswith("确认：") else f"{whom}办理“{words}”"
