"""What the form of a step begins with: today, what was proposed or instructed, one row for each request."""

from collections.abc import Callable, Iterable
from typing import Any

from xinfang.accounts.queries.actors import directory
from xinfang.cases.step_forms import declarations
from xinfang.cases.step_forms.known import Known, known_answers
from xinfang.department.queries import BOTH_LEADERS, effective_setting, subordinate_bodies
from xinfang.procedure.actor_rules import the_office, the_petitioner
from xinfang.procedure.facts import Actor, Facts, FileFacts, PaperFacts, RequestFacts
from xinfang.procedure.people_words import MessageKind
from xinfang.procedure.rules import Step
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_schema
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.instruction import scanned_instructions, the_principal_leader_may_instruct
from xinfang.procedure.steps.messages import open_messages
from xinfang.procedure.steps.rating import RATINGS
from xinfang.procedure.steps.scanned_papers import kinds_to_file, waiting_scans
from xinfang.procedure.steps.service import papers_that_may_fail
from xinfang.procedure.words import Conclusion, CorrectionOf, State


def initial_answers(cls: type[Step], known: Known) -> dict[str, Any]:
    """Return raw answers that are most likely right; every one of them can be changed."""
    code, facts = cls.rule.code, known.facts
    values: dict[str, Any] = {
        s.name: s.default for s in step_schema(cls) if s.kind in ("word", "number") and s.default is not None
    }
    if cls.when_field:
        values[cls.when_field] = known.today
    if code in _STARTS:
        values |= _STARTS[code](facts)
    return values | known_answers(cls, known)


def _instruct(f: Facts) -> dict[str, Any]:
    if f.state is State.INSTRUCTED:
        return {"agree": False}  # what was instructed is only given back
    return {
        "handling_unit": f.handling_unit or f.proposed_unit,
        "assisting_units": list(f.assisting_units),
        "responsible_leader": f.responsible_leader or f.proposed_leader,
    }


def _to_a_unit(f: Facts) -> dict[str, Any]:
    return {"handling_unit": f.handling_unit, "assisting_units": list(f.assisting_units)}


def _accept(f: Facts) -> dict[str, Any]:
    return {**_to_a_unit(f), "responsible_leader": f.responsible_leader, "contact": effective_setting("contact_phone")}


def _propose(f: Facts) -> dict[str, Any]:
    both = f.to_principal or effective_setting("instructed_by") == BOTH_LEADERS
    # Most cases accuse nobody: then nobody is looked up.
    asked = both and (not f.unfit or the_principal_leader_may_instruct(f, directory()))
    return {"unit": f.proposed_unit, "leader": f.proposed_leader, "to_principal": asked}


def _draft(f: Facts) -> dict[str, Any]:
    last = f.last(StepCode.DRAFT_REPLY)
    return {**_found(f), "review_body": last.step.review_body if last else effective_setting("review_body")}


def _found(f: Facts) -> dict[str, Any]:
    return {
        "findings": [
            {"request": r.number, "finding": r.finding, "conclusion": str(r.conclusion or ""), "basis": r.basis}
            for r in f.requests
        ],
        "disposition": str(f.disposition or ""),
    }


def _duty_reply(f: Facts) -> dict[str, Any]:
    last = f.last(StepCode.DRAFT_DUTY_REPLY)
    said = {k: getattr(last.step, k) for k in ("reconsideration_body", "court", "other_remedy")} if last else {}
    return {**_found(f), **said}


def _extension(f: Facts) -> dict[str, Any]:
    asked = f.last(StepCode.REQUEST_EXTENSION)
    return {"days": f.extension_asked or "", "reason": asked.step.reason if asked else ""}


def _carry_out(f: Facts) -> dict[str, Any]:
    waiting = [r.number for r in f.requests if r.conclusion is Conclusion.SUPPORT and not r.carried_out]
    return {"request": waiting[0] if waiting else ""}


def _changes(f: Facts) -> dict[str, Any]:
    return {"changes": [{"request": r.number} for r in f.requests]}


def _request_for_review(f: Facts) -> dict[str, Any]:
    last = f.last(StepCode.TAKE_AS_REVIEW)
    return dict(vars(last.step)) if last else {}


def _review(f: Facts) -> dict[str, Any]:
    last = f.last(StepCode.DRAFT_REVIEW)
    return dict(vars(last.step)) if last else {"final_body": effective_setting("review_body")}


def _accept_review(f: Facts) -> dict[str, Any]:
    return {"contact": effective_setting("contact_phone")}


def _scan(f: Facts) -> dict[str, Any]:
    scans = waiting_scans(f)
    return {"attachment": scans[0].number if len(scans) == 1 else ""}


def _report(f: Facts) -> dict[str, Any]:
    return {"body": f.sender, "external_number": f.sender_number if f.sender else ""}


def _failed(f: Facts) -> dict[str, Any]:
    papers = papers_that_may_fail(f)
    return {"paper": papers[0].number if len(papers) == 1 else ""}


def _message(f: Facts) -> dict[str, Any]:
    waiting = open_messages(f)
    return {"message": waiting[0].number if len(waiting) == 1 else ""}


_STARTS: dict[str, Callable[[Facts], dict[str, Any]]] = {
    StepCode.INSTRUCT: _instruct,
    StepCode.ACCEPT: _accept,
    StepCode.REFER: _to_a_unit,
    StepCode.ASSIGN: _to_a_unit,
    StepCode.PROPOSE: _propose,
    StepCode.DRAFT_REPLY: _draft,
    StepCode.GRANT_EXTENSION: _extension,
    StepCode.CARRY_OUT: _carry_out,
    StepCode.REPORT_UP: _report,
    StepCode.SERVICE_FAILED: _failed,
    StepCode.FILE_PAPER_SCAN: _scan,
    StepCode.TAKE_AS_REVIEW: _request_for_review,
    StepCode.ACCEPT_REVIEW: _accept_review,
    StepCode.DRAFT_REVIEW: _review,
    StepCode.ACCEPT_DUTY: _accept,
    StepCode.DRAFT_DUTY_REPLY: _duty_reply,
    StepCode.ANSWER_MESSAGE: _message,
    StepCode.FIRST_REVIEW: _changes,
    StepCode.FINAL_REVIEW: _changes,
}


_SENDS = (StepCode.SEND_PAPER, StepCode.SERVE_PAPER)


def hidden_fields(cls: type[Step], facts: Facts, actor: Actor) -> tuple[str, ...]:
    """Return the fields that this person isn't asked."""
    code = cls.rule.code
    skip = declarations.SKIP.get(code, ())
    if not facts.simple_claim:
        skip += declarations.ONLY_OF_SIMPLE_CLAIMS.get(code, ())
    if code == StepCode.SPLIT_OFF and not _goes_along(facts):
        skip += ("attachments",)
    if code == StepCode.WITHDRAW and (len(facts.who_still_asks) <= 1 or not the_office.includes(actor, facts)):
        skip += ("persons",)
    if code == StepCode.SERVE and not facts.still_to_be_served:
        skip += ("persons",)
    if code in (*_SENDS, StepCode.CONSENT_ELECTRONIC) and not facts.each_of_several:
        skip += ("persons",)
    if code == StepCode.REQUEST_FIRST_REVIEW and (not facts.each_of_several or the_petitioner.includes(actor, facts)):
        skip += ("persons",)
    if code == StepCode.ANSWER_MESSAGE:
        skip += _not_asked_of_a_message(facts)
    if not facts.suggestion:
        skip += declarations.ONLY_OF_SUGGESTIONS.get(code, ())
    for_the_office = declarations.ONLY_FOR_THE_OFFICE.get(code, ())
    return skip + (() if not for_the_office or the_office.includes(actor, facts) else for_the_office)


def _not_asked_of_a_message(facts: Facts) -> tuple[str, ...]:
    """Return the fields that none of the waiting messages needs."""
    waiting = open_messages(facts)
    kinds = {m.kind for m in waiting}
    return (
        *(() if kinds - {MessageKind.MESSAGE} else ("outcome",)),
        *(() if MessageKind.RECUSAL in kinds else ("meant",)),
        *(() if not all(m.online for m in waiting) else ("told",)),
    )


def case_choices(code: str, facts: Facts) -> dict[str, list[tuple[str, str]]]:
    """Return choices that only the case knows: its supported requests, or its scans and what they may prove."""
    if code == StepCode.FILE_PAPER_SCAN:
        return {
            "attachment": _scans(waiting_scans(facts)),
            "kind": [(k.value, k.label) for k in kinds_to_file(facts)],
        }
    if code == StepCode.FORWARD and (bodies := subordinate_bodies()):
        return {"body": [(body, body) for body in bodies]}
    if code == StepCode.INSTRUCT:
        return {"attachment": _scans(scanned_instructions(facts))}
    if proof := STEPS[code].proof:
        more = {"person": _people(facts)} if code == StepCode.RECORD_DEATH else _OF_A_STEP.get(code, {})
        if code == StepCode.WITHDRAW:
            more = {"persons": [p for p in _people(facts) if int(p[0]) in facts.who_still_asks]}
        if code == StepCode.SERVE:
            more = {"persons": [p for p in _people(facts) if int(p[0]) in facts.still_to_be_served]}
        if code in (StepCode.SERVE_PAPER, StepCode.CONSENT_ELECTRONIC):
            more = _each_of_several(facts)
        return {"attachment": _attachments(facts.filed(*proof)), **more}
    if code == StepCode.SEND_PAPER:
        return _each_of_several(facts)
    if code == StepCode.REQUEST_FIRST_REVIEW:
        return {"persons": [p for p in _people(facts) if int(p[0]) in facts.each_of_several - facts.review_askers]}
    if code == StepCode.SPLIT_OFF:
        return {"requests": _requests(facts.requests), "attachments": _attachments(_goes_along(facts))}
    if code == StepCode.ANSWER_WITH_FIRST:
        return {"requests": _requests(facts.requests)}
    if code == StepCode.SERVICE_FAILED:
        return {"paper": [(str(p.number), _issued_paper(p)) for p in papers_that_may_fail(facts)]}
    if code == StepCode.ANSWER_MESSAGE:
        return {
            "message": [(str(m.number), f"留言{m.number}（{m.left_on}，{m.kind.label}）") for m in open_messages(facts)]
        }
    if code == StepCode.CORRECT:
        return _what_may_be_corrected(facts)
    if code in declarations.ANY_REQUEST:
        return {"request": _requests(facts.requests)}
    if code not in declarations.CHOSEN_REQUEST:
        return {}
    return {"request": _requests(r for r in facts.requests if r.conclusion is Conclusion.SUPPORT)}


def _each_of_several(facts: Facts) -> dict[str, list[tuple[str, str]]]:
    return {"persons": [p for p in _people(facts) if int(p[0]) in facts.each_of_several]}


def _goes_along(facts: Facts) -> list[FileFacts]:
    """Return the attachments that a part of a letter may take along; none leaves the sealed compartment (N30)."""
    return [f for f in facts.files if not f.withdrawn and not facts.sealed]


def _issued_paper(paper: PaperFacts) -> str:
    left = f"，{paper.left_on}发出" if paper.left_on else "，尚未发出"
    return f"文书{paper.number}　{paper.kind.label}{left}"


_RATINGS = [(str(number), word) for number, word in RATINGS.items()]
_OF_A_STEP: dict[str, dict[str, list[tuple[str, str]]]] = {
    StepCode.RATE: {"office_rating": _RATINGS, "unit_rating": _RATINGS}
}
"""Choices of steps whose numbers stand for words."""


def _people(facts: Facts) -> list[tuple[str, str]]:
    """Return those who brought the matter, each by place and role; what is personal isn't told."""
    return [
        (str(n), f"第{n}位：{p.role.label}，{p.kind.label}{'（已故）' if n in facts.deceased else ''}")
        for n, p in enumerate(facts.persons, 1)
    ]


def _what_may_be_corrected(facts: Facts) -> dict[str, list[tuple[str, str]]]:
    """Return what may be corrected with what it is now, and which person or request is meant.

    What is personal is named by its place alone.
    """

    def now(what: CorrectionOf) -> str:
        value = getattr(facts, what.value, None)
        return f"（现为：{str(getattr(value, 'label', value))[:30]}）" if value else ""

    return {
        "what": [(w.value, f"{w.label}{now(w)}") for w in CorrectionOf],
        "person": _people(facts) or [("1", "第1位")],
        "request": _requests(facts.requests),
    }


def _requests(requests: Iterable[RequestFacts]) -> list[tuple[str, str]]:
    return [(str(r.number), f"诉求{r.number}　{r.text[:60]}") for r in requests]


def _scans(files: Iterable[FileFacts]) -> list[tuple[str, str]]:
    return [(str(f.number), f"附件{f.number}") for f in files]


def _attachments(files: Iterable[FileFacts]) -> list[tuple[str, str]]:
    return [(str(f.number), f"附件{f.number}（{f.what.label}）") for f in files]


def row_legends(code: str, facts: Facts) -> dict[str, list[str]]:
    """Return the legends of the rows of a reply or review: one for each request, its text."""
    rows = {
        StepCode.DRAFT_REPLY: "findings",
        StepCode.DRAFT_DUTY_REPLY: "findings",
        StepCode.FIRST_REVIEW: "changes",
        StepCode.FINAL_REVIEW: "changes",
    }
    name = next((n for c, n in rows.items() if c == code), "")
    return {name: [f"诉求{r.number}　{r.text}" for r in facts.requests]} if name else {}
