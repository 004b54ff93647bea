"""The one way to change a case: check, change, record, reset deadlines, index. One transaction; all of it or none.

A page, an import, the command line, a job and a test all come through `perform`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import directory
from xinfang.calendars.queries import calendar
from xinfang.cases.actions import locked_petition
from xinfang.cases.actions.decided_step import DecidedStep, StepResult, event_text_row, set_event_hash_of
from xinfang.cases.actions.new_petition import NewPetition
from xinfang.cases.models import Event, EventText, Petition
from xinfang.cases.projection import UndecidedStep, projections
from xinfang.cases.queries import petitions
from xinfang.cases.queries.letter_parts import registration_of
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.cases.series import next_petition_numbers
from xinfang.core import pk_cache
from xinfang.core.clock import today
from xinfang.core.disk_full import translate_disk_full
from xinfang.core.prepared_inserts import insert_many, insert_one
from xinfang.procedure import visibility
from xinfang.procedure.actor_rules import stands_in_for
from xinfang.procedure.articles import DEPARTMENT_SETTING
from xinfang.procedure.facts import SYSTEM, Actor, Facts
from xinfang.procedure.rules import (
    DecisionContext,
    Outcome,
    Reason,
    Refused,
    SecondPerson,
    Step,
    case_reasons,
    decide,
    who_may,
    who_may_agree,
)
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import InvalidAnswer, StaffCode, dump_step, load_step
from xinfang.procedure.steps.instruction import Instruct
from xinfang.procedure.steps.intake import Register
from xinfang.procedure.steps.letter_parts import SplitOff
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import Role

SWEEP_STEPS = (StepCode.WARN, StepCode.MARK_OVERDUE, StepCode.ESCALATE, StepCode.RECOMPUTE_DEADLINE)
"""Steps of the sweep: they change nothing that a person could have overlooked while filling in a form."""
UNNOTICED_STEPS = (*SWEEP_STEPS, StepCode.ENTER_REGIONAL)
"""The same holds where the region's number arrives, no matter who entered it."""


@translate_disk_full
def perform(
    step: Step,
    number: str | None,
    *,
    by: Actor,
    code: str = "",
    idempotency_key: str = "",
    expected_revision: int | None = None,
    now: datetime | None = None,
) -> StepResult:
    """Take a step on a petition (or, with `number` None, begin one).

    `idempotency_key` makes a form that is sent twice one event. `expected_revision` is the number of the last event the
    person had on screen: if somebody else acted since, the step is refused and nothing is overwritten. `now` is an
    aware time, for tests and the demo.

    Raises:
        Refused: the step can't be taken now; it holds all reasons.
        InvalidAnswer: an answer is such that the event could never be read again.
        NotVisible: the petition isn't this person's to see.
    """
    code = code or step.rule.code
    now = now or timezone.now()
    if number is None:
        return _begin(step, by, code, idempotency_key, now)
    with transaction.atomic():
        repeated = find_by_idempotency_key(idempotency_key, by)
        if repeated:
            return repeated
        petition = locked_petition.lock_petition(number, by)
        facts = petitions.facts_of(petition)
        _check_nobody_was_faster(facts, expected_revision)
        decided = _decided(step, facts, by, code, idempotency_key, now, petition)
        if isinstance(step, SplitOff):
            # Registered only now that the split is decided, and before its event is written, which names it.
            begun = _decided(registration_of(step, petition, facts), Facts(), by, StepCode.REGISTER, "", now, None)
            step = replace(step, part=NewPetition(begun).write().petition.number)
            decided = _decided(step, facts, by, code, idempotency_key, now, petition)
        return _write(decided, petition)


def perform_locked(
    step: Step, petition: Petition, facts: Facts, *, by: Actor, idempotency_key: str, now: datetime
) -> StepResult:
    """Do as `perform` for a job that has locked the petition in this transaction and read its facts since.

    A step that changes nothing of the case but its history is written as that: an event, and no more.
    """
    repeated = find_by_idempotency_key(idempotency_key, by)
    if repeated:
        return repeated
    decided = _decided(step, facts, by, step.rule.code, idempotency_key, now, petition)
    outcome = decided.outcome
    if outcome.code in SWEEP_STEPS and outcome.after == outcome.before and not outcome.papers:
        return _note(decided, petition)
    return _write(decided, petition)


def _begin(step: Step, by: Actor, code: str, key: str, now: datetime) -> StepResult:
    if isinstance(step, Register) and step.part_of:
        raise Refused([_NO_PART_BY_ITSELF])
    # A new case has no row to lock: everything is decided before the transaction, so others wait only for the writing.
    repeated = find_by_idempotency_key(key, by)
    if repeated:
        return repeated
    new = NewPetition(_decided(step, Facts(), by, code, key, now, None))
    try:
        with transaction.atomic():
            return new.write()
    except IntegrityError:
        # Two copies of one form in the same instant: the second finds what the first did.
        repeated = find_by_idempotency_key(key, by)
        if repeated:
            return repeated
        raise


@translate_disk_full
def begin_many(
    steps: Sequence[tuple[Step, str]], *, by: Actor, now: datetime, dry_run: bool = False
) -> list[StepResult | DecidedStep | Refused | InvalidAnswer]:
    """Begin cases, each step with its idempotency key, in one transaction: for an import, a few hundred at a time.

    The same as `perform` of one after the other, but that the caller has just read the steps by `load_step`, and knows
    that no such form was sent before. A step that can't be taken has what is against it in its place. With `dry_run`
    each is decided and nothing is written.

    Raises:
        IntegrityError: a key was used meanwhile; nothing of these was written.
    """
    decided: list[DecidedStep | Refused | InvalidAnswer] = []
    for step, key in steps:
        try:
            decided.append(_decided(step, Facts(), by, step.rule.code, key, now, None, fresh=True))
        except (Refused, InvalidAnswer) as against:
            decided.append(against)
    if dry_run:
        return list(decided)
    new = [NewPetition(d) if isinstance(d, DecidedStep) else d for d in decided]
    with transaction.atomic():
        numbers = iter(next_petition_numbers(n.series for n in new if isinstance(n, NewPetition)))
        return [n.write(next(numbers)) if isinstance(n, NewPetition) else n for n in new]


_NO_PART_BY_ITSELF = Reason(
    "分出件不能单独登记", (DEPARTMENT_SETTING,), "请在原件上办理“分出一件”。", "the_requests_are_of_this_case"
)


def find_by_idempotency_key(idempotency_key: str, by: Actor) -> StepResult | None:
    """Return what the form with this key led to when it was sent before; None if it wasn't.

    Raises:
        NotVisible: the key is somebody else's.
    """
    if not idempotency_key:
        return None
    with connection.cursor() as cursor:
        # Nearly always nothing is there; to find that out by the ORM takes longer than many a step.
        cursor.execute(f"SELECT 1 FROM {Event._meta.db_table} WHERE key = %s", [idempotency_key])  # noqa: S608
        if cursor.fetchone() is None:
            return None
    event = Event.objects.filter(key=idempotency_key).select_related("petition", "by", "entered_by").first()
    if event is None:
        return None
    facts = petitions.facts_of(event.petition)
    own = by.code in {who.get_username() for who in (event.by, event.entered_by) if who}
    if not own and not visibility.may_see(by, facts):
        # Somebody else's key says nothing of their case.
        raise NotVisible(event.petition.number)
    papers = tuple(event.papers.values_list("kind", flat=True))
    return StepResult(event.petition, event, facts, papers, again=True)


def _decided(
    step: Step,
    facts: Facts,
    by: Actor,
    code: str,
    key: str,
    now: datetime,
    petition: Petition | None,
    *,
    fresh: bool = False,
) -> DecidedStep:
    day, given = today(now), step
    context = UndecidedStep(by, code, facts, petition, day, now)
    for projection in projections():
        step = projection.complete(step, context)
    the_calendar = calendar()
    who = directory(day)
    question = DecisionContext(step=step, facts=facts, actor=by, today=day, calendar=the_calendar, directory=who)
    outcome = decide(step, code, question)
    event, people = _event(facts, outcome, by, key, now)
    whole = dump_step(outcome.step)
    # Steps are also made by the program, of answers to others: what couldn't be read again is never written.
    if not fresh or outcome.step is not given:
        load_step(type(outcome.step), whole)
    withheld = whole if whole != event.data else None
    return DecidedStep(step, outcome, by, the_calendar, who, day, now, event, people, withheld)


def _write(decided: DecidedStep, petition: Petition) -> StepResult:
    """Append the event to an existing case, and what the projections make of it."""
    event = decided.event
    text = event_text_row(petition, decided)
    set_event_hash_of(petition, decided)
    change = decided.change(petition)
    prepared = [(projection, projection.prepare(change)) for projection in projections()]
    petition.revision = event.seq
    petition.save(force_update=True)
    _append(event, text, petition)
    for projection, rows in prepared:
        projection.write(rows, change)
    return decided.done(change)


def _note(decided: DecidedStep, petition: Petition) -> StepResult:
    """Append the event; the case's columns, deadlines and tasks stay as they are."""
    event = decided.event
    text = event_text_row(petition, decided)
    set_event_hash_of(petition, decided)
    petition.revision = event.seq
    petition.save(update_fields=["revision", "head", "head_mac"])
    _append(event, text, petition)
    return StepResult(petition, event, decided.facts_after(petition.number), ())


def _append(event: Event, text: Sequence[EventText], petition: Petition) -> None:
    event.petition = petition
    insert_one(event)
    for row in text:
        row.event = event
    insert_many(EventText, text)


def _check_nobody_was_faster(facts: Facts, seen: int | None) -> None:
    if seen is None:
        return
    newer = [h for h in facts.history if h.seq > seen and h.code not in UNNOTICED_STEPS]
    if newer:
        last = newer[-1]
        raise Refused(
            [
                Reason(
                    "您打开此页之后，另有人办理了此件，您的提交没有生效，也没有覆盖他人的办理",
                    (DEPARTMENT_SETTING,),
                    f"最近一步记录于 {timezone.localtime(last.recorded_at):%m月%d日 %H:%M}。"
                    "请核对最新情况后再提交；您填写的内容仍在本页。",
                    "somebody_was_faster",
                )
            ]
        )


def _event(before: Facts, outcome: Outcome, by: Actor, key: str, now: datetime) -> tuple[Event, dict[str, str]]:
    doer, enterer = by.code, StaffCode("")
    effect = outcome.effect
    if isinstance(effect, Instruct) and outcome.stage == "confirmed":
        # It is the leader's, on paper: two of the office entered it.
        doer, enterer = effect.paper_leader, by.code
    role, acting_for = _in_what_role(outcome, by, before)
    people = pk_cache.get(Staff, {doer, enterer, acting_for} - {SYSTEM.code})
    event = Event(
        seq=len(before.history) + 1,
        code=outcome.code,
        stage=outcome.stage,
        data=dump_step(outcome.step, withhold=True),
        happened_on=outcome.happened_on,
        recorded_at=now,
        by_id=people.get(doer),
        entered_by_id=people.get(enterer),
        by_role=role,
        acting_for_id=people.get(acting_for),
        state_before=str(before.state or ""),
        state_after=str(outcome.after.state),
        key=key or None,
    )
    # The system has no account, and so no name in the row either.
    known = {"by": doer, "entered_by": enterer, "acting_for": acting_for}
    return event, {field: code if code in people else "" for field, code in known.items()}


def _in_what_role(outcome: Outcome, by: Actor, before: Facts) -> tuple[str, str]:
    """Return the role in which the step was taken, and the person for whom, if only as a deputy."""
    if isinstance(outcome.step, SecondPerson):
        whos = who_may_agree(before.pending[outcome.code].step, before)
    else:
        whos = who_may(outcome.step.rule, before)
    own = replace(by, duties=tuple(d for d in by.duties if not d.acting_for))
    alone = any(w.includes(own, before) for w in whos)
    roles = [r for w in whos if w.includes(own if alone else by, before) for r in w.roles_in(before)]
    if not roles:
        # They act in place of somebody who isn't there (rules.acts_as_stand_in).
        roles = [r for w in whos for s in stands_in_for(w) for r in s.roles_in(before)]
        alone = any(d.role in roles and not d.acting_for for d in by.duties)
    duties = [d for d in by.duties if d.role in roles and bool(d.acting_for) != alone]
    if not duties:
        return str(Role.SYSTEM), ""
    return str(duties[0].role), duties[0].acting_for


def still_sees(by: Actor, facts: Facts) -> bool:
    """Tell whether somebody still sees a case after a step, e.g. once it was sealed."""
    return visibility.may_see(by, facts)


def why_not_allowed(kind: type[Step], number: str | None, *, by: Actor) -> list[Reason]:
    """Return why this person may not take this step on this case now, regardless of their answers.

    Raises:
        NotVisible: the case isn't this person's to see.
    """
    petition = visible_to(by, each=True).filter(number=number).first() if number else None
    if number and petition is None:
        raise NotVisible(number)
    question = DecisionContext(
        step=None,
        facts=petitions.facts_of(petition) if petition else Facts(),
        actor=by,
        today=today(),
        calendar=calendar(),
        directory=directory(),
    )
    return case_reasons(kind.rule, question)


def refusal_texts(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Return reasons as plain data for the command line, each article by its id."""
    return [{"reason": r.text, "cites": [a.id for a in r.cites], "todo": r.todo} for r in reasons]
