"""What is due in a case is said once, and everything that shows it says the same.

Random cases, looked at on the very days on which something changes: the page, the lists with their filters, the inbox
of each person who is asked, the boards, the digest, the figures and the messages, each against `what_is_due` of the
case's history. `DUE=2000` for the night; the seed is printed, and `DUE_SEED` makes the same cases again.
"""

import os
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import QuerySet

from tests.articles.department import STAFF
from tests.proof.test_rebuild_walks import at, make_the_department_of_the_law, wander
from xinfang.accounts.models import Unit
from xinfang.accounts.queries.actors import directory
from xinfang.calendars.queries import calendar
from xinfang.cases.models import Deadline, Petition
from xinfang.cases.queries.boards import BoardCounts, board_groups, clock_counts, counts_by, total_counts
from xinfang.cases.queries.inbox import TABS, inbox_page, tab_counts
from xinfang.cases.queries.list_rows import list_rows, with_list_columns
from xinfang.cases.queries.petition_filter import PetitionFilter, filter_petitions, ordered
from xinfang.cases.queries.petitions import facts_of_all
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.casework.queries.case_page import case_summary, clock_rows
from xinfang.figures.periods import Span, period_of
from xinfang.figures.tables import figure_report
from xinfang.notifications.models import Notification
from xinfang.operations.actions.sweep import run_sweep
from xinfang.operations.actions.weekly_digest import TOLD_OF_WHOLE_DEPARTMENT, digest_numbers
from xinfang.procedure.addressees import address_task
from xinfang.procedure.alerts import LEVELS, Level, alerts
from xinfang.procedure.calendar import in_chinese
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.timing import ClockKind, ClockRun
from xinfang.procedure.visibility import may_see
from xinfang.procedure.what_is_due import LISTED, WhatIsDue, what_is_due
from xinfang.procedure.words import OPEN_STATES, TERMINAL_STATES
from xinfang.trusted_time.actions import set_trusted_time

pytestmark = pytest.mark.django_db
CASES = int(os.environ.get("DUE", "60"))
TOGETHER = 30
"""Cases in the department at a time."""
DAYS = 3
PEOPLE = 4
"""Whose lists, inboxes and boards are looked at on each day."""
ONE = timedelta(days=1)
FIGURES = {"notice": "notice", "handling": "handling", "simple": "simple_handling", "suggestion": "suggestion"}
"""Of the rows of table 4, the limit that each is about."""


@dataclass
class Known:
    """The cases with what the pure functions say of them."""

    petitions: dict[int, Petition]
    facts: dict[int, Facts]
    due: dict[int, WhatIsDue] = field(default_factory=dict)
    seen: dict[str, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        the_calendar = calendar()
        self.due = {pk: what_is_due(facts, the_calendar) for pk, facts in self.facts.items()}
        self.seen = {a.code: {pk for pk, f in self.facts.items() if may_see(a, f)} for a in STAFF}

    @classmethod
    def read(cls) -> "Known":
        petitions = {p.pk: p for p in Petition.objects.all()}
        return cls(petitions, facts_of_all(petitions.values()))

    def days(self, rng: random.Random) -> list[date]:
        """Days on which something changes: the last day of a limit, the next, and the first of a stretch before it."""
        dues = sorted({run.due.due for due in self.due.values() for run in due.running})
        return sorted(
            rng.choice(dues) + timedelta(days=rng.choice((-8, -7, -4, -3, -1, 0, 1, 30)))
            for _ in range(DAYS if dues else 0)
        )

    def where(self, holds: Callable[[ClockRun], bool], among: Collection[int]) -> set[int]:
        """The cases whose first limit is so."""
        return {pk for pk in among if (run := self.due[pk].first) and holds(run)}

    def with_limit(self, code: str, holds: Callable[[ClockRun], bool], among: Collection[int]) -> set[int]:
        """The cases in which this limit runs and is so."""
        return {pk for pk in among if any(r.clock.code == code and holds(r) for r in self.due[pk].running)}


def is_late(day: date) -> Callable[[ClockRun], bool]:
    return lambda run: run.due.due < day


def is_in(day: date, days: int) -> Callable[[ClockRun], bool]:
    return lambda run: day <= run.due.due <= day + days * ONE


def at_all(run: ClockRun) -> bool:
    return True


@pytest.fixture
def seed() -> int:
    found = int(os.environ.get("DUE_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)
    print(f"DUE_SEED={found}")
    return found


def test_everything_says_the_same(seed: int) -> None:
    make_the_department_of_the_law()
    rng, compared = random.Random(seed), 0
    for _ in range(0, CASES, TOGETHER):
        with transaction.atomic():
            for _ in range(TOGETHER):
                wander(rng)
            known = Known.read()
            compared += sum(1 for _ in _rows(known))
            for day in known.days(rng):
                for look in (_pages, _lists, _inboxes, _boards, _digests):
                    compared += sum(1 for _ in look(known, day, rng.sample(STAFF, PEOPLE)))
            compared += sum(1 for _ in _figures(known, rng))
            compared += sum(1 for _ in _messages(known, rng))
            transaction.set_rollback(True)
    print(f"{CASES} cases, {compared} comparisons")
    assert compared > CASES * 20


def _rows(known: Known) -> Iterator[None]:
    """The rows beside the cases, by which everything is found."""
    for pk, due in known.due.items():
        petition, first = known.petitions[pk], due.first
        kept = (petition.next_clock, petition.next_due, petition.next_provisional)
        assert kept == (
            (first.clock.code, first.due.due, first.due.provisional) if first else ("", date(9999, 12, 31), False)
        )
        rows = {(d.clock, d.occurrence): (d.due, d.stopped_on, d.stopped_by) for d in petition.deadlines.all()}
        assert rows == {(r.clock.code, r.occurrence): (r.due.due, r.stopped_on, r.stopped_by) for r in due.runs}
        assert {t.due for t in petition.tasks.all()} <= {petition.next_due}
        yield


def _pages(known: Known, day: date, people: Sequence[Actor]) -> Iterator[None]:
    """What the page of a case says of its limits."""
    the_calendar = calendar()
    for pk, due in known.due.items():
        page = clock_rows(known.facts[pk], the_calendar, day)
        for line, run in zip(page["running"], due.running, strict=True):
            late = (day - run.due.due).days
            ours = run.clock.kind in (ClockKind.DUTY, ClockKind.SETTING)
            assert line["label"].startswith(run.clock.label)
            assert (line["kind"] == "late") == (ours and late >= 0), "today is said in the same colour"
            assert (f"已超期 {late} 天" in line["text"]) == (ours and late > 0)
            yield
        for line, run in zip(page["stopped"], due.stopped, strict=True):
            assert run.stopped_on is not None
            late = (run.stopped_on - run.due.due).days
            if run.clock.kind in (ClockKind.DUTY, ClockKind.SETTING):
                done = "已停止" if late <= 0 else f"超期 {late} 天完成"
                gone = "已终止" if late <= 0 else f"超期 {late} 天后终止"
                assert line["text"] == (done if run.stopped_by else gone)
            yield
        brief, first = case_summary(known.petitions[pk], known.facts[pk], day, the_calendar), due.first
        assert brief["clock"] == (first.clock.label if first else "")
        assert (brief["chip"] is not None) == (first is not None)


def _lists(known: Known, day: date, people: Sequence[Actor]) -> Iterator[None]:
    """全部事项: its filters, their order, and what a row shows."""
    for actor in people:
        seen = known.seen[actor.code]
        wanted: list[tuple[PetitionFilter, set[int]]] = [
            (PetitionFilter(overdue_on=day), known.where(is_late(day), seen)),
            *((PetitionFilter(due_in=(day, n)), known.where(is_in(day, n), seen)) for n in (3, 7, 30)),
        ]
        for clock in LISTED if actor is people[0] else ():
            code = clock.code
            wanted += [
                (PetitionFilter(clock=code), known.with_limit(code, at_all, seen)),
                (PetitionFilter(clock=code, overdue_on=day), known.with_limit(code, is_late(day), seen)),
                (PetitionFilter(clock=code, due_in=(day, 7)), known.with_limit(code, is_in(day, 7), seen)),
            ]
        for narrowed, expected in wanted:
            assert _keys(filter_petitions(visible_to(actor), narrowed)) == expected, (actor.code, narrowed)
            yield
    everything = Petition.objects.filter(pk__in=known.petitions)
    for more in (False, True):
        found = ordered(everything, PetitionFilter(overdue_on=day), "due", more).order_by("next_due", "id")
        assert _keys(found) == known.where(is_late(day), known.petitions)
    rows = list_rows(list(with_list_columns(everything)), day, calendar())
    by_number = {p.number: known.due[pk].first for pk, p in known.petitions.items()}
    for row in rows:
        first = by_number[row["number"]]
        assert row["clock"] == (first.clock.label if first else "")
        assert (row["chip"] is not None and "已超期" in row["chip"]["text"]) == bool(first and first.overdue(day))
        assert row["provisional"] == bool(first and first.due.provisional)
        yield


def _keys(found: QuerySet[Petition]) -> set[int]:
    return set(found.values_list("pk", flat=True))


def _inboxes(known: Known, day: date, people: Sequence[Actor]) -> Iterator[None]:
    """我的待办 of everybody: whom each case asks, under which tab, in which order."""
    who = directory(day)
    asked = {pk: [address_task(t, f, who) for t in task_rules(f)] for pk, f in known.facts.items()}
    for actor in people:
        mine = {pk for pk in known.seen[actor.code] if any(t.found_by(actor) for t in asked[pk])}
        told = ("notice", "simple_acceptance")
        handed = {pk for pk in mine if known.facts[pk].handed_down}
        tabs = {
            "all": mine,
            "late": known.where(is_late(day), mine),
            "soon": known.where(is_in(day, 7), mine),
            "notice": known.with_limit(told[0], at_all, mine) | known.with_limit(told[1], at_all, mine),
        }
        counts = tab_counts(actor, day)
        for tab, expected in tabs.items():
            items, _ = inbox_page(actor, tab, day, limit=CASES + TOGETHER)
            assert {i.petition.pk for i in items} == expected, (actor.code, tab)
            dues = [known.due[i.petition.pk].first for i in items]
            days = [run.due.due if run else date.max for run in dues]
            assert days == sorted(days)
            assert counts[tab] == len(expected), (actor.code, tab)
            yield
        assert handed <= mine and set(counts) == set(TABS)


def _boards(known: Known, day: date, people: Sequence[Actor]) -> Iterator[None]:
    """期限看板: its totals, by unit and by limit."""
    units = dict(Unit.objects.values_list("pk", "code"))
    for actor in people:
        seen = known.seen[actor.code]
        groups = board_groups(actor, day)
        assert total_counts(groups) == _counted(known, seen, day), actor.code
        for pk, counts in counts_by(groups, lambda g: g.unit).items():
            theirs = {c for c in seen if (known.facts[c].handling_unit or "") == units.get(pk, "")}
            assert counts == _counted(known, theirs, day), (actor.code, pk)
            yield
        by_clock = clock_counts(actor, day)
        for clock in LISTED:
            running = known.with_limit(clock.code, at_all, seen)
            open_ones = {pk for pk in running if known.facts[pk].state in OPEN_STATES}
            expected = BoardCounts(
                open=len(open_ones),
                supervised=sum(known.facts[pk].supervised for pk in open_ones),
                late=len(known.with_limit(clock.code, is_late(day), seen)),
                in_3=len(known.with_limit(clock.code, is_in(day, 3), seen)),
                in_7=len(known.with_limit(clock.code, is_in(day, 7), seen)),
            )
            assert by_clock.get(clock.code, BoardCounts()) == expected, (actor.code, clock.code)
            yield


def _counted(known: Known, among: Collection[int], day: date) -> BoardCounts:
    among = {pk for pk in among if known.facts[pk].state in (*OPEN_STATES, *TERMINAL_STATES)}
    open_ones = [pk for pk in among if known.facts[pk].state in OPEN_STATES]
    return BoardCounts(
        open=len(open_ones),
        supervised=sum(known.facts[pk].supervised for pk in open_ones),
        late=len(known.where(is_late(day), among)),
        in_3=len(known.where(is_in(day, 3), among)),
        in_7=len(known.where(is_in(day, 7), among)),
    )


def _digests(known: Known, day: date, people: Sequence[Actor]) -> Iterator[None]:
    """The weekly digest of those who are told of the whole department; sealed reports are in no digest."""
    for actor in STAFF:
        if not actor.has(*TOLD_OF_WHOLE_DEPARTMENT):
            continue
        open_sight = {pk for pk in known.seen[actor.code] if not known.facts[pk].sealed}
        numbers, expected = digest_numbers(actor, day, day), _counted(known, open_sight, day)
        week = len(known.where(is_in(day, 6), open_sight))
        assert (numbers.open, numbers.due, numbers.late) == (expected.open, week, expected.late), actor.code
        assert numbers.unanswered == expected.supervised
        yield


def _figures(known: Known, rng: random.Random) -> Iterator[None]:
    """The tables: what is due and late now, and of the limits of a period, what was met, runs, is late or fell away."""
    for day in known.days(rng)[:1]:
        period = period_of(Span.MONTH, day)
        report = figure_report(period, day)
        plain = {pk for pk, f in known.facts.items() if not f.sealed}
        table = report.table("7")
        soon, late = (table.figure("all", column).now.number for column in (3, 4))
        assert (soon, late) == (len(known.where(is_in(day, 7), plain)), len(known.where(is_late(day), plain)))
        for row, code in FIGURES.items():
            runs = [r for pk in plain for r in known.due[pk].runs if r.clock.code == code]
            of_period = [r for r in runs if period.days.first <= r.due.due <= period.days.last]
            expected: dict[str, int] = defaultdict(int)
            for run in of_period:
                expected[_place(run, day)] += 1
            for place in ("in-time", "late", "running", "missed", "ended"):
                assert report.table("4").figure(f"{row}-{place}").now.number == expected[place], (row, place)
                yield


def _place(run: ClockRun, day: date) -> str:
    if run.stopped_on is None:
        return "missed" if run.overdue(day) else "running"
    if run.fell_away:
        return "ended"
    return "late" if run.overdue(day) else "in-time"


def _messages(known: Known, rng: random.Random) -> Iterator[None]:
    """Sweeps on later and later days: of every limit that runs what is due to be said was said, of others nothing."""
    latest = max(h.happened_on for f in known.facts.values() for h in f.history)
    for day in [latest, *(d for d in known.days(rng) if d > latest)]:
        set_trusted_time(at(day))
        run_sweep(at(day))
        known = Known.read()
        warned = {(d.petition_id, d.clock, d.occurrence): d.warned for d in Deadline.objects.all()}
        for pk, due in known.due.items():
            for run in due.running:
                wanted = [
                    a.level for a in alerts(run.clock.code, run.started_on, run.due.due, run.due.alarm) if a.on <= day
                ]
                said = warned[pk, run.clock.code, run.occurrence]
                assert said == (wanted[-1].value if wanted else ""), (known.petitions[pk].number, run.clock.code)
                yield
        open_ones = Notification.objects.filter(kind="overdue", petition__isnull=False, ended_at=None)
        for told in open_ones.select_related("petition"):
            late = [r for r in known.due[told.petition_id].running if r.overdue(day)]
            assert any(f"“{r.clock.label}”已超期，{in_chinese(r.due.due)}" in told.text for r in late), told.text
            yield


def test_an_alert_is_the_word_for_a_date_that_is_late_or_near() -> None:
    """The words of messages follow the same days as lists: overdue from the day after, never on the last day."""
    for clock in CLOCKS:
        for alert in alerts(clock, date(2026, 3, 2), date(2026, 5, 1), date(2026, 4, 30)):
            assert (LEVELS.index(alert.level) >= LEVELS.index(Level.OVERDUE)) == (alert.on > date(2026, 5, 1))
