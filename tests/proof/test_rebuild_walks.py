"""Whatever way a case goes, its rows are what its events say.

Random walks through `perform`, by people of the law's tests.

`WALKS=5000` for the night; the seed is printed, and `WALK_SEED` walks the same ways again.
"""

import os
import random
from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction

from tests.articles.department import DIRECTORY, RECEIVED, STAFF
from tests.attachments import made
from tests.procedure.test_state_space import VARIANTS, answered
from xinfang.accounts.models import Duty, Staff, Unit
from xinfang.attachments.actions.attach import attach_checked
from xinfang.cases.actions.perform import perform
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.categories.actions import add_starter_categories
from xinfang.core.clock import SHANGHAI
from xinfang.papers.actions import paper_texts as acts
from xinfang.procedure.facts import SYSTEM, Actor, DutyHeld, Facts, with_implied_duties
from xinfang.procedure.rules import Refused, SecondPerson
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.procedure.steps import STEPS
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import Material, PaperKind
from xinfang.proof.derived_rows import RowDifference, differences
from xinfang.trusted_time.actions import set_trusted_time

pytestmark = pytest.mark.django_db
WALKS = int(os.environ.get("WALKS", "12"))
STEPS_EACH = 30
SINCE = date(2020, 1, 1)


def make_the_department_of_the_law() -> None:
    """The units and people of `tests.articles.department` as rows."""
    add_starter_categories()
    units = {
        code: Unit.objects.create(code=code, name=u.name, kind="division" if u.can_handle else "archive")
        for code, u in DIRECTORY.units.items()
    }
    for actor in STAFF:
        person = Staff.objects.create(username=actor.code, name=actor.name)
        for duty in _own(actor):
            Duty.objects.create(staff=person, role=str(duty.role), unit=units.get(duty.unit), since=SINCE)


def _own(actor: Actor) -> list[DutyHeld]:
    """Their duties without those that come with others."""
    return [d for d in actor.duties if d not in with_implied_duties(e for e in actor.duties if e != d)]


def at(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)


def wander(rng: random.Random) -> tuple[str, int]:
    """One case taken through random steps by random people; its number, and how many steps were taken."""
    number, facts, day, taken = "", Facts(), RECEIVED, 0
    for _ in range(STEPS_EACH):
        fitting = [c for c, s in STEPS.items() if facts.state in s.rule.when or (s.rule.new and facts.state is None)]
        if not fitting:
            break  # an import that was undone is over
        code = rng.choice(fitting)
        later = day + timedelta(days=rng.choice((0, 0, 0, 1, 3, 20)))
        pending = facts.pending.get(code)
        whos = pending.step.rule.then if pending else STEPS[code].rule.who
        able = [a for a in (*STAFF, SYSTEM) if a.has(*(r for w in whos for r in w.roles))]
        if not able:
            continue
        by = rng.choice(able)
        set_trusted_time(at(later))
        try:
            with transaction.atomic():
                if number and (code == StepCode.ATTACH or (code.endswith("_paper") and code != StepCode.SERVE_PAPER)):
                    _with_rows(code, number, facts, by, later, rng)
                else:
                    step = (
                        SecondPerson()
                        if pending
                        else answered(code, facts, later, rng.choice(VARIANTS.get(code, [{}])))
                    )
                    done = perform(step, number or None, by=by, code=code, now=at(later))
                    number = done.petition.number
        except (Refused, NotVisible, InvalidAnswer, LookupError):
            continue
        facts, day, taken = facts_of(Petition.objects.get(number=number)), later, taken + 1
    return number, taken


def _with_rows(code: str, number: str, facts: Facts, by: Actor, day: date, rng: random.Random) -> None:
    """Files and papers come with their rows, as the pages bring them."""
    if code == StepCode.ATTACH:
        attach_checked(
            number,
            made.png() + bytes([rng.randrange(256)]),
            "照片.png",
            "png",
            what=rng.choice(list(Material)),
            by=by,
            now=at(day),
        )
    elif code == StepCode.MAKE_PAPER:
        kind, owed_by = _kind_and_source(facts, rng)
        acts.make_paper(number, kind, by=by, owed_by=owed_by, now=at(day))
    elif not facts.papers:
        raise LookupError
    elif code == StepCode.SUBMIT_PAPER:
        paper = rng.choice(facts.papers)
        acts.submit_paper(number, paper.number, by=by, revision=1, now=at(day))
    elif code == StepCode.ISSUE_PAPER:
        acts.issue_paper(number, rng.choice(facts.papers).number, by=by, now=at(day))
    else:
        answers = {"paper": rng.choice(facts.papers).number}
        perform(answered(code, facts, day, answers), number, by=by, now=at(day))


def _kind_and_source(facts: Facts, rng: random.Random) -> tuple[PaperKind, int]:
    """What a step owes, or any kind of its own."""
    owed = [(kind, h.seq) for h in facts.history for kind in h.owes]
    return rng.choice([*owed, (rng.choice(list(PaperKind)), 0)])


def test_after_every_random_walk_nothing_differs() -> None:
    make_the_department_of_the_law()
    seed = int(os.environ.get("WALK_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)
    print(f"WALK_SEED={seed}")
    rng, steps = random.Random(seed), 0
    for turn in range(WALKS):
        with transaction.atomic():
            number, taken = wander(rng)
            steps += taken
            if number:
                wrong = [f"{d.table}: {d.what}" for d in differences([number]) if isinstance(d, RowDifference)]
                assert not wrong, f"walk {turn} of WALK_SEED={seed}: {wrong}"
            transaction.set_rollback(True)
    print(f"{WALKS} walks, {steps} steps")
    assert steps > WALKS * 3, "the walks get somewhere"
