"""Every way a case can go: a breadth-first walk over all steps, and a random one that also passes time.

Cases that rules can't tell apart are one node; the first one found represents them. Each step is tried with a few
answers by somebody who may take it and by somebody who may not, early and long after every limit.
"""

import os
import random
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.articles.department import (
    ANSWERS,
    CLERK,
    DIRECTORY,
    EVERYBODY,
    FINDING,
    NOON,
    PETITIONER,
    PROOF,
    RECEIVED,
    RECEPTION,
)
from tests.procedure.clock_moves import Move, moves, not_printed
from tests.procedure.one_person import look_at
from xinfang.procedure.actor_rules import a_handler
from xinfang.procedure.addressees import address_task
from xinfang.procedure.archive import (
    ARCHIVED_STATES,
    filed_receipts,
    lacks_its_letter,
    services_of_papers,
    terminal_state,
    unfiled_papers,
)
from xinfang.procedure.calendar import SHANGHAI, seed_calendar
from xinfang.procedure.clocks import CLOCKS, current, running
from xinfang.procedure.conditions import units_headed_by
from xinfang.procedure.facts import Actor, Directory, Facts
from xinfang.procedure.papers import (
    OPINIONS,
    PAPERS,
    REPLIES,
    UnsentPaper,
    goes_to_each,
    latest_opinion,
    latest_paper,
    opinion_kind,
    unsent_papers,
)
from xinfang.procedure.replay import StoredEvent, apply_event, replay
from xinfang.procedure.rules import (
    DecisionContext,
    Outcome,
    Refused,
    SecondPerson,
    acts_as_stand_in,
    case_reasons,
    decide,
    kept_from_confirming,
)
from xinfang.procedure.runs import clock_runs
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, UnitCode, dump_step, load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.inquiry import studied_since
from xinfang.procedure.steps.scanned_papers import KINDS_THAT_CAN_BE_SCANNED
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import (
    OPEN_STATES,
    TERMINAL_STATES,
    Channel,
    Material,
    PaperKind,
    PaperStage,
    Retention,
    Role,
    Source,
    State,
)

CALENDAR = seed_calendar()
LATE = RECEIVED + timedelta(days=200)
AFTER_THE_PERIOD = date(RECEIVED.year + 12, 1, 1)
UNIT_AND_LEADER = {"handling_unit": "results", "responsible_leader": "other_leader"}
DAYS = [(RECEIVED + timedelta(days=n)).isoformat() for n in (-20, 0, 3, 18, 39)]
DOWN = {"source": "bureau_forwarded", "sender": "自治区信访局", "sender_number": "1"}

VARIANTS: dict[str, list[dict[str, Any]]] = {
    StepCode.REGISTER: [{}, DOWN, {"persons": []}, {"complained_units": ["platforms"], "channel": "phone"}],
    StepCode.IMPORT_HISTORY: [{}, {"anonymous": True, "persons": []}],
    StepCode.CLASSIFY: [
        {},
        {"simple": True},
        {"route": "four"},
        {"route": "two"},
        {"matter_class": "suggestion", "route": None},
        {"matter_class": "report", "route": None},
        {"route": None, "purpose": "consultation"},
        {"route": None, "competence": "elsewhere", "not_ours": "属于劳动监察"},
        {"route": None, "competence": "subordinate", "not_ours": "属于市级项目"},
    ],
    StepCode.PROPOSE: [{}, {"to_principal": True, "leader": "other_leader"}],
    StepCode.INSTRUCT: [
        {},
        {"agree": False, "text": "请重拟"},
    ],
    "accept": [{}, UNIT_AND_LEADER],
    StepCode.ACCEPT_DUTY: [{}, UNIT_AND_LEADER, {"term_months": 6, "term_source": "某条例第九条"}],
    StepCode.DECLINE: [{}, {"ground": "pending_below"}],
    StepCode.OBJECT: [{}, {"late_reason": "来文附件后到"}],
    StepCode.OBJECTION_REJECTED: [{}, {"no_answer": True}],
    StepCode.REVIEW_REPLY: [{}, {"agree": False, "opinion": "请改"}],
    StepCode.SIGN_REPLY: [{}, {"agree": False, "opinion": "请改"}],
    StepCode.GRANT_EXTENSION: [{}, {"agree": False}],
    StepCode.FIRST_REVIEW: [{}, {"result": "redo"}, {"result": "changed"}],
    StepCode.FINAL_REVIEW: [{}, {"result": "revoked"}],
    StepCode.ACCEPT_REVIEW: [{}, {"reviewers": ["second_handler"], "responsible_leader": "other_leader"}],
    StepCode.DRAFT_REVIEW: [{}, {"result": "upheld", "order": ""}],
    StepCode.DECLINE_REVIEW: [{}, {"ground": "late"}],
    StepCode.SUPPLEMENT: [{"contact_clear": True}, {"requests": [{"text": "另请说明原因"}]}],
    StepCode.RECUSE: [{"person": "leader"}, {"person": "adviser"}],
    StepCode.SEEK_LEGAL_ADVICE: [{}, {"adviser": "second_adviser"}],
    StepCode.CHANGE_LEADER: [{}, {"leader": "principal"}],
    StepCode.DRAFT_REPLY: [{}, {"conclusion": "refuse"}],
    StepCode.ATTACH: [{"what": "letter"}, {"what": "receipt"}, {"what": "paper"}],
    StepCode.ACCEPT_ARCHIVE: [{}, {"retention": "years_10"}],
}
QUIET = {
    StepCode.WARN,
    StepCode.MARK_OVERDUE,
    StepCode.ESCALATE,
    StepCode.RECOMPUTE_DEADLINE,
    StepCode.UNDO_IMPORT,  # from where it leads nothing goes on: tests/articles/test_history.py
    StepCode.ENTER_REGIONAL,
    StepCode.REPORT_UP,
    StepCode.LINK_REPEAT,
    StepCode.UNLINK_REPEAT,
    StepCode.ASK_TO_MEET,
    StepCode.DECIDE_MEETING,
    StepCode.SUPERVISE,
    StepCode.ANSWER_SUPERVISION,
    StepCode.ATTACH,
    StepCode.WITHDRAW_ATTACHMENT,
    StepCode.MAKE_PAPER,
    StepCode.SUBMIT_PAPER,
    StepCode.CHECK_PAPER,
    StepCode.SIGN_PAPER,
    StepCode.REVISE_PAPER,
    StepCode.ISSUE_PAPER,
    StepCode.FILE_PAPER_SCAN,
    StepCode.SEND_PAPER,
    StepCode.SERVE_PAPER,
    StepCode.WITHDRAW_PAPER,
    StepCode.SUGGEST_COMMENDATION,
    StepCode.FOLLOW_REVIEW_REQUEST,
    StepCode.RATE,
    StepCode.SPOT_CHECK,
    StepCode.REQUEST_RECONSIDERATION,
    StepCode.DECIDE_RECONSIDERATION,
    StepCode.FOLLOW_UP,
    StepCode.GIVE_ASSISTANCE,
    StepCode.COUNSEL,
    StepCode.RECORD_DEATH,
    StepCode.CIRCULATE_SHEET,
    StepCode.READ_SHEET,
    StepCode.SPLIT_OFF,
    StepCode.TELL_PARTS,
    StepCode.ADD_ACCUSED,
    StepCode.REMOVE_ACCUSED,
    StepCode.COORDINATE,
    StepCode.RECORD_ADVICE,
    StepCode.ANSWER_ADVICE,
    StepCode.LEAVE_MESSAGE,
    StepCode.ANSWER_MESSAGE,
    StepCode.CONSENT_ELECTRONIC,
    StepCode.TAKE_DELIVERY,
    StepCode.NAME_ACTING_OFFICE,
    StepCode.NAME_OFFICER,
}
"""Steps that change nothing by which the walk tells cases apart; the random walk takes them too.

The papers that stop a clock are made, issued and sent on the walk all the same (`papers_that_leave`).
"""
TRIED_LATE_TOO = 3 if "WALKS" in os.environ else 12
"""Each step of one case in so many is also tried long after every limit; in the night of more."""
NOW_AND_THEN = {StepCode.CHANGE_LEADER, StepCode.CORRECT, StepCode.LEAVE_SIMPLE, StepCode.SEAL}
"""Steps possible nearly everywhere that wait for another: each would double the cases, so they are tried in some.

No case may need one of them to come to an end: what is no report of wrongdoing doesn't end by being sealed.
"""
GONE_ON_FROM = {
    StepCode.OBJECTION_UPHELD,
    StepCode.RECUSE,
    StepCode.FILE_WITHOUT_ACTION,
    StepCode.REFUSE_FURTHER,
    StepCode.INSTRUCT,
    StepCode.ACCEPT,
    StepCode.ACCEPT_DUTY,
}
"""While one of these waits, other steps are tried too; while another does, only what is said to it."""
EACH_SO_OFTEN = 2 if "WALKS" in os.environ else 17
LOOKED_AT = 12 if "WALKS" in os.environ else 1000
"""One case in this many is looked at for what one person can do in it."""
ASKED_WHO_IS_MISSING = 1 if "WALKS" in os.environ else 9
"""One case in this many is asked in whose inbox it lies, whatever person is missing."""
DEPARTMENT_DUTIES = ("notice", "handling", "own_review", "own_duty", "extension_notice")
"""What the department owes the petitioner, and what only a paper that left the house ends (N23, N34)."""


def answered(code: str, facts: Facts, today: date, variant: dict[str, Any]) -> Any:
    """The step with its answers fitted to the case: dates of today, a finding for every request."""
    given_ = {**ANSWERS[code], **variant}
    if code == StepCode.REGISTER:
        given_["received_on"] = today
    elif code == StepCode.IMPORT_HISTORY:
        given_["received_on"] = today - timedelta(days=30)
    elif code in (StepCode.ACCEPT, StepCode.ANSWER) and facts.simple_claim and facts.channel is Channel.PHONE:
        given_ |= {"told_by": "phone", "told": "电话告知"}
    elif code in (StepCode.SERVE, StepCode.SERVE_PAPER):
        given_["served_on"] = today
    elif code == StepCode.SEND_PAPER:
        given_["sent_on"] = today
        paper = facts.paper(given_["paper"])
        given_["persons"] = sorted(facts.still_to_get(paper)) if paper and goes_to_each(paper) else []
    elif code == StepCode.SERVICE_FAILED:
        given_["tried_on"] = today
    elif code == StepCode.FILE_PAPER_SCAN:
        given_.setdefault("dated_on", today)
    elif code == StepCode.ASSIGN:
        given_["feedback_on"] = today + timedelta(days=10)
    elif code == StepCode.PROMISE_REPLY:
        given_["promised_on"] = today + timedelta(days=10)
    elif code.startswith("objection_"):
        given_["answered_on"] = today
    elif code in (StepCode.DRAFT_REPLY, StepCode.DRAFT_DUTY_REPLY):
        conclusion = given_.pop("conclusion", "support")
        given_["findings"] = [{**FINDING, "request": r.number, "conclusion": conclusion} for r in facts.requests] or [
            FINDING
        ]
    elif code == StepCode.ANSWER_WITH_FIRST:
        given_ |= {"answered_on": today, "requests": [r.number for r in facts.requests]}
    elif code == StepCode.SPLIT_OFF:
        given_ |= {"requests": [facts.requests[-1].number], "part": f"LX20269{len(facts.history):05d}"}
    elif code == StepCode.ADD_ACCUSED:
        given_.setdefault("units_they_head", sorted(units_headed_by(given_["complained_staff"], DIRECTORY)))
    elif code == StepCode.HAND_OVER:
        given_["rest"] = "没有其余诉求"
    elif code == StepCode.CARRY_OUT:
        waiting = [r.number for r in facts.requests if r.conclusion and not r.carried_out]
        given_["request"] = waiting[0] if waiting else 1
    elif code in (StepCode.REQUEST_FIRST_REVIEW, StepCode.REQUEST_FINAL_REVIEW) or code == StepCode.TAKE_AS_REVIEW:
        given_["late_reason"] = "住院"
    elif code == StepCode.DRAFT_REVIEW and given_["result"] != "upheld":
        given_["term"] = today + timedelta(days=20)
    elif code == StepCode.FIRST_REVIEW and given_["result"] == "changed":
        change = {"decision": "予以补发", "conclusion": "support", "basis": "某办法"}
        given_["changes"] = [{"request": r.number, **change} for r in facts.requests]
    elif code == StepCode.ATTACH:
        given_["digest"] = f"{len(facts.files):02x}" * 32
    elif code == StepCode.GRANT_EXTENSION:
        given_["days"] = facts.extension_asked or 30
    return load_step(STEPS[code], given_)


def question(step: Any, facts: Facts, by: Actor, today: date, who: Directory = DIRECTORY) -> DecisionContext[Any]:
    return DecisionContext(step=step, facts=facts, actor=by, today=today, calendar=CALENDAR, directory=who)


def after(facts: Facts, step: Any, outcome: Outcome, by: Actor, today: date) -> Facts:
    seq = len(facts.history) + 1
    at = datetime.combine(today, NOON, SHANGHAI)
    return apply_event(
        facts, step, StoredEvent(seq, outcome.code, outcome.stage, dump_step(step), outcome.happened_on, at, by.code)
    )


NO_ONE: frozenset[StaffCode] = frozenset()


def check_lawful(code: str, step: Any, facts: Facts, by: Actor, today: date) -> None:
    """What a step that succeeded must have satisfied, looked at without `decide`."""
    pending = facts.pending.get(code) if isinstance(step, SecondPerson) else None
    effect = pending.step if pending else step
    rule = effect.rule
    whos = effect.agreed_by(facts) if pending else rule.who
    taken_back = bool(pending) and pending.by == by.code and not step.agree
    in_place = acts_as_stand_in(
        by, whos, facts, DIRECTORY, kept_from_confirming(pending, facts, DIRECTORY) if pending else NO_ONE
    )
    assert taken_back or in_place or any(w.includes(by, facts) for w in whos), (code, by.code)
    if code in facts.pending and not pending:
        # Taken in their own right while it waits for others.
        assert effect.confirmed_when and not any(w.includes(by, facts) for w in effect.agreed_by(facts)), code
    assert facts.state in rule.when or (rule.new and facts.state is None), (code, facts.state)
    assert rule.new or may_see(by, facts), (code, by.code)
    if pending and not taken_back:
        assert pending.by != by.code, code
        assert by.code not in effect.concerns(), code
    if not pending or step.agree:
        q = question(effect, facts, by, today)
        assert [c.code for c in rule.provided if not c.holds(q)] == [], code
    if code in (StepCode.SERVE, StepCode.SERVE_PAPER, StepCode.SEND_PAPER):
        paper = latest_opinion(facts) if code == StepCode.SERVE else facts.paper(step.paper)
        assert paper is not None and paper.stage is PaperStage.ISSUED, "nothing is served that was not issued"
    if code == StepCode.ISSUE_REPLY:
        what_is_issued_was_advised_on_and_signed_as_it_is(facts)


def what_is_issued_was_advised_on_and_signed_as_it_is(facts: Facts) -> None:
    """Advice and signature came after the draft and the last request, of people who need not withdraw."""
    text_since = max(
        h.seq
        for h in facts.history
        if h.code in (StepCode.DRAFT_REPLY, StepCode.DRAFT_REVIEW, StepCode.DRAFT_DUTY_REPLY)
        or (h.code == StepCode.SUPPLEMENT and h.step.requests)
    )
    advice, signature = facts.last(StepCode.GIVE_LEGAL_ADVICE), facts.last(StepCode.SIGN_REPLY)
    assert advice is not None and signature is not None
    assert signature.step.agree and signature.seq > advice.seq > text_since
    assert not facts.recused & {advice.by, signature.by}


def key(facts: Facts, late: bool) -> tuple[Any, ...]:
    """What the walk tells cases apart by."""
    if _ended_aside(facts):
        return _side_key(facts, late)
    if facts.classified_before:
        return facts.state, late, facts.classified_before, facts.accepted_on is not None, tuple(sorted(facts.pending))
    early = facts.state in (None, State.REGISTERED, State.OBJECTED)
    if early or facts.state in (State.PROPOSED, State.INSTRUCTED):
        # Also of a case that was worked on, ended and reopened: what is left of it matters once it is handled again.
        return _early_key(facts, late)
    return (
        *_matter(facts, late),
        facts.handed_over_to_unit,
        facts.signed_for,
        facts.heard,
        facts.advice_wanted,
        facts.advice_given,
        facts.extension_asked > 0,
        facts.extended_days > 0,
        bool(facts.responsible_leader),
        facts.reply_stage,
        all(r.concluded for r in facts.requests),
        any(r.conclusion == "support" and not r.carried_out for r in facts.requests),
        facts.review_stage,
        bool(facts.joined_to),
        facts.suggestion and studied_since(facts) is not None,
        facts.review_of is not None and (facts.review_of.result, facts.review_of.complied_on is None),
        facts.archive_submitted,
        (filed_receipts(facts), unfiled_papers(facts), lacks_its_letter(facts)) if facts.state is State.CLOSED else 0,
        facts.retention is Retention.YEARS_10,
        facts.destroyed_on is not None,
        tuple(sorted(facts.pending)),
        _in_the_house(facts),
    )


def _matter(facts: Facts, late: bool) -> tuple[Any, ...]:
    return (
        facts.state,
        late,
        facts.matter_class,
        facts.route,
        facts.short_path,
        facts.competence,
        facts.simple,
    )


def _early_key(facts: Facts, late: bool) -> tuple[Any, ...]:
    return (
        *_matter(facts, late),
        facts.state not in (State.PROPOSED, State.INSTRUCTED)
        and (facts.source is Source.DIRECT, facts.contact_clear_since is None),
        facts.to_principal and facts.awaiting_principal,
        bool(facts.responsible_leader),
        tuple(sorted(facts.pending)),
        _in_the_house(facts),
    )


def _in_the_house(facts: Facts) -> tuple[Any, ...]:
    """The papers that must still leave, where the walk makes them: right after the step that owes them."""
    if facts.state is State.HANDLING and facts.handed_over_to_unit:
        return ()
    return tuple((u.kind, u.kind in OPINIONS and u.paper is not None) for u in unsent_papers(facts))


def _ended_aside(facts: Facts) -> bool:
    return (
        facts.state is not None
        and terminal_state(facts) in ARCHIVED_STATES
        and terminal_state(facts) is not State.CLOSED
    )


def _side_key(facts: Facts, late: bool) -> tuple[Any, ...]:
    """Of a side end only what the archive asks for matters, and what it comes back as: each of them may."""
    waits = facts.archive_submitted or facts.state is State.ARCHIVED or bool(facts.pending)
    reopened = STEPS[StepCode.REOPEN](reason="处理有误").change(facts, CLERK, RECEIVED)
    return (
        facts.state,
        late,
        terminal_state(facts),
        facts.sealed,
        waits or key(reopened, False),
        facts.contact_clear_since is None,
        bool(facts.handling_unit),
        facts.archive_submitted,
        lacks_its_letter(facts),
        len(services_of_papers(facts)) - filed_receipts(facts),
        unfiled_papers(facts),
        facts.retention is Retention.YEARS_10,
        facts.destroyed_on is not None,
        tuple(sorted(facts.pending)),
        _in_the_house(facts),
    )


def papers_that_leave(facts: Facts, day: date) -> Iterator[tuple[str, Facts]]:
    """Each paper that must leave: made, issued and sent in one go; a reply, which may be served instead, in two."""
    if not _in_the_house(facts):
        return
    for unsent in unsent_papers(facts):
        ready = facts if unsent.paper else issued(facts, unsent, day)
        if unsent.kind in OPINIONS and unsent.paper is None:
            yield StepCode.ISSUE_PAPER, ready
        else:
            paper = latest_paper(unsent.kind, ready)
            assert paper is not None
            yield (
                StepCode.SEND_PAPER,
                one_more(ready, answered(StepCode.SEND_PAPER, ready, day, {"paper": paper.number}), day),
            )


def issued(facts: Facts, unsent: UnsentPaper, day: date) -> Facts:
    """The paper is made, submitted, checked, signed and issued, by those who may."""
    signed = facts.signed_text if unsent.kind in OPINIONS else ""
    made = {"kind": unsent.kind, "owed_by": unsent.owed_by, "digest": signed}
    facts = one_more(facts, answered(StepCode.MAKE_PAPER, facts, day, made), day)
    number = facts.papers[-1].number
    for stage, code in (
        (PaperStage.DRAFT, StepCode.SUBMIT_PAPER),
        (PaperStage.CHECKING, StepCode.CHECK_PAPER),
        (PaperStage.SIGNING, StepCode.SIGN_PAPER),
    ):
        if facts.papers[-1].stage is stage:
            facts = one_more(facts, answered(code, facts, day, {"paper": number}), day)
    attached = answered(StepCode.ATTACH, facts, day, {"what": "paper"})
    files = dict.fromkeys(("pdf", "word", "ofd"), attached.digest)
    facts = one_more(facts, attached, day)
    return one_more(facts, answered(StepCode.ISSUE_PAPER, facts, day, {"paper": number, **files}), day)


def opened_on_the_window(facts: Facts, day: date, turn: int) -> Iterator[tuple[str, Facts]]:
    """The petitioner agrees to it, the opinion that was posted is sent electronically too, and they open it."""
    opinion = latest_opinion(facts)
    if facts.pending or facts.state is not State.REPLIED or opinion is None or turn % EACH_SO_OFTEN:
        return
    if opinion.stage is not PaperStage.ISSUED or opinion.left_on is None:
        return
    agreed = one_more(facts, answered(StepCode.CONSENT_ELECTRONIC, facts, day, {}), day, PETITIONER)
    how = {"paper": opinion.number, "method": "electronic", "mail_number": ""}
    sent = one_more(agreed, answered(StepCode.SEND_PAPER, agreed, day, how), day)
    yield (
        StepCode.TAKE_DELIVERY,
        one_more(sent, answered(StepCode.TAKE_DELIVERY, sent, day, {"paper": opinion.number}), day, PETITIONER),
    )


def scans_filed(facts: Facts, day: date) -> Iterator[tuple[str, Facts]]:
    """What was sent and not issued here is filed as the scan of the sealed sheet, one paper after the other."""
    if facts.state not in ARCHIVED_STATES or facts.pending:
        return
    for kind in unfiled_papers(facts)[:1]:
        if kind in KINDS_THAT_CAN_BE_SCANNED and kind is not opinion_kind(facts):
            attached = one_more(facts, answered(StepCode.ATTACH, facts, day, {"what": "paper"}), day)
            said = {"attachment": len(attached.files), "kind": kind, "dated_on": day}
            said["document_number"] = f"{PAPERS[kind].series}〔{day.year}〕7号" if PAPERS[kind].series else ""
            waiting = one_more(attached, answered(StepCode.FILE_PAPER_SCAN, attached, day, said), day)
            yield StepCode.FILE_PAPER_SCAN, confirmed(waiting, StepCode.FILE_PAPER_SCAN, day)


def paper_instructions(facts: Facts, day: date) -> Iterator[tuple[str, Facts]]:
    """The principal leader wrote on the sheet; its scan is there, and a second person still has to compare it."""
    if facts.state is not State.PROPOSED or facts.pending or facts.sealed:
        return
    attached = one_more(facts, answered(StepCode.ATTACH, facts, day, {"what": "instruction"}), day)
    sheet = {"paper_leader": "principal", "responsible_leader": "other_leader", "attachment": len(attached.files)}
    yield StepCode.INSTRUCT, one_more(attached, answered(StepCode.INSTRUCT, attached, day, sheet), day)


def joined_to_the_first(facts: Facts, day: date, turn: int) -> Iterator[tuple[str, Facts]]:
    """It repeats what is being handled: two find so, two join it."""
    fits = facts.state is State.REGISTERED and facts.matter_class and not facts.sealed and not facts.review_of
    if facts.pending or not fits or turn % EACH_SO_OFTEN:
        return
    if not facts.repeat_of:
        linked = one_more(facts, answered(StepCode.LINK_REPEAT, facts, day, {}), day)
        facts = confirmed(linked, StepCode.LINK_REPEAT, day)
    yield StepCode.JOIN_FIRST, one_more(facts, answered(StepCode.JOIN_FIRST, facts, day, {}), day)


ON_PROOF = {**{c: m for c, m in PROOF.items() if c not in QUIET}, StepCode.SERVE: Material.RECEIPT}


def steps_on_proof(facts: Facts, day: date, turn: int) -> Iterator[tuple[str, Facts]]:
    """What rests on a piece of the file is taken by the office or the unit with that piece in it."""
    if facts.pending or facts.state is State.ARCHIVED:
        return
    for code, what in ON_PROOF.items():
        often = code != StepCode.WITHDRAW or turn % EACH_SO_OFTEN == 0
        if facts.state not in STEPS[code].rule.when or not often:
            continue
        for variant in VARIANTS.get(code, [{}]):
            attached = one_more(facts, answered(StepCode.ATTACH, facts, day, {"what": what}), day)
            step = answered(code, attached, day, {**variant, "attachment": len(attached.files)})
            try:
                yield code, one_more(attached, step, day)
            except Refused:
                continue


def confirmed(facts: Facts, code: str, day: date) -> Facts:
    """The facts after a second person has agreed to what waits: the first who may."""
    by = next(p for p in first_who_may(code, facts) if p.code != facts.pending[code].by)
    agreed = SecondPerson()
    return after(facts, agreed, decide(agreed, code, question(agreed, facts, by, day)), by, day)


def one_more(facts: Facts, step: Any, day: date, *who: Actor) -> Facts:
    """The facts after this step, taken by the first (of these, or of all) who isn't refused it."""
    code = step.rule.code
    for by in who or EVERYBODY:
        if not any(w.includes(by, facts) for w in step.rule.who):
            continue
        try:
            outcome = decide(step, code, question(step, facts, by, day))
        except Refused as refusal:
            why = refusal
            continue
        check_lawful(code, step, facts, by, day)
        return after(facts, step, outcome, by, day)
    raise why


def attempts(facts: Facts, turn: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The steps to try in this case: all that its state allows, and a few that it doesn't."""
    for i, (code, step) in enumerate(STEPS.items()):
        rule = step.rule
        fits = facts.state in rule.when or (rule.new and facts.state is None)
        if (code in QUIET and code != StepCode.ATTACH) or (not fits and (i + turn) % 9):
            continue
        if code == StepCode.ATTACH:
            # What the archive asks for, one after the other.
            if facts.state in ARCHIVED_STATES and lacks_its_letter(facts):
                yield code, {"what": "letter"}
            elif facts.state in ARCHIVED_STATES and filed_receipts(facts) < len(services_of_papers(facts)):
                yield code, {"what": "receipt"}
            continue
        if rule.then and facts.pending and code not in facts.pending:
            continue
        if code not in facts.pending and set(facts.pending) - GONE_ON_FROM:
            continue
        if code in NOW_AND_THEN and code not in facts.pending and turn % EACH_SO_OFTEN:
            continue
        yield from ((code, v) for v in VARIANTS.get(code, [{}]))


@dataclass
class Walk:
    nodes: dict[tuple[Any, ...], Facts] = field(default_factory=dict)
    lawful: dict[tuple[Any, ...], set[tuple[Any, ...]]] = field(default_factory=dict)
    """From where one may go where, without counting on the petitioner to withdraw."""
    transitions: int = 0
    refusals: int = 0
    taken: set[str] = field(default_factory=set)
    longest: int = 0
    stopped_by_a_paper: Counter[str] = field(default_factory=Counter)
    stopped_without: Counter[str] = field(default_factory=Counter)
    clocks: set[Move] = field(default_factory=set)

    def reaches(
        self, there: tuple[Any, ...], before: Facts, facts: Facts, late: bool, queue: deque[tuple[Facts, bool]]
    ) -> None:
        """A case that was not seen before: it is looked at, and gone on from later."""
        self.nodes[there] = facts
        queue.append((facts, late))
        self.clocks.update(moves(before, facts))
        self.look_at_the_duties(facts)

    def look_at_the_duties(self, facts: Facts) -> None:
        """What stopped each duty: a paper that left that day, no paper being asked for, or an end that tells nobody."""
        for run in (r for code in DEPARTMENT_DUTIES for r in clock_runs(CLOCKS[code], facts, CALENDAR)):
            if run.stopped_on is None:
                continue
            if run.stopped_by is None:
                # What was accepted, reopened and ended aside is answered no more; its notice is owed until it left.
                awaited = unsent_papers(facts) if run.clock.code == "notice" else answers_that_must_leave(facts)
                assert not awaited, (run.clock.code, facts.state)
                continue
            by = facts.history[run.stopped_by - 1]
            if by.sent:
                assert [p for p in facts.papers if p.kind is by.sent and p.left_on == run.stopped_on and p.issued_on]
                self.stopped_by_a_paper[run.clock.code] += 1
            else:
                assert by.code in (StepCode.ACCEPT, StepCode.ANSWER, StepCode.ANSWER_WITH_FIRST), (
                    run.clock.code,
                    by.code,
                )
                assert by.tells_without_paper, run.clock.code
                self.stopped_without[run.clock.code] += 1


def answers_that_must_leave(facts: Facts) -> list[UnsentPaper]:
    return [u for u in unsent_papers(facts) if u.kind in (*REPLIES, PaperKind.JOINED_REPLY)]


def first_who_may(code: str, facts: Facts) -> list[Actor]:
    """Somebody who may take this step, if there is anybody; what waits is agreed to by who acts in their place too."""
    pending = facts.pending.get(code)
    if code == StepCode.WITHDRAW and not pending:
        # The office needs proof: see `steps_on_proof`.
        return [PETITIONER]
    whos = pending.step.rule.then if pending else STEPS[code].rule.who
    barred = {*kept_from_confirming(pending, facts, DIRECTORY)} if pending else set()
    if code in (StepCode.DRAFT_REPLY, StepCode.DRAFT_DUTY_REPLY):
        barred.add(StaffCode("head"))  # who reviews it
    if code == StepCode.ANSWER and not pending and facts.handling_unit:
        whos = (a_handler,)  # what a unit was given is not the office's to answer
    asked = (a for a in EVERYBODY if a.code not in barred and any(w.includes(a, facts) for w in whos))
    first = [*islice((a for a in asked if may_see(a, facts)), 1)]
    if first or not pending:
        return first
    stand_ins = (a for a in EVERYBODY if a.code not in barred and may_see(a, facts))
    return [*islice((a for a in stand_ins if acts_as_stand_in(a, whos, facts, DIRECTORY, frozenset(barred))), 1)]


def in_their_own_right(code: str, facts: Facts) -> list[Actor]:
    """Somebody whom what waits keeps from nothing: they may take the step, and don't have to agree to it."""
    rule = STEPS[code].rule
    may = (
        a
        for a in EVERYBODY
        if any(w.includes(a, facts) for w in rule.who)
        and not any(w.includes(a, facts) for w in rule.then)
        and may_see(a, facts)
    )
    return [*islice(may, 1)]


def walk() -> Walk:
    found = Walk()
    start = Facts(number="LX2026000001")
    queue = deque([(start, False)])
    found.nodes[key(start, False)] = start
    while queue:
        facts, late = queue.popleft()
        here = key(facts, late)
        found.lawful.setdefault(here, set())
        turn = len(found.lawful)
        run = current("handling", facts, CALENDAR)
        if run:
            found.longest = max(found.longest, (run.due.due - run.started_on).days)
        allowed: dict[str, list[Actor]] = {}
        for code, variant in [*attempts(facts, turn)]:
            pending = facts.pending.get(code)
            if code not in allowed:
                allowed[code] = first_who_may(code, facts)
            wrong = EVERYBODY[turn % len(EVERYBODY)]
            if code == StepCode.DESTROY:
                days = (AFTER_THE_PERIOD,)
            else:
                days = (LATE,) if late else (RECEIVED, LATE) if turn % TRIED_LATE_TOO == 0 else (RECEIVED,)
            for day in days:
                tries: list[tuple[Any, list[Actor]]] = (
                    [(said, allowed[code]) for said in (SecondPerson(), SecondPerson(agree=False, opinion="不同意"))]
                    if pending
                    else [(answered(code, facts, day, variant), allowed[code])]
                )
                if pending and not allowed[code]:
                    # Nobody is there to agree or refuse: who put it forward takes it back.
                    taken_back = SecondPerson(agree=False, opinion="收回")
                    tries.append((taken_back, [a for a in EVERYBODY if a.code == pending.by]))
                if pending and pending.step.confirmed_when:
                    tries.append((answered(code, facts, day, variant), in_their_own_right(code, facts)))
                for step, actors in tries:
                    for by in dict.fromkeys((*actors, *([wrong] if turn % 2 else []))):
                        try:
                            outcome = decide(step, code, question(step, facts, by, day))
                        except Refused as refused:
                            assert refused.reasons
                            found.refusals += 1
                            continue
                        check_lawful(code, step, facts, by, day)
                        found.transitions += 1
                        found.taken.add(code)
                        # Without its event a case tells all but what the event owes or begins again.
                        moved = outcome.papers or outcome.after.state is not facts.state or code == StepCode.STUDY
                        told = after(facts, step, outcome, by, day) if moved else outcome.after
                        there = key(told, day == LATE)
                        if told.state is not State.WITHDRAWN:
                            found.lawful[here].add(there)
                        if there not in found.nodes:
                            found.reaches(there, facts, after(facts, step, outcome, by, day), day == LATE, queue)
        today = LATE if late else RECEIVED
        for code, gone in (
            *papers_that_leave(facts, today),
            *opened_on_the_window(facts, today, turn),
            *scans_filed(facts, today),
            *paper_instructions(facts, today),
            *joined_to_the_first(facts, today, turn),
            *steps_on_proof(facts, today, turn),
        ):
            found.transitions += 1
            found.taken.add(code)
            there = key(gone, late)
            if code != StepCode.WITHDRAW:
                found.lawful[here].add(there)
            if there not in found.nodes:
                found.reaches(there, facts, gone, late, queue)
    return found


def test_the_whole_space() -> None:
    """One test and not four: the walk takes two minutes, and each worker would take it again."""
    walked = walk()
    every_state_is_reached(walked)
    every_step_is_taken_on_the_way(walked)
    nobody_is_ever_stuck(walked)
    an_open_case_always_stands_in_an_inbox(walked)
    no_matter_is_ever_given_more_than_ninety_days(walked)
    each_duty_was_ended_by_a_paper_that_left(walked)
    one_person_ends_shrinks_and_delays_nothing(walked)


def one_person_ends_shrinks_and_delays_nothing(walked: Walk) -> None:
    """What one person may do alone all the same stands in `one_person._is_allowed`."""
    seen = look_at(list(walked.nodes.values())[::LOOKED_AT])
    print(
        f"{sum(seen.tried.values())} steps taken alone, {seen.recusals} cases with a recusal; "
        f"they harm nothing: {'、'.join(seen.harmless)}"
    )
    assert not seen.harms, {effect: sorted(seen.by[effect]) for effect in seen.harms}
    assert not_printed(seen.clocks | walked.clocks) == [], "what may become of a limit is in `clock_changes`"


def each_duty_was_ended_by_a_paper_that_left(walked: Walk) -> None:
    """That nothing else ends them is looked at on the way (`Walk.look_at_the_duties`)."""
    print(f"stopped by a paper: {dict(walked.stopped_by_a_paper)}, told without one: {dict(walked.stopped_without)}")
    assert set(walked.stopped_by_a_paper) == set(DEPARTMENT_DUTIES)
    # A review is answered on paper whatever else is so (N35), and so is what the department performed (N31).
    assert set(walked.stopped_without) <= set(DEPARTMENT_DUTIES) - {"own_review", "own_duty"}


def every_state_is_reached(walked: Walk) -> None:
    assert set(State) - {f.state for f in walked.nodes.values()} == {State.UNDONE}
    print(f"{len(walked.nodes)} cases, {walked.transitions} steps taken, {walked.refusals} refused")


def every_step_is_taken_on_the_way(walked: Walk) -> None:
    assert set(STEPS) - QUIET - walked.taken == set()


def nobody_is_ever_stuck(walked: Walk) -> None:
    """From every case a lawful end can be reached, without waiting for the petitioner to give up."""
    assert any(f.suggestion and f.state is State.ANSWERED for f in walked.nodes.values())
    before: dict[tuple[Any, ...], set[tuple[Any, ...]]] = {}
    for here, theres in walked.lawful.items():
        for there in theres:
            before.setdefault(there, set()).add(here)
    saved = {k for k, f in walked.nodes.items() if f.state in TERMINAL_STATES}
    queue = deque(saved)
    while queue:
        for here in before.get(queue.popleft(), ()):
            if here not in saved:
                saved.add(here)
                queue.append(here)
    stuck = [k for k in walked.nodes if k not in saved]
    assert stuck == [], stuck[:3]


def without(*missing: str, away: bool = False) -> Directory:
    """The department while some have left; or, `away`, while they are away and their deputies are away too."""
    return replace(
        DIRECTORY,
        staff={
            c: replace(s, away=True) if c in missing and away else replace(s, duties=()) if c in missing else s
            for c, s in DIRECTORY.staff.items()
        },
    )


MISSING = ("head", "handler", "leader", "other_leader", "principal", "office_head", "adviser")
"""Each of these may be gone, away or accused; a second of the same unit or role is not there to help."""


def an_open_case_always_stands_in_an_inbox(walked: Walk) -> None:
    """No matter who is missing, each open case lies on the desk of somebody who sees it.

    And that person may take a step of those asked for.
    """
    lost = []
    for facts in list(walked.nodes.values())[::ASKED_WHO_IS_MISSING]:
        if facts.state not in OPEN_STATES:
            continue
        if not in_an_inbox(facts, DIRECTORY):
            lost.append(("nobody missing", facts.state, facts.history[-1].code))
        for one in MISSING if not facts.sealed else ():
            if not in_an_inbox(facts, without(one, *SECONDS.get(one, ()))):
                lost.append((f"{one} has left", facts.state, facts.history[-1].code))
            if not in_an_inbox(facts, without(one, *SECONDS.get(one, ()), away=True)):
                lost.append((f"{one} is away", facts.state, facts.history[-1].code))
            accused = replace(facts, complained_staff=facts.complained_staff | {StaffCode(one)})
            if not in_an_inbox(accused, DIRECTORY):
                lost.append((f"{one} is accused", facts.state, facts.history[-1].code))
        for units, people in ((("results",), ()), (("platforms",), ()), ((), ("head",)), ((), ("handler", "leader"))):
            if not in_an_inbox(with_accused(facts, units, people), DIRECTORY):
                lost.append((f"{units}{people} turn out to be accused", facts.state, facts.history[-1].code))
        about_it = replace(facts, complained_units=facts.complained_units | {UnitCode("office")})
        for what, case, who in (
            ("the office is accused", about_it, DIRECTORY),
            ("another unit acts for it", replace(about_it, acting_office=UnitCode("platforms")), DIRECTORY),
            ("that unit is gone", replace(about_it, acting_office=UnitCode("platforms")), without("other_head")),
        ):
            if not facts.sealed and not in_an_inbox(case, who):
                lost.append((what, facts.state, facts.history[-1].code))
            if not facts.sealed and any(may_see(a, case) for a in EVERYBODY if a.has(Role.OFFICE, Role.OFFICE_HEAD)):
                lost.append((f"{what}, and the office sees it", facts.state, facts.history[-1].code))
        everybody = replace(facts, complained_staff=facts.complained_staff | THE_OFFICE)
        if not facts.sealed and not in_an_inbox(everybody, DIRECTORY):
            lost.append(("the whole office is accused", facts.state, facts.history[-1].code))
    assert lost == [], lost[:5]


def with_accused(facts: Facts, units: tuple[str, ...], people: tuple[str, ...]) -> Facts:
    """The case after these have been added to those complained of."""
    heads = units_headed_by(map(StaffCode, people), DIRECTORY)
    said = {"complained_units": list(units), "complained_staff": list(people), "units_they_head": sorted(heads)}
    step = answered(StepCode.ADD_ACCUSED, facts, LATE, said)
    return step.change(facts, RECEPTION, LATE)


THE_OFFICE = frozenset(a.code for a in EVERYBODY if a.has(Role.OFFICE, Role.OFFICE_HEAD))
SECONDS = {"handler": ("second_handler",), "adviser": ("second_adviser",)}


def in_an_inbox(facts: Facts, directory: Directory) -> bool:
    """Whether somebody who is there finds a task of this case, sees the case, and may take that step."""
    there = [a for a in directory.actors() if may_see(a, facts)]
    return any(
        task.found_by(a) and may_take(task.step, facts, a, directory)
        for task in (address_task(ask, facts, directory) for ask in task_rules(facts))
        for a in there
    )


def may_take(code: str, facts: Facts, by: Actor, directory: Directory) -> bool:
    """Whether this person may take the step, or give it back where it may be given back."""
    back = [replace(answered(code, facts, LATE, {}), agree=False)] if hasattr(STEPS[code], "agree") else []
    return any(
        case_reasons(STEPS[code].rule, question(step, facts, by, LATE, directory)) == [] for step in (None, *back)
    )


def no_matter_is_ever_given_more_than_ninety_days(walked: Walk) -> None:
    assert walked.longest == 90


CORRECTIONS = [
    *(
        {"what": w, "new_value": v, "public_value": v}
        for w in ("received_on", "accepted_on", "served_on")
        for v in DAYS
    ),
    {"what": "name", "new_value": "甲某"},
    {"what": "address", "new_value": "某市某路1号"},
    {"what": "source", "new_value": "direct", "public_value": "direct"},
]


@pytest.mark.parametrize("seed", [1, 2, random.SystemRandom().randrange(3, 10**6)], ids=["1", "2", "at random"])
def test_no_clock_stops_before_it_starts_on_any_walk(seed: int) -> None:
    """Long walks by people who may, with corrections and passing time; the third seed is new each time."""
    dice = random.Random(seed)
    variants = {**VARIANTS, StepCode.CORRECT: CORRECTIONS}
    for _ in range(400):
        facts, today = Facts(number="LX2026000001"), RECEIVED
        for _ in range(60):
            fitting = [c for c, s in STEPS.items() if facts.state in s.rule.when or (s.rule.new and not facts.state)]
            if not fitting:  # nothing is done with what was brought in by mistake
                break
            code = dice.choice([c for c in fitting if c not in QUIET and c != StepCode.WITHDRAW] or fitting)
            variant = dice.choice(variants.get(code, [{}]))
            day = today + timedelta(days=dice.choice((0, 0, 0, 1, 3, 20)))
            by = first_who_may(code, facts)
            if not by:
                continue
            step = SecondPerson() if code in facts.pending else answered(code, facts, day, variant)
            try:
                outcome = decide(step, code, question(step, facts, by[0], day))
            except Refused:
                continue
            facts, today = after(facts, step, outcome, by[0], day), day
            for run in running(facts, CALENDAR):
                told = [(h.code, h.happened_on) for h in facts.history]
                assert run.stopped_on is None or run.stopped_on >= run.started_on, (seed, run.clock.code, told)


@settings(max_examples=60, derandomize=False, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_at_random_with_time_passing(data: st.DataObject) -> None:
    """Any steps by anybody on any later day: what is told again is the same, and every task can be seen by somebody."""
    facts, today = Facts(number="LX2026000001"), RECEIVED
    for _ in range(40):
        fitting = [c for c, s in STEPS.items() if facts.state in s.rule.when or (s.rule.new and facts.state is None)]
        if not fitting:  # nothing is done with what was brought in by mistake
            break
        code = data.draw(st.sampled_from(fitting))
        variant = data.draw(st.sampled_from(VARIANTS.get(code, [{}])))
        day = today + timedelta(days=data.draw(st.sampled_from((0, 0, 0, 1, 3, 20))))
        pending = facts.pending.get(code)
        whos = pending.step.rule.then if pending else STEPS[code].rule.who
        by = data.draw(st.sampled_from([a for a in EVERYBODY if a.has(*(r for w in whos for r in w.roles))]))
        step = SecondPerson() if pending else answered(code, facts, day, variant)
        try:
            outcome = decide(step, code, question(step, facts, by, day))
        except Refused:
            continue
        check_lawful(code, step, facts, by, day)
        facts, today = after(facts, step, outcome, by, day), day
        for run in running(facts, CALENDAR):
            assert run.stopped_on is None or run.stopped_on >= run.started_on
            if run.clock.code == "handling":
                assert (run.due.due - run.started_on).days <= 90
        for task in task_rules(facts):
            rule = STEPS[task.step].rule
            assert facts.state in rule.when, task
    events = [
        StoredEvent(h.seq, h.code, h.stage, dump_step(h.answer or h.step), h.happened_on, h.recorded_at, h.by)
        for h in facts.history
    ]
    assert replay(facts.number, events) == replace(facts)
