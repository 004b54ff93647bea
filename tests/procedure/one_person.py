"""What one person can do to a petitioner alone, tried in every case of the walk with all they could say.

Each of the department's people, also as the petitioner whose code and telephone they know, takes every step that they
may, with the usual answers, with every optional field left empty, with invented numbers and files of their own, with
days moved back; in the case as it is, once somebody who works on it was recused at that moment, and once the petitioner
wrote what nobody has answered. What each step then does to what the petitioner has is read from the facts before and
after: an end, a limit of the department's that stops without a paper, that disappears or is put off, a right that gets
shorter or is used up, somebody who can be written to no more.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.articles.department import ANSWERS, BY_CODE, DIRECTORY, RECEIVED, STAFF
from tests.procedure.clock_moves import Move, moves
from xinfang.procedure.calendar import seed_calendar
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.papers import goes_to_each
from xinfang.procedure.replay import StoredEvent, apply_event
from xinfang.procedure.rules import DecisionContext, Outcome, Refused, SecondPerson, decide
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import InvalidAnswer, StaffCode, dump_step, load_step, step_schema
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.letter_parts import class_for_a_part
from xinfang.procedure.timing import ClockKind, ClockRun
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import OPEN_STATES, Competence, Material, Role, State

CALENDAR = seed_calendar()
INTERNAL = (
    "objection",
    "assigned_feedback",
    "unit_feedback",
    "supervision",
    "bureau_advice",
    "regional_entry",
    "legal_advice",
    "reconsideration",
    "archive",
    "rating",
    "compliance",
)
"""Limits that aren't the petitioner's: between bodies, inside the house, or left to the petitioner's liking."""
Effect = tuple[str, str, str]
"""A step, what it did (ends, stops, removes, puts off, restarts, shortens, unreachable), and to which clock."""


@dataclass
class OnePerson:
    """What was seen: of each step what it did, who did it, and what each step did to each clock."""

    tried: Counter[str] = field(default_factory=Counter)
    harms: dict[Effect, Facts] = field(default_factory=dict)
    by: dict[Effect, set[str]] = field(default_factory=dict)
    moves: set[Effect] = field(default_factory=set)
    recusals: int = 0
    clocks: set[Move] = field(default_factory=set)

    @property
    def harmless(self) -> list[str]:
        """The steps that were taken alone and did none of it."""
        return sorted(set(self.tried) - {code for code, _, _ in self.harms})


def look_at(cases: list[Facts]) -> OnePerson:
    """Let everybody try everything in these cases, and in the same cases once somebody was recused."""
    seen = OnePerson()
    recused = [with_a_recusal(facts, place) for place, facts in enumerate(cases)]
    seen.recusals = sum(r is not None for r in recused)
    written = [with_messages(facts) for facts in cases[::3]]
    for facts in (*cases, *filter(None, recused), *filter(None, written)):
        for outcome, by, before, today in _taken_alone(facts):
            seen.tried[outcome.code] += 1
            after = _after(before, outcome, today)
            seen.clocks.update(moves(before, after))
            for effect in _effects(before, after, outcome, today):
                seen.moves.add(effect)
                if not _is_allowed(effect, before, outcome, by):
                    seen.harms.setdefault(effect, replace(before))
                    seen.by.setdefault(effect, set()).add(by.code)
    return seen


MAY_BE_RECUSED = ("leader", "handler", "clerk", "head", "adviser", "office_head", "principal")
"""Each in turn, so that every one of them withdraws at many different moments."""


def with_a_recusal(facts: Facts, place: int) -> Facts | None:
    """The case once one of these people was recused by two others; None where nobody can be any more."""
    person = MAY_BE_RECUSED[place % len(MAY_BE_RECUSED)]
    if facts.state not in OPEN_STATES or facts.sealed or person in facts.recused or StepCode.RECUSE in facts.pending:
        return None
    today = max(h.happened_on for h in facts.history)
    step = load_step(STEPS[StepCode.RECUSE], {**ANSWERS[StepCode.RECUSE], "person": person})
    for said, stage, by in ((step, "proposed", "second_clerk"), (SecondPerson(), "confirmed", "other_leader")):
        seq = len(facts.history) + 1
        event = StoredEvent(seq, StepCode.RECUSE, stage, dump_step(said), today, _noon(today), StaffCode(by))
        facts = apply_event(facts, said, event)
    return facts


def with_messages(facts: Facts) -> Facts | None:
    """The case once the petitioner asked something, for a correction and for a recusal; None before it is one."""
    if facts.state is None or facts.destroyed_on is not None:
        return None
    today = max(h.happened_on for h in facts.history)
    for kind in ("message", "correct", *(["recusal"] if facts.state in OPEN_STATES else [])):
        step = load_step(STEPS[StepCode.LEAVE_MESSAGE], {"kind": kind, "text": "x"})
        seq = len(facts.history) + 1
        event = StoredEvent(
            seq, StepCode.LEAVE_MESSAGE, "done", dump_step(step), today, _noon(today), StaffCode("petitioner")
        )
        facts = apply_event(facts, step, event)
    return facts


def _taken_alone(
    facts: Facts, people: Iterable[Actor] = (*STAFF, BY_CODE), codes: Container[str] = STEPS
) -> Iterator[tuple[Outcome, Actor, Facts, date]]:
    last = max((h.happened_on for h in facts.history), default=RECEIVED)
    today = last + timedelta(days=20)
    for by in people:
        if facts.history and not may_see(by, facts):
            continue
        own = _with_files_of(by, facts, today)
        for code, cls in STEPS.items():
            rule = cls.rule
            if code not in codes or facts.state not in rule.when or not any(w.includes(by, facts) for w in rule.who):
                continue
            before = own if cls.proof else facts
            for step in _answers(code, before, today):
                question = DecisionContext(
                    step=step, facts=before, actor=by, today=today, calendar=CALENDAR, directory=DIRECTORY
                )
                try:
                    outcome = decide(step, code, question)
                except Refused:
                    continue
                if outcome.stage == "done":
                    yield outcome, by, before, today


LEADS_ON = (
    StepCode.SPLIT_OFF,
    StepCode.SEAL,
    StepCode.UNSEAL,
    StepCode.CLASSIFY,
    StepCode.TAKE_AS_REVIEW,
    StepCode.SUPPLEMENT,
    StepCode.CORRECT,
    StepCode.ADD_ACCUSED,
    StepCode.COORDINATE,
    StepCode.REOPEN,
    StepCode.SETTLE_ON_THE_SPOT,
)
"""Steps after which others are open to the same person."""
ENDS = tuple(c for c, s in STEPS.items() if not s.rule.new and any(state not in OPEN_STATES for state in s.rule.to))


def ended_by_a_chain(facts: Facts, by: Actor, steps: int) -> Iterator[tuple[str, ...]]:
    """Yield each chain of at most so many steps by which this person alone ends the case, or a part split off it."""
    ways: list[tuple[tuple[str, ...], Facts]] = [((), facts)]
    known: set[Any] = set()
    while ways:
        trail, before = ways.pop()
        codes = (*LEADS_ON, *ENDS) if len(trail) < steps - 1 else ENDS
        for outcome, _, seen, today in _taken_alone(before, (by,), codes):
            after = _after(seen, outcome, today)
            way = (*trail, outcome.code)
            if after.state not in OPEN_STATES:
                yield way
                continue
            went_on = _part_of(after, today) if outcome.code == StepCode.SPLIT_OFF else after
            looks = (went_on.state, went_on.classified_as, went_on.sealed, went_on.review_of, len(went_on.parts))
            told = (len(went_on.requests), went_on.complained_units, went_on.last(StepCode.COORDINATE) is None)
            if (looks, told) not in known and len(way) < steps:
                known.add((looks, told))
                ways.append((way, went_on))


def _part_of(letter: Facts, today: date) -> Facts:
    """The case that was split off a letter last, as it is registered."""
    step = load_step(
        STEPS[StepCode.REGISTER],
        {
            **ANSWERS[StepCode.REGISTER],
            "received_on": letter.received_on,
            "part_of": letter.number,
            "letter_class": [dump_step(c) for c in class_for_a_part(letter)],
            "letter_accepted_on": letter.accepted_on or letter.accepted_in_letter_on,
        },
    )
    event = StoredEvent(1, StepCode.REGISTER, "done", dump_step(step), today, _noon(today), STAFF[0].code)
    return apply_event(Facts(number=letter.parts[-1].number), step, event)


def _with_files_of(by: Actor, facts: Facts, today: date) -> Facts:
    """The case once this person has attached one file of each kind: anybody can write a sheet and scan it."""
    for what in (
        Material.PETITIONERS_WORDS,
        Material.OTHER_BODYS_PAPER,
        Material.RECEIPT,
        Material.PAPER,
        Material.INSTRUCTION,
    ):
        digest = f"{0x90 + len(facts.files):02x}" * 32
        answers = {**ANSWERS[StepCode.ATTACH], "what": what.value, "kind": "pdf", "digest": digest}
        step = load_step(STEPS[StepCode.ATTACH], answers)
        event = StoredEvent(
            len(facts.history) + 1, StepCode.ATTACH, "done", dump_step(step), today, _noon(today), by.code
        )
        facts = apply_event(facts, step, event)
    return facts


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def _answers(code: str, facts: Facts, today: date) -> Iterator[Any]:
    cls = STEPS[code]
    usual = {**ANSWERS[code], **_fitted(code, facts, today)}
    bare = {s.name: usual[s.name] for s in step_schema(cls) if s.required and s.name in usual}
    attached = [{"attachment": f.number} for f in facts.files if f.what in cls.proof] if cls.proof else []
    said = [usual, bare, *VARIANTS.get(code, ())]
    days = [today, today - timedelta(days=1), today - timedelta(days=10), facts.received_on or today]
    for answers in said:
        for more in attached[-1:] or [{}]:
            for day in days if cls.when_field else [today]:
                moved = {cls.when_field: day.isoformat()} if cls.when_field else {}
                given = bare if answers is bare else {**usual, **answers, **more}
                try:
                    yield load_step(cls, {**given, **moved})
                except InvalidAnswer:
                    continue  # a form that nobody can send


VARIANTS: dict[str, list[dict[str, Any]]] = {
    StepCode.SEND_PAPER: [{"method": "electronic", "consent": "x", "mail_number": ""}],
    StepCode.SERVE_PAPER: [{"method": "electronic", "consent": "x"}],
    StepCode.CONSENT_ELECTRONIC: [{"agree": False}],
    StepCode.LEAVE_MESSAGE: [{"channel": "phone"}, {"channel": "visit", "kind": "recusal"}],
    StepCode.ANSWER_MESSAGE: [
        *({"message": 2, "outcome": said, "text": "x"} for said in ("done", "refused")),
        *({"message": 3, "outcome": said, "text": "x", "meant": "handler"} for said in ("done", "refused")),
    ],
    StepCode.CLASSIFY: [
        {"route": "four"},
        {"route": "two"},
        {"simple": True},
        {"matter_class": "suggestion", "route": None},
        {"matter_class": "report", "route": None},
        {"route": None, "purpose": "consultation"},
        {"competence": "elsewhere", "not_ours": "x"},
        {"competence": "subordinate", "not_ours": "x"},
    ],
    StepCode.CORRECT: [
        {"what": what, "new_value": value, "public_value": value}
        for what, value in (
            ("received_on", "2026-03-01"),
            ("received_on", "2026-03-20"),
            ("accepted_on", "2026-03-20"),
            ("served_on", "2026-03-03"),
            ("source", "direct"),
            ("channel", "letter"),
            ("name", ""),
            ("address", ""),
            ("phone", ""),
        )
    ],
    StepCode.DECIDE_RECONSIDERATION: [{"agree": False}],
    StepCode.ADD_ACCUSED: [
        {"complained_units": ["results"], "complained_staff": [], "units_they_head": []},
        {"complained_units": [], "complained_staff": ["head"], "units_they_head": ["results"]},
    ],
    StepCode.TALK: [{"answered": True}],
    StepCode.INSTRUCT: [{"agree": False, "text": "x"}],
    StepCode.GRANT_EXTENSION: [{"agree": False}],
    StepCode.SERVE: [
        {"method": "post", "mail_number": "12345678"},
        {"method": "left", "witness": "x"},
        {"method": "public"},
    ],
    StepCode.FIRST_REVIEW: [{"result": r} for r in ("revoked", "changed", "redo")],
    StepCode.FINAL_REVIEW: [{"result": r} for r in ("revoked", "changed", "redo")],
    StepCode.FOLLOW_REVIEW_REQUEST: [
        {"news": news, "mail_number": ""} for news in ("sent", "arrived", "not_taken", "taken_back", "opinion_got")
    ],
    StepCode.ANSWER: [
        {"text": "x", "refuses_nothing": True},
        {"text": "请依照有关规定办理", "conclusion": "explain", "basis": "x", "refuses_nothing": True},
    ],
    StepCode.ACCEPT: [{"handling_unit": "results", "responsible_leader": "other_leader"}],
    StepCode.ACCEPT_DUTY: [{"term_months": 24, "term_source": "x"}, {"term_days": 5, "term_source": "x"}],
    StepCode.SUPPLEMENT: [{"requests": [{"text": "x"}]}, {"contact_clear": True}],
    StepCode.FILE_WITHOUT_ACTION: [{"ground": g, "concluded_number": "1"} for g in ("concluded", "unclear")],
}


def _fitted(code: str, facts: Facts, today: date) -> dict[str, Any]:
    issued = next((p for p in facts.papers if p.stage.value == "issued"), None)
    paper = issued.number if issued else 1
    each = sorted(facts.still_to_get(issued)) if issued and goes_to_each(issued) else []
    return {
        StepCode.SPLIT_OFF: {"requests": [r.number for r in facts.requests[1:]]},
        StepCode.ASSIGN: {"feedback_on": today + timedelta(days=10)},
        StepCode.PROMISE_REPLY: {"promised_on": today + timedelta(days=10)},
        StepCode.SERVE: {"served_on": today},
        StepCode.SEND_PAPER: {"paper": paper, "sent_on": today, "persons": each},
        StepCode.SERVE_PAPER: {"paper": paper, "served_on": today, "persons": each},
        StepCode.SERVICE_FAILED: {"paper": paper, "tried_on": today},
        StepCode.WITHDRAW_PAPER: {"paper": paper},
        StepCode.FILE_PAPER_SCAN: {"dated_on": today},
        StepCode.REGISTER: {"received_on": today},
        StepCode.REQUEST_FIRST_REVIEW: {"late_reason": "x"},
        StepCode.REQUEST_FINAL_REVIEW: {"late_reason": "x"},
        StepCode.DRAFT_DUTY_REPLY: {
            "findings": [
                {"request": r.number, "finding": "x", "conclusion": "refuse", "basis": "x"} for r in facts.requests
            ]
        },
        StepCode.DRAFT_REPLY: {
            "findings": [
                {"request": r.number, "finding": "x", "conclusion": "refuse", "basis": "x"} for r in facts.requests
            ]
        },
    }.get(code, {})


def _after(before: Facts, outcome: Outcome, today: date) -> Facts:
    said = dump_step(outcome.step)
    seq = len(before.history) + 1
    event = StoredEvent(seq, outcome.code, outcome.stage, said, outcome.happened_on, _noon(today), STAFF[0].code)
    return apply_event(before, outcome.step, event)


def _effects(before: Facts, after: Facts, outcome: Outcome, today: date) -> Iterator[Effect]:
    """What the step did, as far as it ends, shrinks, moves or delays something."""
    code = outcome.code
    if before.state in OPEN_STATES and after.state not in OPEN_STATES:
        yield code, "ends", ""
    if before.contact_clear_since and not after.contact_clear_since:
        yield code, "unreachable", ""
    if before.state is State.HANDLING and before.handling_unit and not after.handling_unit:
        yield code, "takes the unit away", before.handling_unit
    # What was split off a letter is asked in the part, with the day of receipt and every limit of the letter.
    if len(after.requests) + sum(len(p.requests) for p in after.parts[len(before.parts) :]) < len(before.requests):
        yield code, "fewer requests", ""
    was, now = _runs(before), _runs(after)
    left = after.history[-1].sent is not None
    for place, run in was.items():
        if run.stopped_on is not None or run.clock.code in INTERNAL:
            continue
        later = now.get(place)
        again = [r for r in now.values() if r.clock is run.clock and r.stopped_on is None]
        if later is None and not again:
            yield code, "removes", run.clock.code
        elif later is not None and later.stopped_on is not None:
            if not left and after.state in OPEN_STATES:
                yield code, "stops", run.clock.code
            elif left and later.stopped_by and run.due.due < today and later.stopped_on <= run.due.due:
                yield code, "hides that it was late", run.clock.code
        elif again and run.clock.kind is ClockKind.DUTY and max(r.due.due for r in again) > run.due.due:
            yield code, "puts off", run.clock.code
        elif again and run.clock.kind is ClockKind.RIGHT and min(r.due.due for r in again) < run.due.due:
            yield code, "shortens", run.clock.code


def _runs(facts: Facts) -> dict[tuple[str, int], ClockRun]:
    return {(run.clock.code, run.occurrence): run for run in running(facts, CALENDAR)}


def _is_allowed(effect: Effect, before: Facts, outcome: Outcome, by: Actor) -> bool:
    """Whether one person may do it: what the law leaves to one, or what another person had to do before."""
    code, what, clock = effect
    if outcome.after.sealed and not before.sealed:
        return what == "removes"  # the officers have fifteen days to hand it over instead
    if code == StepCode.ADD_ACCUSED:
        # Who is complained of loses the case at once; but no unit gets rid of its case by naming itself.
        return what == "takes the unit away" and clock not in by.units(Role.UNIT_HEAD, Role.HANDLER)
    if code == StepCode.REDIRECT:
        # The first is how the issue wants it: told whom to turn to, of what was never found to be the department's.
        return before.competence is Competence.ELSEWHERE
    if code == StepCode.GRANT_EXTENSION:
        return before.last_by(StepCode.REQUEST_EXTENSION) != by.code
    if code in (StepCode.TALK, StepCode.SETTLE_ON_THE_SPOT):
        return clock == "promised_reply"  # the promise to be told is kept by telling
    if by is BY_CODE and code in (StepCode.REQUEST_FIRST_REVIEW, StepCode.REQUEST_FINAL_REVIEW):
        # The body above gets the request and hears who made it; if the office had to agree, it could refuse a right.
        return (what, clock) == ("stops", code)
    if code == StepCode.FOLLOW_REVIEW_REQUEST:
        return clock == "review_request"  # it went on under a number, or against the receipt of the body above
    if code == StepCode.ANSWER_MESSAGE:
        # What was written is answered by writing; it may be asked again, and a recusal that is granted took two.
        return (what, clock) == ("stops", "message")
    if code == StepCode.TAKE_AS_REVIEW:
        # A request for review has its own thirty days instead (N35); of what was classified two say that it is one.
        return what == "removes" and before.classified_as is None
    if code == StepCode.ACCEPT:
        return (what, clock) in {("stops", "simple_acceptance"), ("stops", "notice")} and before.simple_claim
    return False
