"""Every table and column: what somebody changes past the program is found and named, or said to be free.

`TAMPER=5000` makes that many attacks at random (`make deep`); the seed is printed, and `SEED=` takes it again.
"""

import os
import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from tests.personnel_decisions.recording import confirmed
from tests.proof.attacks import WAYS, Attack, NothingToAttack, kept_models, rewrite
from tests.proof.test_tampering import START, asked_and_drawn, build, without_guard
from tests.world import noon, register, set_up_authenticators, walk
from xinfang.accounts.models import Absence, OldPassword, PendingChange, RecoveryCode, Staff
from xinfang.audit.coverage import COVERAGE, ProvenBy, noted_models
from xinfang.audit.noted_rows import NotedModel, NotedQuerySet
from xinfang.calendars.models import CalendarDay, CalendarYear
from xinfang.categories.models import Category
from xinfang.phrases.models import Phrase
from xinfang.proof.derived_rows import derived_tables
from xinfang.proof.verify import verify

ROUNDS = int(os.environ.get("TAMPER", "24"))
SEED = int(os.environ.get("SEED", "0")) or random.randrange(1, 10**6)


def test_every_column_of_every_table_is_placed() -> None:
    derived = {d.model: {*d.key, *d.columns, *d.fields} for d in derived_tables()}
    tables = {m._meta.label: m for m in kept_models()}
    assert set(COVERAGE) == set(tables)
    for label, model in tables.items():
        placed, columns = COVERAGE[label], {f.attname for f in model._meta.concrete_fields}
        assert set(placed.others) <= columns and set(placed.only) <= columns, label
        left = columns - set(placed.others)
        if placed.how is ProvenBy.REBUILT:
            left -= derived[model]
            assert not left, f"{label}: {left} isn't made again from the events; say how it is proven"
        elif placed.only:
            assert left == set(placed.only), f"{label}: {left ^ set(placed.only)} isn't placed"
        for column, (how, why) in placed.others.items():
            assert how is not ProvenBy.FREE or why, f"{label}.{column} is free without a reason"
        assert placed.how is not ProvenBy.FREE or placed.why, f"{label} is free without a reason"


def test_what_is_said_to_be_noted_is_noted() -> None:
    noted = set(noted_models())
    assert noted == {m for m in kept_models() if issubclass(m, NotedModel)}
    for model in noted:
        assert isinstance(model._default_manager.all(), NotedQuerySet), f"{model}: changes in bulk would not be noted"


def test_row_numbers_are_free_only_where_nothing_refers_to_them() -> None:
    for model in kept_models():
        placed = COVERAGE[model._meta.label]
        key = model._meta.pk.attname
        if placed.how is not ProvenBy.FREE and placed.others.get(key, (None,))[0] is ProvenBy.FREE:
            referring = [f for f in model._meta.get_fields() if f.auto_created and not f.concrete]
            assert not referring, f"{model._meta.label}: {referring} refers to its rows"


def standing() -> None:
    """A row in as many tables as can be."""
    build()
    confirmed("unit")
    asked_and_drawn()
    walk(register(START), "archived", START)
    set_up_authenticators()
    clerk, head = (Staff.objects.get(username=name) for name in ("clerk", "office_head"))
    RecoveryCode.objects.bulk_create(RecoveryCode(staff=clerk, digest=d * 64) for d in "abc")
    Absence.objects.create(staff=clerk, deputy=head, since=START, until=START + timedelta(days=3))
    Absence.objects.create(staff=head, deputy=clerk, since=START, until=START + timedelta(days=9))
    OldPassword.objects.create(staff=clerk, password="x", set_at=timezone.now())
    PendingChange.objects.create(
        kind=PendingChange.Kind.values[0], staff=clerk, data={}, proposed_by=head, proposed_at=noon(START)
    )
    year = CalendarYear.objects.create(year=2031, source="试", imported_at=noon(START), imported_by="clerk")
    CalendarDay.objects.bulk_create(
        CalendarDay(year=year, day=START + timedelta(days=d), kind="off", name="试") for d in range(3)
    )
    Category.objects.create(code="T1", name="试", level=1)
    for text in ("请补正", "已收悉"):
        Phrase.objects.create(staff=clerk, text=text, use="")


class _Undone(Exception):
    pass


def attack(rounds: int, seed: int) -> tuple[Counter[str], list[str], list[str]]:
    """Return how many attacks of each way were found or are free, and what was neither."""
    rng, done, missed, refused = random.Random(seed), Counter[str](), [], []
    models = [m for m in kept_models() if m._base_manager.exists()]
    while done.total() + len(missed) < rounds:
        way, model = rng.choice(WAYS), rng.choice(models)
        if way is rewrite and rng.random() < 0.8:
            continue  # It is always of an event.
        made: Attack | None = None
        try:
            with transaction.atomic():
                made = way(rng, model)
                proof = verify()
                if proof.whole and not made.free:
                    missed.append(made.said)
                else:
                    done[f"{way.__name__}{'' if not proof.whole else ', free'}"] += 1
                raise _Undone
        except (_Undone, NothingToAttack):
            pass
        except DatabaseError as e:
            assert made is None, f"{made}: verify ended with {e!r}"
            refused.append(f"{way.__name__} {model._meta.label}")
    return done, missed, refused


@pytest.mark.django_db
def test_what_is_done_to_any_table_is_found_or_said_to_be_free() -> None:
    standing()
    first = verify()
    assert first.whole, first.broken
    with without_guard():
        done, missed, refused = attack(ROUNDS, SEED)
        after = verify()
        assert after.whole, after.broken
    print(f"\nSEED={SEED}: {dict(done)}; {len(refused)} refused by the database")
    assert not missed, f"SEED={SEED}, not found: {missed}"
