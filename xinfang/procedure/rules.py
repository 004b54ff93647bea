"""How a rule reads and how a step is decided.

Pure: facts and answers in, an outcome or every reason for refusal out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Protocol, TypeVar, overload

from xinfang.procedure.actor_rules import WITHIN_THE_SEAL, ActorRule, stands_in_for
from xinfang.procedure.articles import DEPARTMENT_SETTING, REGULATION, Article, cite
from xinfang.procedure.errors import XinfangError
from xinfang.procedure.facts import Actor, Directory, Facts, PendingStep
from xinfang.procedure.step_schema import StaffCode, UnitCode, step_field, step_schema

from . import visibility
from .calendar import Calendar
from .dated_rules import ALWAYS, InForce, filled
from .overseers import answers_to
from .papers import PAPERS
from .step_codes import StepCode
from .words import OPEN_STATES, Material, PaperKind, Role, State

if TYPE_CHECKING:
    from .incidents.rules import IncidentQuestion
    from .reception.rules import ReceptionQuestion

S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)
S_contra = TypeVar("S_contra", contravariant=True)
C = TypeVar("C")
C_contra = TypeVar("C_contra", contravariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionContext(Generic[S_co]):
    """All that a condition may look at. `step` is None while only the case itself is asked about.

    A condition says in its annotation what it reads of a step: the step's class, or a protocol with the fields where
    several have them. mypy refuses it in the rule of a step without these.
    """

    step: S_co
    facts: Facts
    actor: Actor
    today: date
    calendar: Calendar
    directory: Directory


CaseContext = DecisionContext[object]
"""What a condition looks at that reads nothing of the step."""


@dataclass(frozen=True, slots=True)
class Condition(Generic[C_contra]):
    """A sentence that must hold. `about_case` ones can be told before the user has answered anything."""

    code: str
    written: str
    cites: tuple[Article, ...]
    written_todo: str
    holds: Callable[[C_contra], bool]
    """Asked with the context of a case, or with that of an event (`incidents.rules`)."""
    about_case: bool
    in_force: InForce = ALWAYS
    """On which days it is asked at all."""

    @property
    def says(self) -> str:
        """What is wrong where it doesn't hold, with today's numbers."""
        return filled(self.written)

    @property
    def todo(self) -> str:
        """What to do then, with today's numbers."""
        return filled(self.written_todo)


class _AboutCase(Protocol):
    """Makes a condition that is asked before there is a step: it can't take one for granted."""

    @overload
    def __call__(
        self, holds: Callable[[DecisionContext[S | None]], bool], /
    ) -> Condition[DecisionContext[S | None]]: ...
    @overload
    def __call__(
        self, holds: "Callable[[IncidentQuestion[S | None]], bool]", /
    ) -> "Condition[IncidentQuestion[S | None]]": ...
    @overload
    def __call__(self, holds: "Callable[[ReceptionQuestion], bool]", /) -> "Condition[ReceptionQuestion]": ...


@overload
def condition(
    says: str, *cites: Article, todo: str, about_case: Literal[True], in_force: InForce = ALWAYS
) -> _AboutCase: ...
@overload
def condition(
    says: str, *cites: Article, todo: str, about_case: Literal[False] = False, in_force: InForce = ALWAYS
) -> Callable[[Callable[[C], bool]], Condition[C]]: ...
def condition(says: str, *cites: Article, todo: str, about_case: bool = False, in_force: InForce = ALWAYS) -> Any:
    """Make a named condition of a small function; its name becomes the code. `in_force`: on which days it is asked."""

    def make(holds: Callable[[Any], bool]) -> Condition[Any]:
        return Condition(holds.__name__, says, cites, todo, holds, about_case, in_force)

    return make


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a refusal: what is wrong, which article says so, what to do next."""

    text: str
    cites: tuple[Article, ...]
    todo: str
    code: str

    def __str__(self) -> str:
        source = f"（{cite(self.cites)}）" if self.cites else ""
        return f"{self.text}{source}。{self.todo}"


class Refused(XinfangError):
    """A step that may not be taken, with all its reasons."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__("\n".join(map(str, reasons)))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, kw_only=True)
class Rule(Generic[S_contra]):
    """The whole rule of one step, as data. `then` names who must confirm it as a second person.

    Made as `Rule["Step"](…)` with the name of the step's own class, so that mypy compares the conditions with its
    fields.
    """

    code: StepCode
    label: str
    cites: tuple[Article, ...]
    who: tuple[ActorRule, ...]
    when: tuple[State, ...]
    to: tuple[State, ...] = ()
    then: tuple[ActorRule, ...] = ()
    provided: tuple[Condition[DecisionContext[S_contra]], ...] = ()
    papers: tuple[PaperKind, ...] = ()
    group: str = "办理"
    new: bool = False
    """Whether the step begins a case."""
    not_by: Callable[[Facts], frozenset[StaffCode]] | None = None
    """Who may not take it though it is their duty: they wrote what it judges. Others act as if they weren't there."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What somebody does to a case. Subclasses carry a `rule` and the answers that the step asks for."""

    rule: ClassVar[Rule[Any]]
    when_field: ClassVar[str] = ""
    """The answer that says when it happened, where a paper or a talk may come before its entry; else it is now."""
    not_agreed_because: ClassVar[str] = "您登记了此件"
    """Why `not_agreed_to_by` keeps somebody from agreeing, in words to them."""
    confirmed_when: ClassVar[str] = ""
    """In which case the second person of the rule is asked, in words; empty where always."""
    proof: ClassVar[tuple[Material, ...]] = ()
    """What kinds of attachment prove it; the number of the one that does is the answer `attachment`."""
    may_owe: ClassVar[tuple[PaperKind, ...]] = ()
    """Papers that only some answers owe, beside those of the rule; for the printed procedure."""

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        """Return the facts after this step. `by` is the one who did it, `on` the day it happened."""
        return facts

    def papers(self, facts: Facts) -> tuple[PaperKind, ...]:
        """Return the papers this step owes, given the facts after it."""
        return self.rule.papers

    def tells_without_paper(self, facts: Facts) -> bool:
        """Tell whether the step asks for no paper to leave, given the facts before it.

        Under the simple procedure the petitioner is told without one (S4), and where nobody can be written to no answer
        is.
        """
        return False

    def concerns(self) -> frozenset[StaffCode]:
        """Return those whom the step is about: as second persons they may neither agree to it nor refuse it."""
        return frozenset()

    def concerns_units(self) -> frozenset[UnitCode]:
        """Return the units that the step is about: their people decide on it only where nobody else may."""
        return frozenset()

    def not_agreed_to_by(self, facts: Facts) -> frozenset[StaffCode]:
        """Return who may not agree to it as a second person, beside whom it is about and who put it forward."""
        return frozenset()

    def agreed_by(self, facts: Facts) -> tuple[ActorRule, ...]:
        """Return who of the second persons of the rule must agree to this step, given the facts before it."""
        return self.rule.then

    def asks_how_it_was_checked(self) -> str:
        """Return what the second person has to say when they agree, as a sentence; empty where nothing."""
        return ""

    def asks_second_person(self, q: CaseContext) -> bool:
        """Tell whether the second person of the rule has to agree to this step, by this actor, as it was answered."""
        return bool(self.rule.then)

    def says(self, directory: Directory) -> str:
        """Return the entry of the timeline: what was done, in the user's words."""
        return ""

    def day(self, today: date) -> date:
        """Return the day on which it happened (Asia/Shanghai)."""
        given = getattr(self, self.when_field) if self.when_field else None
        return given or today


def codes(*steps: type[Step]) -> tuple[str, ...]:
    """Return the codes of these steps, as events keep them."""
    return tuple(s.rule.code for s in steps)


@dataclass(frozen=True, kw_only=True)
class SecondPerson(Step):
    """What the second person says of a step that waits for them: agreed, or not and why."""

    agree: bool = step_field("同意", default=True)
    opinion: str = step_field("意见", default="", long=True, max=2000, help="不同意时必须写明理由")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decided step leads to: the facts after it, the day it happened, the papers it owes."""

    step: Step
    code: str
    stage: str
    before: Facts
    after: Facts
    happened_on: date
    papers: tuple[PaperKind, ...] = field(default=())

    @property
    def effect(self) -> Step | None:
        """The step that takes effect: of a confirmed one that of the first person; None while one waits, or fell."""
        return effect_of(self.before, self.step, self.code, self.stage)


_DESTROYED = Reason(
    "此件已按保管期限销毁，只留办理记录",
    (DEPARTMENT_SETTING,),
    "不能再办理；信访人再次提出的，请另行登记。",
    "destroyed",
)
_OUT_OF_SIGHT = Reason("您不能看到此件", (REGULATION[28], REGULATION[30]), "如确需办理，请向办公室说明。", "may_see")


_SEALED = Reason(
    "此件已在密封区，只能由检举控告专管员办理移送等事项",
    (REGULATION[22], REGULATION[30]),
    "请办理“移送检举控告”；误转入的，请先办理“移出密封区”。",
    "who",
)


def _wrong_person(whos: Sequence[ActorRule], label: str, cites: tuple[Article, ...]) -> Reason:
    names = "、".join(w.label for w in whos)
    return Reason(f"“{label}”应由{names}办理，您目前没有这项职责", cites, f"请交由{names}办理。", "who")


def _wrong_state(rule: Rule[Any], facts: Facts) -> Reason:
    now = facts.state.label if facts.state else "未登记"
    if rule.new:
        return Reason(f"此件已经登记（{now}），不能再次登记", rule.cites, "新的来件请另行登记。", "when")
    allowed = "、".join(s.label for s in rule.when)
    return Reason(
        f"此件现为“{now}”，“{rule.label}”只能在“{allowed}”时办理",
        rule.cites,
        "请先办完前面的步骤，或核对编号。",
        "when",
    )


def _day_reasons(step: Step, q: CaseContext) -> list[Reason]:
    """Return why the day of a step can't be right.

    A step can't happen tomorrow, nor before the case came, nor before the step it follows.
    """
    day, rule = step.day(q.today), step.rule
    label = next((s.label for s in step_schema(type(step)) if s.name == step.when_field), "日期")
    if day > q.today:
        return [
            Reason(f"“{label}”{day}在今天之后", (), "请填写实际发生的日期；将来的事到时再记。", "not_in_the_future")
        ]
    if q.facts.received_on and day < q.facts.received_on:
        return [Reason(f"“{label}”{day}早于收到日期 {q.facts.received_on}", (), "请核对日期。", "not_before_receipt")]
    moved = [h for h in q.facts.history if h.moved]
    if not moved or day >= moved[-1].happened_on:
        return []
    if step.change(q.facts, q.actor, day).state is not q.facts.state:
        return [
            Reason(
                f"“{label}”{day}早于上一步骤的日期 {moved[-1].happened_on}，记录不得倒填",
                rule.cites,
                "请填写实际发生的日期；上一步骤日期有误的，请先更正。",
                "not_before_the_last_step",
            )
        ]
    return []


def barred_by(rule: Rule[Any], facts: Facts) -> frozenset[StaffCode]:
    """Return who may not take a step of this rule on this case, as they wrote what it judges."""
    return rule.not_by(facts) if rule.not_by else frozenset()


def somebody_can_act(
    who: ActorRule, facts: Facts, directory: Directory, barred: frozenset[StaffCode] = frozenset()
) -> bool:
    """Tell whether anybody is there today who should act, and sees the case: not accused, recused, away or gone."""
    return any(
        who.includes(a, facts) and visibility.may_see(a, facts) and not a.codes & barred for a in directory.actors()
    )


def acts_as_stand_in(
    actor: Actor,
    whos: Sequence[ActorRule],
    facts: Facts,
    directory: Directory,
    barred: frozenset[StaffCode] = frozenset(),
) -> bool:
    """Tell whether this person acts because nobody is there who should.

    All of those are accused, recused, away or gone, or are `barred`, having written what is judged (H5, H6; N28).
    """
    if facts.sealed:
        return False
    for who in whos:
        turn = (who, *stands_in_for(who))
        place = next((n for n, w in enumerate(turn) if w.includes(actor, facts)), 0)
        # The one who acts instead is the first in turn of whom anybody is there.
        if place and not any(somebody_can_act(w, facts, directory, barred) for w in turn[:place]):
            return True
    return False


def pending_for(code: str, actor: Actor, facts: Facts, directory: Directory) -> PendingStep | None:
    """Return the step of this code that waits for a second person, as far as this person has to wait for it too.

    Where a step is confirmed in one case only, what was proposed so keeps nobody from taking it in their own right.
    """
    pending = facts.pending.get(code)
    if pending is None or not pending.step.confirmed_when:
        return pending
    rule = pending.step.rule
    asked = pending.step.agreed_by(facts)
    if any(w.includes(actor, facts) for w in asked):
        return pending
    in_their_own_right = any(w.includes(actor, facts) for w in rule.who)
    if in_their_own_right:
        return None
    return (
        pending
        if acts_as_stand_in(actor, asked, facts, directory, kept_from_confirming(pending, facts, directory))
        else None
    )


def kept_from_confirming(pending: PendingStep, facts: Facts, directory: Directory) -> frozenset[StaffCode]:
    """Return who may not agree to what waits: who put it forward, whom it concerns, and whom the step itself bars.

    Nor may who is below whom it concerns, where somebody else may (N28). They count as absent.
    """
    kept = frozenset({pending.by, *pending.step.concerns(), *pending.step.not_agreed_to_by(facts)})
    return kept | _below_whom_it_concerns(pending, facts, directory, kept)


def _below_whom_it_concerns(
    pending: PendingStep, facts: Facts, directory: Directory, kept: frozenset[StaffCode]
) -> frozenset[StaffCode]:
    """Return who could agree but for answering to whom the step is about; nobody where all who could do (N28)."""
    people, units = pending.step.concerns(), pending.step.concerns_units()
    if not people and not units:
        return frozenset()
    whos = who_may_agree(pending.step, facts)
    could = [
        a
        for a in directory.actors(here=False)
        if not a.codes & kept and any(w.includes(a, facts) for w in whos) and visibility.may_see(a, facts)
    ]
    below = frozenset(a.code for a in could if answers_to(a, people, units, directory))
    return below if len(below) < len(could) else frozenset()


_KEEPS_FROM_TAKING_BACK = ("may_see", "destroyed", "when")


def _put_it_forward(pending: PendingStep, q: CaseContext) -> bool:
    """Tell whether this actor put it forward: a petitioner has no code in a history, and sees no case but their own."""
    the_petitioners = q.actor.has(Role.PETITIONER) and pending.by not in q.directory.staff
    return the_petitioners or pending.by == q.actor.code


def who_may(rule: Rule[Any], facts: Facts) -> tuple[ActorRule, ...]:
    """Return who takes a step of this rule on this case. Sealed, that is nobody but its officers."""
    return _within_the_seal(rule.who, facts)


def who_may_agree(step: Step, facts: Facts) -> tuple[ActorRule, ...]:
    """Return who agrees to this step as a second person. Sealed, that is nobody but its officers."""
    return _within_the_seal(step.agreed_by(facts), facts)


def _within_the_seal(whos: tuple[ActorRule, ...], facts: Facts) -> tuple[ActorRule, ...]:
    return tuple(w for w in whos if w in WITHIN_THE_SEAL) if facts.sealed else whos


def case_reasons(rule: Rule[Any], q: CaseContext) -> list[Reason]:
    """Return why this person may not take this step on this case, before anything is answered."""
    facts, reasons = q.facts, []
    if not rule.new and not visibility.may_see(q.actor, facts):
        return [_OUT_OF_SIGHT]
    if facts.destroyed_on is not None:
        return [_DESTROYED]
    pending = pending_for(rule.code, q.actor, facts, q.directory)
    whos = who_may_agree(pending.step, facts) if pending else who_may(rule, facts)
    kept = kept_from_confirming(pending, facts, q.directory) if pending else frozenset()
    barred = barred_by(rule, facts) | kept
    if not whos:
        reasons.append(_SEALED)
    elif not any(w.includes(q.actor, facts) for w in whos) and not acts_as_stand_in(
        q.actor, whos, facts, q.directory, barred
    ):
        reasons.append(_wrong_person(whos, rule.label, rule.cites))
    if pending and pending.by == q.actor.code:
        reasons.append(
            Reason(
                f"“{rule.label}”是您本人提出的，须由另一人确认",
                rule.cites,
                f"请{'、'.join(w.label for w in whos)}中的另一人确认。",
                "second_person",
            )
        )
    if pending and q.actor.codes & pending.step.concerns():
        reasons.append(
            Reason(
                f"“{rule.label}”针对您本人，须由他人决定", rule.cites, "请由另一位有权决定的人员决定。", "second_person"
            )
        )
    if pending and q.actor.codes & pending.step.not_agreed_to_by(facts):
        reasons.append(
            Reason(
                f"{pending.step.not_agreed_because}，不得确认“{rule.label}”",
                rule.cites,
                f"请{'、'.join(w.label for w in whos)}中的其他人员核实、确认。",
                "second_person",
            )
        )
    if pending and not reasons and q.actor.code in kept:
        reasons.append(
            Reason(
                f"“{rule.label}”针对您的上级或者本处室（单位），须由不受其领导的人员决定",
                (REGULATION[28],),
                "请由厅领导等不受其领导的人员决定。",
                "below_whom_it_concerns",
            )
        )
    if (rule.new and facts.state is not None) or (not rule.new and facts.state not in rule.when):
        reasons.append(_wrong_state(rule, facts))
    if not pending:
        reasons += _unmet(rule, q, about_case=True)
    return reasons


def _unmet(rule: Rule[S], q: DecisionContext[S], *, about_case: bool) -> list[Reason]:
    asked = (c for c in rule.provided if c.about_case == about_case and c.in_force.on(q.today))
    return [Reason(c.says, c.cites, c.todo, c.code) for c in asked if not c.holds(q)]


def decide(step: Step, code: str, q: DecisionContext[Step]) -> Outcome:
    """Return what follows when this step is taken.

    `code` is the step's code; for a SecondPerson it is the code of the step that waits. Dates are Asia/Shanghai.

    Raises:
        Refused: the step can't be taken; it holds all reasons.
    """
    facts = q.facts
    pending = pending_for(code, q.actor, facts, q.directory)
    if isinstance(step, SecondPerson):
        waits = facts.pending.get(code)
        if pending is None and waits is not None and not step.agree and _put_it_forward(waits, q):
            pending = waits  # who put it forward takes it back, though they might also take it in their own right
        if pending is None:
            raise Refused([Reason("没有等待您确认的事项", (), "可能已由他人确认，请刷新后再看。", "second_person")])
        rule: Rule[Any] = pending.step.rule
        taken_back = _put_it_forward(pending, q) and not step.agree
        reasons = [r for r in case_reasons(rule, q) if not taken_back or r.code in _KEEPS_FROM_TAKING_BACK]
        if not step.agree and not step.opinion:
            reasons.append(Reason("不同意时必须写明理由", rule.cites, "请填写意见。", "a_reason_is_given"))
        if step.agree and not step.opinion and (asks := pending.step.asks_how_it_was_checked()):
            reasons.append(Reason(asks, rule.cites, "请填写意见。", "how_it_was_checked_is_said"))
        if step.agree and not reasons:
            # Time has passed since the first person proposed it: what the law asks must still hold now.
            asked = DecisionContext(
                step=pending.step,
                facts=facts,
                actor=q.actor,
                today=q.today,
                calendar=q.calendar,
                directory=q.directory,
            )
            reasons += _unmet(rule, asked, about_case=True) + _unmet(rule, asked, about_case=False)
            reasons += _day_reasons(pending.step, asked)
        if reasons:
            raise Refused(reasons)
        stage = "confirmed" if step.agree else "refused"
    else:
        rule = step.rule
        if pending is not None:
            raise Refused(
                [Reason(f"“{rule.label}”已经提出，正等待另一人确认", rule.cites, "请等待或由另一人确认。", "when")]
            )
        reasons = case_reasons(rule, q)
        reasons += _unmet(rule, q, about_case=False)
        reasons += _day_reasons(step, q)
        if reasons:
            raise Refused(reasons)
        stage = "proposed" if step.asks_second_person(q) else "done"
    on = (effect_of(facts, step, code, stage) or step).day(q.today)
    after = apply_step(facts, step, code, stage, q.actor, on)
    return Outcome(step, code, stage, facts, after, on, papers_called_for(facts, after, step, code, stage, on))


def papers_called_for(facts: Facts, after: Facts, step: Step, code: str, stage: str, on: date) -> tuple[PaperKind, ...]:
    """Return the papers that an event calls for: none before it took effect, of a confirmed step those of the step.

    `facts` and `after` are those before and after it; of the day `on` which it happened, papers that were owed then.
    """
    effect = effect_of(facts, step, code, stage)
    return tuple(kind for kind in effect.papers(after) if PAPERS[kind].in_force.on(on)) if effect else ()


def tells_without_paper(facts: Facts, step: Step, code: str, stage: str) -> bool:
    """Tell whether an event told the petitioner by itself, once it took effect; `facts` are those before it."""
    effect = effect_of(facts, step, code, stage)
    return effect is not None and effect.tells_without_paper(facts)


def effect_of(facts: Facts, step: Step, code: str, stage: str) -> Step | None:
    """Return the step that takes effect by an event: of a confirmed one that of the first person; or None."""
    if stage not in ("done", "confirmed"):
        return None
    effect: Step = facts.pending[code].step if stage == "confirmed" else step
    return effect


def apply_step(facts: Facts, step: Step, code: str, stage: str, by: Actor, on: date) -> Facts:
    """Return the facts after one event. Used both when a step is decided and when a history is read again."""
    if stage == "proposed":
        return replace(facts, pending={**facts.pending, code: PendingStep(code, step, by.code, on)})
    if stage in ("confirmed", "refused"):
        step = facts.pending[code].step
    if code in facts.pending:
        facts = replace(facts, pending={c: p for c, p in facts.pending.items() if c != code})
    after = facts if stage == "refused" else step.change(facts, by, on)
    if after.state is facts.state:
        return after
    return replace(
        after,
        ended_on=None if after.state in OPEN_STATES else facts.ended_on or on,
        # What waited for a second person was proposed of a case in another state: it falls away.
        pending={c: p for c, p in after.pending.items() if after.state in p.step.rule.when},
    )
