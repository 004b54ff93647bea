"""The same figures by plain loops over histories.

They are written from the definitions and share nothing with `xinfang.figures`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, median
from typing import Any

from xinfang.accounts.models import Staff, Unit
from xinfang.calendars.queries import calendar
from xinfang.cases.models import Event, Petition
from xinfang.categories.models import Category
from xinfang.matters.models import PairJudgement
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import CaseEvent, Facts
from xinfang.procedure.replay import StoredEvent, apply_event, step_of
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import OPEN_STATES, PaperKind, State

REPLIES = {PaperKind.REPLY_OPINION, PaperKind.SUGGESTION_REPLY}
NOTICES = {
    PaperKind.ACCEPTANCE_NOTICE,
    PaperKind.RECEIPT_NOTICE,
    PaperKind.REDIRECT_NOTICE,
    PaperKind.FORWARDING_NOTICE,
    PaperKind.ROUTE_NOTICE,
    PaperKind.DECLINE_NOTICE,
    PaperKind.FILING_NOTICE,
    PaperKind.REFUSAL_NOTICE,
    PaperKind.DUTY_NOTICE,
    PaperKind.DISCLOSURE_NOTICE,
}
LEFT: dict[str, set[PaperKind]] = {
    "notice": NOTICES | REPLIES | {PaperKind.DUTY_REPLY},
    "handling": REPLIES,
    "duty": {PaperKind.DUTY_REPLY},
    "simple": {PaperKind.REPLY_OPINION},
    "suggestion": {PaperKind.SUGGESTION_REPLY},
}
"""The papers whose leaving ends it."""
TOLD = {
    "notice": {StepCode.ACCEPT, StepCode.ANSWER},
    "handling": {StepCode.ANSWER},
    "duty": set(),
    "simple": {StepCode.ANSWER},
    "suggestion": {StepCode.ANSWER},
}
"""The steps that end it where no paper is asked for."""
CLOCK = {"duty": "own_duty", "simple": "simple_handling"}


@dataclass
class Case:
    """A case read from its events alone; `group_size` and the next due date are the only columns used."""

    facts: Facts
    happened: list[tuple[CaseEvent, State | None, State]]
    runs: list[tuple[str, int, date, date | None, date]]
    group_size: int
    first_due: date | None

    @property
    def sealed(self) -> bool:
        return self.facts.sealed


def read() -> list[Case]:
    days = calendar()
    petitions = {p.pk: p for p in Petition.objects.all()}
    events: dict[int, list[Event]] = {}
    for e in Event.objects.order_by("petition_id", "seq").select_related("by", "entered_by"):
        events.setdefault(e.petition_id, []).append(e)
    cases = []
    for pk, history in events.items():
        facts = Facts(number=petitions[pk].number)
        happened = []
        for e in history:
            before = facts.state
            by = e.by.username if e.by else ""
            kept = StoredEvent(e.seq, e.code, e.stage, e.data, e.happened_on, e.recorded_at, by)
            facts = apply_event(facts, step_of(e.code, e.stage, e.data), kept)
            if e.stage in ("done", "confirmed", "proposed"):
                happened.append((facts.history[-1], before, facts.state))
        runs = [(r.clock.code, r.occurrence, r.due.due, r.stopped_on, r.started_on) for r in running(facts, days)]
        leading = [r.due.due for r in running(facts, days) if r.stopped_on is None and leads(r)]
        cases.append(Case(facts, happened, runs, petitions[pk].group_size, min(leading, default=None)))
    return cases


def tied(known: set[str]) -> set[str]:
    """The cases that are tied to one of others, by what was said of each pair last."""
    last = {}
    for row in PairJudgement.objects.select_related("one", "other").order_by("turn"):
        last[row.one.number, row.other.number] = row.verdict
    return {n for pair, verdict in last.items() if verdict == "same" and set(pair) <= known for n in pair}


def leads(run: Any) -> bool:
    return run.clock.leads and run.clock.kind.value != "right"


def within(day: date | None, first: date, last: date) -> bool:
    return day is not None and first <= day <= last


def rate(over: int, under: int) -> float | None:
    return over / under if under else None


def count(cases: list[Case], first: date, last: date, today: date) -> dict[str, Any]:
    """Every figure of a period by its cell: `table.row.column`."""
    f: dict[str, Any] = {}
    new = [c for c in cases if within(c.facts.received_on, first, last)]
    ordinary = [c for c in new if not c.sealed]
    f["1.all.0"] = len(new)
    f["1.sealed.0"] = len(new) - len(ordinary)
    side_by_side = tied({c.facts.number for c in cases if not c.sealed})
    f["1.same-matter.0"] = sum(c.facts.number in side_by_side for c in ordinary)
    channels = {
        "ordinary": lambda c: True,
        "online": lambda c: c.facts.channel == "online",
        "letter": lambda c: c.facts.channel == "letter",
        "single": lambda c: c.facts.channel == "visit" and c.group_size < 5,
        "group": lambda c: c.facts.channel == "visit" and c.group_size >= 5,
        "phone": lambda c: c.facts.channel == "phone",
        "fax": lambda c: c.facts.channel == "fax",
    }
    sources = (
        "direct", "bureau_forwarded", "bureau_assigned", "superior", "leader_assigned", "at_bureau",
        "hotline", "message_board", "discipline", "congress", "cppcc",
    )  # fmt: skip
    channels |= {s: (lambda c, s=s: c.facts.source == s) for s in sources}
    for name, fits in channels.items():
        these = [c for c in ordinary if fits(c)]
        again = [c for c in these if c.facts.repeat_of]
        several = [c for c in these if c.group_size >= (5 if c.facts.channel == "visit" else 2)]
        numbers = [
            len(these), sum(c.group_size for c in these), len(these) - len(again), len(again),
            rate(len(again), len(these)),
            len(several), sum(c.group_size for c in several),
        ]  # fmt: skip
        f |= {f"1.{name}.{i}": n for i, n in enumerate(numbers)}
    purposes = ("appeal", "claim", "report", "suggestion", "consultation", "other", None)
    for name, matter in (("suggestion", "suggestion"), ("claim", "claim"), ("none", None)):
        these = [c for c in ordinary if c.facts.matter_class == matter]
        f[f"2.{name}.0"] = len(these)
        for i, p in enumerate(purposes, 1):
            f[f"2.{name}.{i}"] = sum(c.facts.purpose == p for c in these)
    f["2.report.0"] = sum(c.facts.matter_class == "report" for c in new)
    f["3.all.0"], f["3.all.1"] = len(ordinary), rate(len(ordinary), len(ordinary))
    for code in ["none", *Category.objects.filter(level=1).values_list("code", flat=True)]:
        n = sum((not c.facts.category) if code == "none" else c.facts.category.startswith(code) for c in ordinary)
        f[f"3.{code}.0"], f[f"3.{code}.1"] = n, rate(n, len(ordinary))
    f |= handling(cases, new, first, last, today)
    f |= conclusions(cases, first, last)
    f |= ratings(cases, first, last, today)
    f |= units_and_leaders(cases, ordinary, first, last, today)
    group = [c for c in ordinary if c.facts.channel == "visit" and c.group_size >= 5]
    f["9.group.0"], f["9.people.0"] = len(group), sum(c.group_size for c in group)
    told = list(steps(cases, StepCode.REPORT_UP, first, last))
    f["9.reported.0"], f["9.completion.0"] = len(told), sum(h.step.completion for h in told)
    return f


def steps(cases: Iterable[Case], code: str, first: date, last: date, *, sealed: bool = False) -> Iterable[CaseEvent]:
    """The steps of a kind that took effect in a period."""
    for c in cases:
        if not c.sealed or sealed:
            for h, _, _ in c.happened:
                if h.code == code and h.stage != "proposed" and within(h.happened_on, first, last):
                    yield h


def open_at(c: Case, start: date) -> bool:
    """Open when a day began: the first ending or reopening since tells; else as it is today."""
    if c.facts.received_on >= start:
        return False
    for h, before, after in c.happened:
        if before is None or h.stage == "proposed" or h.happened_on < start:
            continue
        if (before in OPEN_STATES) != (after in OPEN_STATES):
            return before in OPEN_STATES
    return c.facts.state in OPEN_STATES


def handling(cases: list[Case], new: list[Case], first: date, last: date, today: date) -> dict[str, Any]:
    f: dict[str, Any] = {
        "4.before.0": sum(open_at(c, first) for c in cases),
        "4.new.0": len(new),
        "4.open-now.0": sum(c.facts.state in OPEN_STATES for c in cases),
    }
    for name in ("notice", "handling", "duty", "simple", "suggestion"):
        f |= clock(cases, name, first, last, today)
    for row, code in (
        ("accept", StepCode.ACCEPT), ("accept-duty", StepCode.ACCEPT_DUTY), ("assigned", StepCode.ASSIGN),
        ("redirect", StepCode.REDIRECT), ("disclosed", StepCode.DISCLOSE), ("forward", StepCode.FORWARD),
        ("returned", StepCode.OBJECTION_UPHELD),
        ("refused", StepCode.REFUSE_FURTHER), ("withdrawn", StepCode.WITHDRAW),
        ("filed", StepCode.FILE_WITHOUT_ACTION),
    ):  # fmt: skip
        f[f"4.{row}.0"] = len(list(steps(cases, code, first, last)))
    f["4.reopened.0"] = len(list(steps(cases, StepCode.REOPEN, first, last))) + sum(
        h.moved for h in steps(cases, StepCode.DECIDE_RECONSIDERATION, first, last)
    )
    f["4.declined.0"] = len(list(steps(cases, StepCode.DECLINE, first, last)))
    f["4.routed.0"] = len(list(steps(cases, StepCode.ROUTE, first, last)))
    f["4.handed-over.0"] = len(list(steps(cases, StepCode.HAND_OVER, first, last, sealed=True)))
    f["4.extended.0"] = sum(h.step.agree for h in steps(cases, StepCode.GRANT_EXTENSION, first, last))
    for ground in ("concluded", "answered_repeat", "unclear", "no_value"):
        f[f"4.filed-{ground}.0"] = 0
    for c in cases:
        proposed = None
        for h, _, _ in c.happened:
            if h.code == StepCode.FILE_WITHOUT_ACTION and h.stage == "proposed":
                proposed = h.step
            elif h.code == StepCode.FILE_WITHOUT_ACTION and within(h.happened_on, first, last) and not c.sealed:
                f[f"4.filed-{proposed.ground.value}.0"] += 1
    took = [(c.facts.replied_on - c.facts.accepted_on).days for c in replied(cases, first, last) if c.facts.accepted_on]
    f["4.days-mean.0"], f["4.days-median.0"] = (mean(took), median(took)) if took else (None, None)
    return f


def clock(cases: list[Case], name: str, first: date, last: date, today: date) -> dict[str, Any]:
    in_time = late = waiting = missed = ended = 0
    for c in cases:
        for code, start, due, stopped, began in c.runs:
            if c.sealed or code != CLOCK.get(name, name) or not first <= due <= last:
                continue
            if stopped is None:
                missed, waiting = missed + (due < today), waiting + (due >= today)
            elif not any(
                ends(name, h) and h.seq > start and h.happened_on >= began and h.stage != "proposed"
                for h, _, _ in c.happened
            ):
                ended += 1
            else:
                in_time, late = in_time + (stopped <= due), late + (stopped > due)
    owed = in_time + late + waiting + missed
    parts = {
        "owed": owed, "in-time": in_time, "late": late, "running": waiting, "missed": missed, "ended": ended,
        "rate": rate(in_time, owed), "rate-due": rate(in_time, owed - waiting),
    }  # fmt: skip
    return {f"4.{name}-{part}.0": n for part, n in parts.items()}


def ends(name: str, h: CaseEvent) -> bool:
    """Whether what is owed left by this event, or was told by it."""
    return h.sent in LEFT[name] or (h.code in TOLD[name] and h.tells_without_paper)


def replied(cases: list[Case], first: date, last: date) -> list[Case]:
    """Those whose reply that counts left in the period (an answer to a suggestion is no 意见书)."""
    return [
        c for c in cases
        if not c.sealed and within(c.facts.replied_on, first, last)
        and any(h.code == StepCode.ISSUE_REPLY for h, _, _ in c.happened)
    ]  # fmt: skip


def conclusions(cases: list[Case], first: date, last: date) -> dict[str, Any]:
    asked = [r for c in replied(cases, first, last) for r in c.facts.requests if r.conclusion]
    support = [r for r in asked if r.conclusion == "support"]
    done = [r for r in support if r.carried_out]
    f: dict[str, Any] = {"5.all.0": len(asked), "5.carried-out.0": len(done)}
    f |= {f"5.{k}.0": sum(r.conclusion == k for r in asked) for k in ("support", "explain", "refuse")}
    f["5.carried-out-rate.0"] = rate(len(done), len(support))
    for kind in ("first", "final"):
        decided = list(steps(cases, f"{kind}_review", first, last))
        f[f"5.{kind}-asked.0"] = len(list(steps(cases, f"request_{kind}_review", first, last)))
        f[f"5.{kind}-decided.0"] = len(decided)
        f |= {
            f"5.{kind}-{r}.0": sum(h.step.result == r for h in decided)
            for r in ("upheld", "revoked", "changed", "redo")
        }
    return f


def ratings(cases: list[Case], first: date, last: date, today: date) -> dict[str, Any]:
    rated = list(steps(cases, StepCode.RATE, first, last))
    missed = sum(
        code == "rating" and stopped is None and first <= due <= last and due < today
        for c in cases if not c.sealed
        for code, _, due, stopped, _ in c.runs
    )  # fmt: skip
    f: dict[str, Any] = {}
    for column, name in enumerate(("office_rating", "unit_rating")):
        given = [getattr(h.step, name) for h in rated]
        f[f"6.rated.{column}"], f[f"6.missed.{column}"] = len(given), missed
        f[f"6.took-part.{column}"] = rate(len(given), len(given) + missed)
        for row, value in (("satisfied", 0), ("fairly", 1), ("not", 3)):
            f[f"6.{row}.{column}"] = given.count(value)
        f[f"6.pleased.{column}"] = rate(given.count(0) + given.count(1), len(given))
    return f


def unit_before(c: Case, seq: int) -> str:
    """The unit that was handed the case last before an event; where none was, the one that has it now."""
    handed = [
        h.step.handling_unit for h, _, _ in c.happened if h.code in (StepCode.ASSIGN, StepCode.REFER) and h.seq < seq
    ]
    return handed[-1] if handed else c.facts.handling_unit


def units_and_leaders(cases: list[Case], new: list[Case], first: date, last: date, today: date) -> dict[str, Any]:
    f: dict[str, Any] = {}
    handle = [u.code for u in Unit.objects.all() if u.can_handle]
    held = replied(cases, first, last)
    now = [c for c in cases if not c.sealed and c.facts.state in OPEN_STATES]
    for unit in ["all", "none", *handle]:

        def of(c: Case, unit: str = unit) -> bool:
            return unit == "all" or (
                c.facts.handling_unit not in handle if unit == "none" else c.facts.handling_unit == unit
            )

        soon = today + timedelta(days=7)
        f[f"7.{unit}.0"], f[f"7.{unit}.1"], f[f"7.{unit}.2"] = sum(map(of, new)), sum(map(of, held)), sum(map(of, now))
        dated = [c.first_due for c in cases if not c.sealed and of(c) and c.first_due is not None]
        f[f"7.{unit}.3"] = sum(today <= due <= soon for due in dated)
        f[f"7.{unit}.4"] = sum(due < today for due in dated)
        f[f"7.{unit}.5"] = sum(of(c) and c.facts.supervised for c in now)

        def theirs(code: str, unit: str = unit) -> bool:
            return unit == "all" or (code not in handle if unit == "none" else code == unit)

        f[f"7.{unit}.6"] = f[f"7.{unit}.7"] = f[f"7.{unit}.8"] = 0
        for c in cases:
            if c.sealed:
                continue
            for h, _, _ in c.happened:
                if h.code in (StepCode.SUPERVISE, StepCode.SEND_BACK) and within(h.happened_on, first, last):
                    f[f"7.{unit}.{6 if h.code == StepCode.SUPERVISE else 8}"] += theirs(unit_before(c, h.seq))
            for code, start, due, stopped, _ in c.runs:
                answered = any(h.code == StepCode.ANSWER_SUPERVISION and h.seq > start for h, _, _ in c.happened)
                if (
                    code == "supervision"
                    and first <= due <= last
                    and answered
                    and stopped is not None
                    and stopped <= due
                ):
                    f[f"7.{unit}.7"] += theirs(unit_before(c, start))
    for row, code in (
        ("supervise", StepCode.SUPERVISE),
        ("answered", StepCode.ANSWER_SUPERVISION),
        ("send-back", StepCode.SEND_BACK),
    ):
        f[f"7.{row}.0"] = len(list(steps(cases, code, first, last)))
    lead = list(
        Staff.objects.filter(duties__role__in=["leader", "principal_leader"])
        .distinct()
        .values_list("username", flat=True)
    )
    for leader in ["all", "others", *lead]:
        for column, these in enumerate((new, held, now)):
            f[f"8.{leader}.{column}"] = sum(
                bool(c.facts.responsible_leader) if leader == "all"
                else bool(c.facts.responsible_leader) and c.facts.responsible_leader not in lead if leader == "others"
                else c.facts.responsible_leader == leader
                for c in these
            )  # fmt: skip
    f["8.asked.0"] = len(list(steps(cases, StepCode.ASK_TO_MEET, first, last)))
    f["8.agreed.0"] = sum(h.step.agree for h in steps(cases, StepCode.DECIDE_MEETING, first, last))
    # No days of reception are among these cases; `tests/reception` counts them.
    for row in ("days", "days-down", "visits", "visitors", "visits-down", "visitors-down", "settled"):
        f[f"8.{row}.0"] = 0
    return f
