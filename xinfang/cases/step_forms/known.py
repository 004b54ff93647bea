"""What the case, its clocks and its people already say: forms begin with it, so that nobody types it twice.

Whoever fills in the form can change every word of it. What only a look at a sheet or a person tells is never guessed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from xinfang.cases.step_forms.choices import CaseChoices
from xinfang.department.queries import effective_setting
from xinfang.procedure import limits
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.clocks import HANDLING
from xinfang.procedure.facts import Actor, Facts, PaperFacts
from xinfang.procedure.papers import latest_opinion
from xinfang.procedure.rules import Step
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_schema
from xinfang.procedure.what_is_due import what_is_due
from xinfang.procedure.words import (
    Channel,
    Conclusion,
    DispatchMethod,
    Material,
    PersonRole,
    ReceiptKind,
    Role,
    Route,
    ServiceMethod,
)
from xinfang.web.dates import chinese_date

ADVICE_QUESTION = "请审查事实认定、法律法规依据和结论是否适当。"
PROPOSAL = "属本厅职责范围，建议由下列处室（单位）承办。妥否，请批示。"
PETITIONER = "信访人"
IN_PERSON = "本人"


@dataclass(frozen=True)
class Known:
    """What a form is filled in from. Days are Asia/Shanghai."""

    facts: Facts
    today: date
    choices: CaseChoices
    actor: Actor
    calendar: Calendar


def known_answers(cls: type[Step], known: Known) -> dict[str, Any]:
    """Return the raw answers that follow from what is known; none for most steps."""
    answers = _KNOWN.get(cls.rule.code)
    return answers(cls, known) if answers else {}


def only_choice(cls: Any, name: str, choices: CaseChoices) -> str:
    """Return the one that can be chosen for a field; empty where there is none or more than one."""
    found = _codes(cls, name, choices)
    return found[0] if len(found) == 1 else ""


def _codes(cls: Any, name: str, choices: CaseChoices) -> list[str]:
    shape = next(s for s in step_schema(cls) if s.name == name)
    return [code for _, some in choices.groups(shape) for code, _ in some]


def _adviser(cls: type[Step], k: Known) -> dict[str, Any]:
    return {"adviser": only_choice(cls, "adviser", k.choices), "question": ADVICE_QUESTION}


def _handler(cls: type[Step], k: Known) -> dict[str, Any]:
    """Return the one who handles in this unit, where there is no other than its head."""
    fit = _codes(cls, "handler", k.choices)
    handlers = [s.code for s in k.choices.directory.staff.values() if s.code in fit and Role.HANDLER in s.roles]
    return {"handler": handlers[0]} if len(handlers) == 1 else {}


def _propose(cls: type[Step], k: Known) -> dict[str, Any]:
    """Return the usual words for a claim that is ours; after it was sent back, those that were written then."""
    last = k.facts.last(StepCode.PROPOSE)
    if last is not None:
        return {"text": last.step.text}
    return {"text": PROPOSAL} if k.facts.route in (Route.SIX, None) and not k.facts.own_power else {}


def _feedback(cls: type[Step], k: Known) -> dict[str, Any]:
    """Return the day on which the unit is to report: that of the handling clock, earlier where the sender asks so."""
    runs = (run for run in what_is_due(k.facts, k.calendar).running if run.clock is HANDLING)
    days = [run.due.due for run in runs] + ([k.facts.feedback_due] if k.facts.feedback_due else [])
    if k.facts.accepted_on is None:
        # It is accepted with the same form: the clock begins today, and its last day is no earlier than this one.
        days.append(k.today + timedelta(days=limits.HANDLING.on(k.today).value))
    first = min(days, default=None)
    return {"feedback_on": first} if first and first > k.today else {}


def _talk(cls: type[Step], k: Known) -> dict[str, Any]:
    visit = k.facts.channel is Channel.VISIT
    place = effective_setting("reception_place") if visit else "电话"
    return {"place": place, "who_was_there": f"{k.actor.name}、{PETITIONER}"}


def _why_not_ours(cls: type[Step], k: Known) -> dict[str, Any]:
    found = k.facts.last(StepCode.CLASSIFY)
    return {"reason": found.step.not_ours} if found and found.step.not_ours else {}


def _close(cls: type[Step], k: Known) -> dict[str, Any]:
    """Return what is on record of the reply and its carrying out. Its text names the remedy, so that was told (N35)."""
    opinion = latest_opinion(k.facts)
    served = k.facts.served_on
    if opinion is None or served is None:
        return {}
    number = f"（{opinion.document_number}）" if opinion.document_number else ""
    said = [f"{opinion.kind.label}{number}已于{chinese_date(served)}送达。"]
    supported = [r for r in k.facts.requests if r.conclusion is Conclusion.SUPPORT]
    if supported and all(r.carried_out for r in supported):
        said.append("予以支持的诉求已执行或者作出安排。")
    return {"text": "".join(said), "review_rights_told": True}


def service_of(paper: PaperFacts | None, facts: Facts) -> dict[str, Any]:
    """Return how this paper was sent, and who receives it; what the receipt says is for who holds it in their hand."""
    sent = next(
        (
            h
            for h in reversed(facts.history)
            if h.code == StepCode.SEND_PAPER and h.took_effect and paper and h.step.paper == paper.number
        ),
        None,
    )
    receivers = [p for p in facts.persons if p.role is not PersonRole.AGENT]
    known: dict[str, Any] = {"receiver": IN_PERSON} if len(receivers) == len(facts.persons) == 1 else {}
    if sent is not None and sent.step.method in _SERVED_BY:
        known |= {"method": _SERVED_BY[sent.step.method].value, "mail_number": sent.step.mail_number}
        known |= {"consent": sent.step.consent}
    return {**known, "receipt": ReceiptKind.SIGNED.value}


_SERVED_BY: Mapping[DispatchMethod, ServiceMethod] = {
    DispatchMethod.POST: ServiceMethod.POST,
    DispatchMethod.ELECTRONIC: ServiceMethod.ELECTRONIC,
}


def _serve(cls: type[Step], k: Known) -> dict[str, Any]:
    receipts = k.facts.filed(Material.RECEIPT)
    proof = {"attachment": receipts[-1].number} if receipts else {}
    return {**service_of(latest_opinion(k.facts), k.facts), **proof}


_KNOWN: dict[str, Callable[[type[Step], Known], dict[str, Any]]] = {
    StepCode.SEEK_LEGAL_ADVICE: _adviser,
    StepCode.SIGN_FOR: _handler,
    StepCode.PROPOSE: _propose,
    StepCode.ASSIGN: _feedback,
    StepCode.TALK: _talk,
    StepCode.REDIRECT: _why_not_ours,
    StepCode.FORWARD: _why_not_ours,
    StepCode.OBJECT: _why_not_ours,
    StepCode.ROUTE: _why_not_ours,
    StepCode.CLOSE: _close,
    StepCode.SERVE: _serve,
}
