"""Compiled queries answer what Django answers.

Each is compared with its plain twin, and what could not be compiled is refused.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, F, Q, QuerySet

import xinfang
from tests import postgres
from tests.cases.test_visibility import _cases as every_kind_of_case
from tests.cases.test_visibility import petitioner_of
from tests.night import at_night_or
from tests.world import make_department, register
from xinfang.accounts.models import Absence, Staff, Unit
from xinfang.accounts.queries.actors import actor_of
from xinfang.cases.models import Petition
from xinfang.cases.queries import inbox
from xinfang.core.compiled_queries import (
    COMPILED_QUERIES,
    CannotCompile,
    CompiledQuery,
    compiled_query,
    compiled_query_for_keys,
    compiled_query_for_text,
)
from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.words import Role, State

DAY = date(2026, 3, 2)
DAYS = (DAY, DAY + timedelta(days=14), date(2026, 12, 31), date(1999, 1, 1))
Given = tuple[Any, ...]


class World:
    """What the compiled queries are asked in: cases of every kind, and everybody of the department."""

    def __init__(self) -> None:
        make_department()
        every_kind_of_case()
        people = {s.username: s for s in Staff.objects.all()}
        Absence.objects.create(staff=people["handler"], deputy=people["handler2"], since=DAY, until=DAYS[2])
        nobody = Staff.objects.create(username="nobody", name="无职务")
        self.staff = [*(s.pk for s in people.values()), nobody.pk, 10**9]
        rows = Petition.objects.order_by("pk").values_list("pk", "number")
        self.keys, self.numbers = map(list, zip(*rows, strict=True))
        petitioners = (petitioner_of(self.numbers[0]), petitioner_of(""))
        self.actors = [*(actor_of(s, DAY) for s in (*people.values(), nobody)), SYSTEM, *petitioners]


def twins(world: World) -> dict[str, list[Given]]:
    """For every compiled query of the product, with what it is asked here.

    A new one that is missing fails the first test.
    """
    some = [world.keys[:n] for n in (0, 1, 2, 3, 7)] + [
        world.keys,
        world.keys[::-1],
        world.keys[:2] * 2,
        [-1],
        [10**12],
    ]
    odd = ["", "LX", "%", "_", "'", "（任一）", "-1", "\\", "LX2026000001%"]
    tabs = (*inbox.TABS, "unknown")
    return {
        "xinfang.accounts.queries.actors._duties_for": list(product(world.staff, DAYS)),
        "xinfang.cases.queries.boards._by_clock": list(product(world.actors, DAYS)),
        "xinfang.cases.queries.boards._ended": [(a,) for a in world.actors],
        "xinfang.cases.queries.boards._open": [(a,) for a in world.actors],
        "xinfang.cases.queries.inbox._asked_of": list(product(some, world.actors)),
        "xinfang.cases.queries.inbox._cases": list(product(world.actors, (1, 3, 100))),
        "xinfang.cases.queries.inbox._counts": list(product(world.actors, DAYS)),
        "xinfang.cases.queries.inbox._first_of": [
            (address, a, tab, day, most)
            for a in world.actors
            for address in inbox._addresses(a)
            for tab, day, most in product(tabs, DAYS[:2], (1, 100))
        ],
        "xinfang.cases.queries.inbox._unread": list(product(world.actors, (1, 3, 100))),
        "xinfang.cases.queries.petitions._visible_pk": list(product(world.numbers + odd, world.actors)),
    }


@cache
def products_own() -> tuple[str, ...]:
    """The names of all compiled queries of the product: every module of it is imported first."""
    for module in pkgutil.walk_packages(xinfang.__path__, "xinfang."):
        if ".migrations" not in module.name and not module.name.endswith(("__main__", ".wsgi")):
            importlib.import_module(module.name)
    return tuple(name for name in COMPILED_QUERIES if name.startswith("xinfang."))


def test_every_compiled_query_of_the_product_has_its_twin_here(db: None) -> None:
    assert set(products_own()) == set(twins(World()))


def same(query: CompiledQuery[Any], *given: Any) -> list[Any]:
    """Compiled again and from what is kept, the answer is what Django gives, with the same types."""
    plain = query.plain(*given)
    for _ in range(2):
        assert repr(query(*given)) == repr(plain), (query, given)
    return plain


@pytest.fixture(autouse=True)
def _nothing_is_kept(settings: Any) -> Iterator[None]:
    """Each test compiles for itself, also where the suite runs with the fast paths turned off."""
    settings.FAST_PATHS = True
    for query in COMPILED_QUERIES.values():
        query.clear()
    yield
    for name in set(COMPILED_QUERIES) - set(products_own()):
        del COMPILED_QUERIES[name]


def test_compiled_and_plain_give_the_same_answers(database: str) -> None:
    products_own()
    for name, asked in twins(World()).items():
        some = asked[:: len(asked) // 80 + 1]
        answers = {repr(same(COMPILED_QUERIES[name], *given)) for given in at_night_or(asked, some)}
        assert len(answers) > 1, f"{name} was never asked anything that has another answer"


def test_each_database_has_sql_of_its_own(db: None, request: pytest.FixtureRequest) -> None:
    @compiled_query_for_text
    def dated(number: str, day: date) -> QuerySet[Any, Any]:
        return Petition.objects.filter(number=number, received_on__year=day.year).values_list("received_on", "simple")

    make_department()
    number = register(DAY)
    assert same(dated, number, DAY) == [(DAY, False)]
    with postgres.as_default(request.getfixturevalue("migrated_postgres")):
        assert connection.vendor == "postgresql"
        assert same(dated, number, DAY) == []
    assert same(dated, number, DAY) == [(DAY, False)]


class TestBindParameters:
    """What is put in later reaches the database as Django would give it, or the query is refused."""

    @pytest.fixture(autouse=True)
    def cases(self, database: str) -> list[str]:
        make_department()
        return [register(DAY, group_size=size) for size in (1, 5, 7)]

    def test_a_value_that_looks_like_a_stand_in_is_only_a_value(self) -> None:
        @compiled_query_for_keys
        def of_size(keys: Sequence[int], size: int) -> QuerySet[Any, Any]:
            return Unit.objects.filter(pk__in=keys).exclude(pk=size).order_by("pk").values_list("pk")

        @compiled_query_for_text
        def named(code: str, name: str) -> QuerySet[Any, Any]:
            return Unit.objects.filter(code=code).exclude(name=name).values_list("code")

        pks = sorted(Unit.objects.values_list("pk", flat=True))[:3]
        for size in (-1, -2, -3, 0, pks[0]):
            same(of_size, pks, size)
        assert same(of_size, pks, -1) == [(k,) for k in pks]
        Unit.objects.filter(code="funds").update(name="（任一）")
        assert same(named, "funds", "（任一）") == []
        assert same(named, "results", "（任一）") == [("results",)]

    @pytest.mark.parametrize("lookup", ["exact", "startswith", "istartswith", "contains", "gt"])
    def test_a_lookup_that_changes_its_value(self, lookup: str, cases: list[str]) -> None:
        @compiled_query_for_text
        def found(number: str) -> QuerySet[Any, Any]:
            return Petition.objects.filter(**{f"number__{lookup}": number}).order_by("pk").values_list("number")

        for value in (cases[0], cases[0][:6], "LX%", "L_2", "lx2026", "", "\\"):
            same(found, value)
        assert found(cases[0]) or lookup == "gt"

    @pytest.mark.parametrize("lookup", ["iexact", "in", "regex"])
    def test_a_lookup_that_can_not_keep_it_is_right_or_refused(self, lookup: str, cases: list[str]) -> None:
        @compiled_query_for_text
        def found(number: str) -> QuerySet[Any, Any]:
            value: Any = [number] if lookup == "in" else number
            return Petition.objects.filter(**{f"number__{lookup}": value}).order_by("pk").values_list("number")

        try:
            for value in (cases[1], cases[1].lower(), "LX", "^LX.*1$"):
                same(found, value)
        except CannotCompile:
            assert lookup == "iexact"

    def test_as_many_keys_as_there_are(self, cases: list[str]) -> None:
        @compiled_query_for_keys
        def sizes(keys: Sequence[int], least: int) -> QuerySet[Any, Any]:
            found = Petition.objects.filter(pk__in=keys, group_size__gte=least)
            return found.order_by("-pk").values_list("pk", "group_size", "received_on")

        keys = list(Petition.objects.values_list("pk", flat=True))
        for some in ([], keys[:1], keys[:2], keys, keys[::-1], keys[:1] * 3, [10**12], [-1, *keys]):
            for least in (0, 5, 6):
                same(sizes, some, least)
        with pytest.raises(TypeError):
            sizes([keys[0], None], 0)  # type: ignore[list-item]
        with pytest.raises(TypeError):
            sizes([True], 0)

    def test_nothing_is_no_text(self) -> None:
        with pytest.raises(TypeError):
            COMPILED_QUERIES["xinfang.cases.queries.petitions._visible_pk"](None, SYSTEM)

    @pytest.mark.parametrize(
        "make",
        [
            lambda text: Petition.objects.filter(number=f"{text}%"),
            lambda text: Petition.objects.filter(number=f"{text!s}"),
            lambda text: Petition.objects.filter(number="%s%%" % text),  # noqa: UP031
            lambda text: Petition.objects.filter(number=str(text)),
            lambda text: Petition.objects.filter(number=repr(text)),
            lambda text: Petition.objects.filter(number=text + "%"),
            lambda text: Petition.objects.filter(number=text) if text else Petition.objects.none(),
            lambda text: Petition.objects.filter(number=text) if text != "all" else Petition.objects.all(),
            lambda text: Petition.objects.filter(number=text) if text not in ("", "all") else Petition.objects.all(),
            lambda text: Petition.objects.filter(Q(number=text) | Q(external_number=text)),
            lambda text: Petition.objects.filter(number=text, subject=repr(text), body=text),
            lambda text: Petition.objects.all(),
            lambda text: Petition.objects.filter(Q(number=text) | ~Q(pk__in=[])),
        ],
    )
    def test_what_does_not_reach_the_sql_unchanged_and_once_is_refused(self, make: Callable[[Any], Any]) -> None:
        @compiled_query_for_text
        def found(text: str) -> QuerySet[Any, Any]:
            return make(text).order_by("pk").values_list("pk")  # type: ignore[no-any-return]

        for _ in range(2):
            with pytest.raises(CannotCompile):
                found("LX2026000001")

    @pytest.mark.parametrize("use", [str.upper, int, len, list, sorted])
    def test_what_a_text_can_do_and_an_expression_can_not_is_an_error(self, use: Callable[[Any], Any]) -> None:
        @compiled_query_for_text
        def found(text: str) -> QuerySet[Any, Any]:
            return Petition.objects.filter(number=use(text)).values_list("pk")

        with pytest.raises(TypeError):
            found("LX2026000001")


class TestArguments:
    """What isn't a bind parameter is part of the key, with its type."""

    @pytest.fixture(autouse=True)
    def cases(self, database: str) -> None:
        make_department()
        for size in (1, 2):
            register(DAY, group_size=size)

    def test_nothing_is_another_query_than_something(self) -> None:
        @compiled_query
        def of_unit(unit: int | None) -> QuerySet[Any, Any]:
            return Petition.objects.filter(handling_unit=unit).order_by("pk").values_list("number")

        assert len(same(of_unit, None)) == 2
        assert same(of_unit, Unit.objects.get(code="funds").pk) == []
        assert len(same(of_unit, None)) == 2

    def test_equal_is_not_the_same(self) -> None:
        @compiled_query
        def shown(value: Any) -> QuerySet[Any, Any]:
            return Petition.objects.order_by("pk").values_list("pk").filter(group_size=1 if value is True else 2)

        assert same(shown, True) != same(shown, 1)
        assert same(shown, 1) == same(shown, 1.0)

    def test_days_words_and_roles(self) -> None:
        @compiled_query
        def found(day: date, state: State, role: Role | None) -> QuerySet[Any, Any]:
            rows = Petition.objects.filter(received_on=day, state=state, registered_at__date__gte=day)
            return (rows.filter(tasks__role=role.value) if role else rows).order_by("pk").values_list("received_on")

        for given in product(DAYS, (State.REGISTERED, State.CLOSED), (None, Role.OFFICE, Role.LEADER)):
            same(found, *given)
        assert len(found(DAY, State.REGISTERED, None)) == 2

    def test_nothing_can_be_found(self, django_assert_num_queries: Any) -> None:
        @compiled_query_for_text
        def none(number: str, states: tuple[str, ...]) -> QuerySet[Any, Any]:
            return Petition.objects.filter(number=number, state__in=states).values_list("number")

        with django_assert_num_queries(0):
            assert none("LX2026000001", ()) == []
        same(none, "LX2026000001", ())
        assert same(none, "LX2026000001", (State.REGISTERED.value,)) == [("LX2026000001",)]

    def test_columns_are_what_python_has(self) -> None:
        @compiled_query
        def columns() -> QuerySet[Any, Any]:
            rows = Petition.objects.order_by("pk").values_list("anonymous", "received_on", "registered_at", "category")
            return rows.annotate(twice=F("group_size") * 2, events_there=Count("events"))

        assert [type(v).__name__ for v in same(columns)[0]] == ["bool", "date", "datetime", "NoneType", "int", "int"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Unit.objects.all(),
        lambda: Unit.objects.values("pk"),
        lambda: Unit.objects.values_list("pk", flat=True),
        lambda: Unit.objects.values_list("pk", named=True),
        lambda: Unit.objects.using("elsewhere").values_list("pk"),
        lambda: Unit.objects.select_for_update().values_list("pk"),
        lambda: Unit.objects.filter(pk__in=list(Staff.objects.values_list("pk", flat=True))).values_list("pk"),
        lambda: list(Unit.objects.values_list("pk")),
    ],
    ids=["rows", "dictionaries", "flat", "named", "elsewhere", "locks", "asks", "answered"],
)
def test_what_kept_sql_can_not_answer_is_refused(db: None, make: Callable[[], Any]) -> None:
    @compiled_query
    def query() -> QuerySet[Any, Any]:
        return make()  # type: ignore[no-any-return]

    with pytest.raises(CannotCompile):
        query()


def test_turned_off_nothing_is_compiled(db: None, settings: Any, django_assert_num_queries: Any) -> None:
    settings.FAST_PATHS = False
    make_department()
    duties = COMPILED_QUERIES["xinfang.accounts.queries.actors._duties_for"]
    head = Staff.objects.get(username="head")
    with django_assert_num_queries(1):
        assert [role for role, *_ in duties(head.pk, DAY)] == ["unit_head"]
    assert duties._kept.cache_info().currsize == 0
