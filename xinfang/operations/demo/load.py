"""Load the demo: an invented department and its petitions, walked step by step as people would have walked them.

Every case goes through `perform`, at the time at which the step would have been taken, in the order of those times:
numbers, events and deadlines come out as they would have in a department that used the program all along.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.calendars.queries import calendar
from xinfang.cases.actions.decided_step import StepResult
from xinfang.cases.models import Event
from xinfang.categories.actions import add_starter_categories
from xinfang.core import installation
from xinfang.core.clock import SHANGHAI
from xinfang.core.clock import today as today_in_shanghai
from xinfang.operations.demo.incidents import load_incidents
from xinfang.operations.demo.outgoing_papers import send_what_is_owed
from xinfang.operations.demo.receipts import file_missing_receipts, file_proof
from xinfang.operations.demo.reception import load_reception
from xinfang.operations.demo.step_answers import DemoPetition, DemoStep
from xinfang.operations.demo.template_case import SECOND_MOVES, plan
from xinfang.papers.actions.one_act import take_step
from xinfang.procedure.errors import XinfangError
from xinfang.procedure.facts import Actor
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.rules import Refused, SecondPerson
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.procedure.step_schema import load_step as shaped
from xinfang.procedure.steps import STEPS
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import PaperKind

from . import people

MORNING = time(9, 5)
BETWEEN_STEPS = timedelta(minutes=20)
Actors = Callable[[str, date], Actor]


class OnlyInTheDemo(XinfangError, RuntimeError):
    """Invented petitions must never come among real ones."""


@dataclass(frozen=True)
class DemoReport:
    """What a run of the loader did. `refused` says which step of which case the rules refused, and why."""

    already: bool = False
    units: int = 0
    staff: int = 0
    petitions: int = 0
    steps: int = 0
    refused: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """One line for the person who started it."""
        if self.already:
            return "演示数据已经存在，没有改动。"
        people_and_cases = f"{self.units} 个单位，{self.staff} 名人员，{self.petitions} 件信访事项"
        return f"演示数据已载入：{people_and_cases}，{self.steps} 个步骤。"


@cache
def demo_petitions() -> tuple[DemoPetition, ...]:
    """Return every invented petition of the data files."""
    files = sorted(people.DATA.glob("petitions_*.toml"))
    return tuple(p for f in files for p in tomllib.loads(f.read_text(encoding="utf-8"))["petition"])


def load_demo(today: date | None = None) -> DemoReport:
    """Create the department and take its petitions as far as their data says; does nothing where it was done before.

    `today` is the day (Asia/Shanghai) from which all days are counted; later days are never used.

    Raises:
        OnlyInTheDemo: this is neither a demo nor a test.
    """
    if settings.MODE not in ("demo", "test") or installation.stored_mode() != settings.MODE:
        raise OnlyInTheDemo("Demo data is loaded only with XINFANG_MODE=demo. / 只有演示模式才能载入演示数据。")
    if people.department_exists():
        return DemoReport(already=True)
    now = timezone.now()
    today = today or today_in_shanghai(now)
    with transaction.atomic():
        people.create_department(today)
        add_starter_categories()
        loaded = _walk(today, now)
        load_incidents(_latest(today, now))
        load_reception(today, _latest(today, now))
        return loaded


def _walk(today: date, now: datetime) -> DemoReport:
    numbers: dict[str, str] = {}
    cast = people.demo_staff(today)
    actors = _actors(cast)
    planned = [(p, plan(p, cast, today, calendar(), numbers)) for p in demo_petitions()]
    done: Counter[str] = Counter()
    refused: list[str] = []
    stuck: set[str] = set()
    for when, petition, move in _in_order_of_time(planned, today, now):
        key = petition["key"]
        if key in stuck:
            continue
        try:
            done[move.code] += 1
            papers = _take(petition, move, when, numbers, actors, cast)
            if today_in_shanghai(when) < today and any(PAPERS[kind].outward for kind in papers):
                _send_papers(numbers[key], when, cast, actors)
        except (Refused, InvalidAnswer) as refusal:
            stuck.add(key)
            refused.append(f"{key} · {move.code} · {refusal}")
    data = people.department_data()
    return DemoReport(
        units=len(data["units"]),
        staff=len(data["staff"]),
        petitions=done[StepCode.REGISTER],
        steps=Event.objects.count(),
        refused=tuple(refused),
    )


def _in_order_of_time(
    planned: list[tuple[DemoPetition, list[tuple[date, DemoStep]]]], today: date, now: datetime
) -> Iterator[tuple[datetime, DemoPetition, DemoStep]]:
    """Yield all steps of all cases, the earliest first; those of one day in the order of their case."""
    moves = []
    for i, (petition, steps) in enumerate(planned):
        for j, (day, move) in enumerate(steps):
            morning = datetime.combine(day, MORNING, SHANGHAI) + timedelta(minutes=(i * 7) % 60)
            moves.append((min(morning + j * BETWEEN_STEPS, _latest(today, now)), i, j, petition, move))
    for when, _, _, petition, move in sorted(moves, key=lambda m: m[:3]):
        yield when, petition, move


def _latest(today: date, now: datetime) -> datetime:
    """Return the moment after which nothing has happened: now, or the evening of the day that was asked for."""
    return min(now, datetime.combine(today, time(18), SHANGHAI))


PROVEN = (
    StepCode.OBJECTION_UPHELD,
    StepCode.DECLINE,
    StepCode.REFUSE_FURTHER,
    StepCode.WITHDRAW,
    StepCode.FIRST_REVIEW,
    StepCode.FINAL_REVIEW,
)
"""Steps before which the sheet that they rest on is put into the file."""


def _take(
    petition: DemoPetition,
    move: DemoStep,
    when: datetime,
    numbers: dict[str, str],
    actors: Actors,
    cast: people.DemoStaff,
) -> tuple[PaperKind, ...]:
    """Take the steps of a move; returns the papers that they call for."""
    day = today_in_shanghai(when)
    if move.code == StepCode.ATTACH:
        file_missing_receipts(numbers[petition["key"]], actors(move.actor(day), day), when)
        return ()
    answers = move.answers(day)
    number = None if move.code == StepCode.REGISTER else numbers[petition["key"]]
    by = actors(move.actor(day), day)
    if number and move.code in PROVEN and not move.second:
        said = str(answers.get("reason") or answers.get("answer_number", ""))
        answers = {**answers, "attachment": str(file_proof(number, STEPS[move.code].proof[0], said, by, when))}
    step = shaped(SecondPerson if move.second else STEPS[move.code], answers)
    done = take_step(step, number, by=by, code=move.code, now=when)
    numbers[petition["key"]] = done.petition.number
    if done.event.stage == "proposed" and move.code not in SECOND_MOVES:
        done = _agreed(done.petition.number, move.code, when, _everybody(cast, actors, day))
    return tuple(PaperKind.of(kind) for kind in done.papers)


def _agreed(number: str, code: str, when: datetime, everybody: Iterable[Callable[[], Actor]]) -> StepResult:
    """Let the first who may agree to what was put forward."""
    for person in everybody:
        try:
            return take_step(SecondPerson(), number, by=person(), code=code, now=when)
        except (Refused, NotVisible) as e:
            why = e
    raise why


def _everybody(cast: people.DemoStaff, actors: Actors, day: date) -> list[Callable[[], Actor]]:
    return [partial(actors, name, day) for name in (cast.second, *cast.everybody)]


def _send_papers(number: str, when: datetime, cast: people.DemoStaff, actors: Actors) -> None:
    day = today_in_shanghai(when)
    send_what_is_owed(number, when, clerk=actors(cast.clerk, day), people=_everybody(cast, actors, day))


def _actors(cast: people.DemoStaff) -> Actors:
    """Return a function that says who somebody is on a day.

    Duties never change in the demo, so only the days of an absence are asked one by one.
    """
    absences_begin = min((since for _, since, _ in cast.away.values()), default=date.max)
    known: dict[tuple[str, date], Actor] = {}

    def find(username: str, on: date) -> Actor:
        key = (username, on if on >= absences_begin else people.IN_OFFICE_SINCE)
        if key not in known:
            known[key] = actor_of(Staff.objects.get(username=username), on)
        return known[key]

    return find
