"""Prepared inserts write what Django writes, for every table they are used for.

What they would write otherwise they refuse.
"""

import ast
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Now
from django.test.utils import isolate_apps

import xinfang
from tests.world import make_department, register, walk
from xinfang.accounts.models import Staff, Unit
from xinfang.cases.models import (
    CaseVisibility,
    Deadline,
    Event,
    EventText,
    Petition,
    Petitioner,
    Request,
    RequiredPaper,
    Task,
)
from xinfang.core import prepared_inserts
from xinfang.core.prepared_inserts import CannotInsert, PreparedInsert, insert_many, insert_one
from xinfang.exchange.models import Outgoing
from xinfang.notifications.models import Notification
from xinfang.supervision.models import SupervisionGroundRow

TABLES = [
    Deadline,
    Event,
    EventText,
    SupervisionGroundRow,
    Notification,
    Outgoing,
    RequiredPaper,
    Petition,
    Petitioner,
    Request,
    CaseVisibility,
    Task,
]
DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 4, 5, 6, 789, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fast(settings: Any) -> None:
    settings.FAST_PATHS = True


INSERTS = {"insert_many", "insert_one", "PreparedInsert"}


def test_every_table_that_rows_are_inserted_into_is_compared_here() -> None:
    used = set()
    for file in Path(xinfang.__path__[0]).rglob("*.py"):
        tree = ast.parse(file.read_text())
        own = {
            name.asname or name.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[-1] == "prepared_inserts"
            for name in node.names
        }
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id in own & INSERTS:
                assert isinstance(call.args[0], ast.Name), f"{file}: name the table, or this test can't know it"
                used.add(call.args[0].id)
    # `insert_one` is given a row.
    assert {name[0].upper() + name[1:] for name in used} == {model.__name__ for model in TABLES}


def value_for(field: Any, turn: int) -> Any:
    """Something that a column of this kind can hold, another one each turn."""
    if isinstance(field, models.ForeignKey):
        return None if field.null and turn == 2 else 10**6 + turn
    if field.choices:
        return list(field.flatchoices)[turn % len(field.flatchoices)][0]
    kinds: dict[type[Any], Any] = {
        models.BooleanField: turn % 2 == 1,
        models.IntegerField: turn + 1,
        models.DateTimeField: NOW + timedelta(hours=turn),
        models.DateField: DAY + timedelta(days=turn),
        models.JSONField: [{"诉求": ["一", "'", None, {"n": 1.5}]}, [], None if field.null else "三"][turn],
        models.BinaryField: [b"\x00\xff'%s", b"", None if field.null else b"x"][turn],
        models.CharField: ["乌兰察布'%s\\", "", None if field.null else "二"][turn],
        models.TextField: ["第一行\n第二行\t'\"%", "", "三"][turn],
    }
    return next(value for kind, value in kinds.items() if isinstance(field, kind))


def rows_of(model: type[models.Model]) -> list[models.Model]:
    """Rows with every column given, and one with as little as the table's defaults allow."""
    fields = [f for f in model._meta.concrete_fields if not f.primary_key]
    full = [model(**{f.attname: _once(f, value_for(f, turn), turn) for f in fields}) for turn in range(3)]
    needed = [f for f in fields if not f.has_default() and not f.null]
    return [*full, model(**{f.attname: _once(f, value_for(f, 0), 3) for f in needed})]


def _once(field: Any, value: Any, turn: int) -> Any:
    """The same, where it may be there only once."""
    unique = field.unique or any(field.name in c.fields for c in field.model._meta.total_unique_constraints)
    if not unique or value is None or field.many_to_one or field.choices:
        return value
    return value + turn * 100 if isinstance(value, int) else f"{value}{turn}"


def stored(model: type[models.Model], write: Callable[[], Any]) -> list[tuple[Any, ...]]:
    """What the database holds after writing, as it holds it and without the primary keys. Nothing stays."""
    names = ", ".join(connection.ops.quote_name(f.column) for f in model._meta.concrete_fields if not f.primary_key)
    with transaction.atomic(), connection.cursor() as cursor:
        write()
        cursor.execute(f"SELECT {names} FROM {model._meta.db_table} ORDER BY id")
        found = [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()]
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("model", TABLES, ids=lambda m: m.__name__)
def test_it_writes_what_bulk_create_writes(database: str, model: type[models.Model]) -> None:
    expected = stored(model, lambda: model._base_manager.bulk_create(rows_of(model)))
    assert len(expected) == 4 and len({repr(row) for row in expected}) >= 3
    assert stored(model, lambda: insert_many(model, rows_of(model))) == expected
    assert stored(model, lambda: insert_many(model, rows_of(model), unless_there=True)) == expected
    assert stored(model, lambda: [insert_many(model, [row]) for row in rows_of(model)]) == expected
    assert stored(model, lambda: [insert_one(row) for row in rows_of(model)]) == expected
    assert stored(model, lambda: PreparedInsert(model, rows_of(model)).insert()) == expected
    assert stored(model, lambda: [PreparedInsert(model, [row]).insert_one() for row in rows_of(model)]) == expected


@pytest.mark.parametrize("model", [Event, Petition, Task], ids=lambda m: m.__name__)
def test_a_field_that_is_put_in_later_is_written_as_if_it_had_been_there(database: str, model: Any) -> None:
    later = {
        Event: {"petition": 77, "hash": "h", "data": {"二": 2}, "recorded_at": NOW},
        Petition: {"number": "LX1", "head": "h", "category": None, "wrapped_key": b"\x00k", "received_on": DAY},
        Task: {"petition": 77, "staff": None},
    }[model]

    def whole() -> models.Model:
        row = rows_of(model)[0]
        for name, value in later.items():
            setattr(row, model._meta.get_field(name).attname, value)
        return row

    expected = stored(model, lambda: model._base_manager.bulk_create([whole()]))
    blank = rows_of(model)[1:2]
    same = {f.attname for f in model._meta.concrete_fields} - {model._meta.get_field(n).attname for n in later}
    for name in same - {"id"}:
        setattr(blank[0], name, getattr(whole(), name))
    assert stored(model, lambda: PreparedInsert(model, blank, *later).insert(**later)) == expected
    assert stored(model, lambda: PreparedInsert(model, blank, *later).insert_one(**later)) == expected


def test_a_whole_walk_writes_the_same_with_the_switch_on_and_off(database: str, settings: Any) -> None:
    """As the steps use it: what differs from run to run (keys and what is encrypted under them) is left out."""
    drawn = {
        "inquiry_mark",
        "inquiry_sealed",
        "wrapped_key",
        "text_digest",
        "hash",
        "head",
        "head_mac",
        "phone",
        "address",
        "id_number",
        "key",
        "about",
    }

    def everything() -> dict[str, Any]:
        with transaction.atomic():
            make_department()
            first = Petition.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            walk(register(DAY), "archived", DAY)
            found = {
                model.__name__: [
                    {
                        f.name: value if not f.is_relation else value is not None
                        for f in model._meta.concrete_fields
                        if not f.primary_key
                        and not f.name.endswith("_sealed")
                        and f.name not in drawn | ({"sealed"} if model is EventText else set())
                        for value in [getattr(row, f.attname)]
                    }
                    for row in model._base_manager.order_by("pk")
                ]
                for model in TABLES
            }
            assert first == 0
            transaction.set_rollback(True)
        return found

    on = everything()
    settings.FAST_PATHS = False
    off = everything()
    assert on == off
    assert len(on["Event"]) > 15


class TestOneRow:
    def test_it_knows_its_key_and_that_it_is_there(self, database: str) -> None:
        make_department()
        case = Petition.objects.get(number=register(DAY))
        task = Task(petition=case, step="x", words="x", role="office", due=DAY)
        insert_one(task)
        assert task.pk == Task.objects.get(step="x").pk
        assert (task._state.adding, task._state.db) == (False, "default")
        task.words = "y"
        task.save()
        assert Task.objects.get(step="x").words == "y"
        made = PreparedInsert(Task, [Task(step="later", words="x", role="office", due=DAY)], "petition")
        assert made.insert_one(petition=case.pk) == Task.objects.get(step="later").pk

    def test_a_row_that_is_there_already_is_refused(self, db: None) -> None:
        stored_once = Notification()
        stored_once._state.adding = False
        for row in (Notification(pk=5), stored_once):
            with pytest.raises(CannotInsert, match="there already"):
                insert_one(row)

    def test_what_is_named_has_to_be_saved(self, database: str) -> None:
        unit = Unit(code="new", name="新处", kind="division")
        row = CaseVisibility(unit=unit, petition_id=0, why=CaseVisibility.Why.RECUSED)
        for write in (
            lambda: insert_many(CaseVisibility, [row]),
            lambda: insert_one(row),
            lambda: PreparedInsert(CaseVisibility, [row]),
        ):
            with pytest.raises(CannotInsert, match="isn't saved"):
                write()
        PreparedInsert(CaseVisibility, [row], "unit")
        unit.save()
        assert stored(CaseVisibility, lambda: insert_many(CaseVisibility, [row]))[0].count(unit.pk) == 1

    @pytest.mark.parametrize("made", [Now(), Value("x"), F("kind")])
    def test_what_the_database_makes_is_refused(self, db: None, made: Any) -> None:
        with pytest.raises(CannotInsert, match="expression"):
            insert_many(Notification, [Notification(kind=made)])


class TestSeveral:
    @pytest.fixture
    def committing(self, transactional_db: None) -> None:
        """Nothing around the insert."""

    @pytest.mark.usefixtures("committing")
    def test_all_of_them_or_none(self) -> None:
        staff = Staff.objects.create(username="x", name="x").pk
        notices = [Notification(staff_id=staff, kind="x", text=str(n), created_at=NOW, once="same") for n in range(2)]
        with pytest.raises(IntegrityError):
            insert_many(Notification, notices)
        assert not Notification.objects.exists()

    def test_what_is_there_already_is_left_out(self, database: str) -> None:
        staff = Staff.objects.create(username="x", name="x").pk

        def notices(*once: str | None) -> list[Notification]:
            return [Notification(staff_id=staff, kind="x", text="x", created_at=NOW, once=o) for o in once]

        insert_many(Notification, notices("a", None), unless_there=True)
        insert_many(Notification, notices("b", "a", "a", None), unless_there=True)
        assert sorted(Notification.objects.values_list("once", flat=True), key=str) == [None, None, "a", "b"]
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_many(Notification, notices("c", "a"))

    def test_none_asks_nothing(self, db: None, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            insert_many(Notification, [])
            PreparedInsert(Notification, []).insert()


class TestWaiting:
    def test_all_that_is_waited_for_and_nothing_else(self, db: None) -> None:
        with pytest.raises(CannotInsert, match="has no"):
            PreparedInsert(Task, [], "petitions")
        for given in ({}, {"petition": 1, "unit": 1}, {"unit": 1}):
            with pytest.raises(CannotInsert, match="waits for petition"):
                PreparedInsert(Task, rows_of(Task), "petition").insert(**given)

    def test_once(self, db: None) -> None:
        waiting = PreparedInsert(Task, rows_of(Task), "petition")
        with transaction.atomic():
            waiting.insert(petition=1)
            with pytest.raises(CannotInsert, match="already"):
                waiting.insert(petition=1)
            transaction.set_rollback(True)

    def test_one_is_one(self, db: None) -> None:
        with pytest.raises(ValueError, match="unpack"):
            PreparedInsert(Task, rows_of(Task)).insert_one()


@pytest.fixture
def a_table() -> Iterator[Callable[[type[models.Model]], None]]:
    """Makes the table of a model that is only there for a test."""

    def make(model: type[models.Model]) -> None:
        editor = connection.schema_editor()
        editor.deferred_sql = []
        with connection.cursor() as cursor:
            cursor.execute(*editor.table_sql(model))

    yield make
    prepared_inserts._statement.cache_clear()


@isolate_apps()
def test_every_kind_of_field(database: str, a_table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Upper(models.CharField):  # type: ignore[type-arg]
        """A field of our own: another form in the database, and something done before saving."""

        def pre_save(self, model_instance: models.Model, add: bool) -> Any:
            return f"{super().pre_save(model_instance, add)}{'+' if add else '-'}"

        def get_prep_value(self, value: Any) -> Any:
            return value and value.upper()

    class Everything(models.Model):
        text = Upper(max_length=20, default="abc")
        column = models.CharField(max_length=20, db_column="select", default=lambda: "called")
        flag = models.BooleanField(null=True)
        amount = models.DecimalField(max_digits=12, decimal_places=3, default=Decimal("1.5"))
        ratio = models.FloatField(default=0.1)
        key = models.UUIDField(default=uuid.uuid4)
        at = models.TimeField(default=time(8, 30))
        length = models.DurationField(default=timedelta(days=1, seconds=3))
        address = models.GenericIPAddressField(default="2001:DB8::1")
        data = models.JSONField(default=dict)
        small = models.PositiveSmallIntegerField(default=3)
        big = models.BigIntegerField(default=-(2**62))
        blob = models.BinaryField(default=b"\x00")
        made_at = models.DateTimeField(auto_now_add=True)
        changed_at = models.DateTimeField(auto_now=True)
        made_on = models.DateField(auto_now_add=True)
        parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT)

        class Meta:
            app_label = "core_tests"

    a_table(Everything)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    fixed = uuid.UUID(int=7)

    def all_of_them() -> list[models.Model]:
        return [
            Everything(key=fixed),
            Everything(key=fixed, flag=True, amount=Decimal("-12345678.123"), data=["一", None], text="é", parent_id=1),
            Everything(key=fixed, data=False, at=time(23, 59, 59, 999999), length=-timedelta(microseconds=1)),
        ]

    expected = stored(Everything, lambda: Everything._base_manager.bulk_create(all_of_them()))
    assert [row[0] for row in expected] == ["ABC+", "É+", "ABC+"]
    assert stored(Everything, lambda: insert_many(Everything, all_of_them())) == expected
    assert stored(Everything, lambda: [insert_one(row) for row in all_of_them()]) == expected
    assert stored(Everything, lambda: PreparedInsert(Everything, all_of_them()).insert()) == expected


@isolate_apps()
def test_what_it_can_not_write_is_refused_at_first_use(db: None) -> None:
    def with_field(name: str, field: Any, **more: Any) -> type[models.Model]:
        meta = type("Meta", (), {"app_label": "core_tests"})
        return type(name, (models.Model,), {"field": field, "Meta": meta, "__module__": __name__, **more})

    class Placed(models.CharField):  # type: ignore[type-arg]
        def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
            return "upper(%s)"

    class Returned(models.IntegerField):  # type: ignore[type-arg]
        db_returning = True

    parent = with_field("Parent", models.IntegerField())
    child = type("Child", (parent,), {"Meta": type("Meta", (), {"app_label": "core_tests"}), "__module__": __name__})
    proxy_meta = type("Meta", (), {"app_label": "core_tests", "proxy": True})
    proxy = type("Proxy", (parent,), {"Meta": proxy_meta, "__module__": __name__})
    double = models.GeneratedField(expression=F("field") * 2, output_field=models.IntegerField(), db_persist=True)
    refused = {
        with_field("ByDatabase", models.IntegerField(db_default=3)): "default of the database",
        with_field("Generated", models.IntegerField(), double=double): "made by the database",
        with_field("Placing", Placed(max_length=3)): "placeholder",
        with_field("Arrays", ArrayField(models.IntegerField())): "placeholder",
        with_field("Returning", Returned()): "made by the database",
        with_field("OwnKey", models.CharField(max_length=5, primary_key=True)): "primary key",
        child: "table of its own",
        proxy: "table of its own",
    }
    for model, why in refused.items():
        for write in (
            lambda m=model: insert_many(m, [m()]),
            lambda m=model: insert_one(m()),
            lambda m=model: PreparedInsert(m, []),
        ):
            with pytest.raises(CannotInsert, match=why):
                write()


@isolate_apps()
def test_a_row_that_does_more_when_it_is_saved_is_refused(db: None) -> None:
    class Saving(models.Model):
        class Meta:
            app_label = "core_tests"

        def save(self, *args: Any, **kwargs: Any) -> None:
            raise AssertionError

    with pytest.raises(CannotInsert, match="does more"):
        insert_one(Saving())


@pytest.mark.parametrize("signal", [models.signals.pre_save, models.signals.post_save])
def test_somebody_who_listens_would_hear_nothing(db: None, signal: Any) -> None:
    def hear(**_: Any) -> None:
        """Never called."""

    insert_many(Notification, [])
    signal.connect(hear, sender=Notification)
    try:
        for write in (
            lambda: insert_many(Notification, [Notification()]),
            lambda: insert_one(Notification()),
            lambda: PreparedInsert(Notification, [Notification()]),
        ):
            with pytest.raises(CannotInsert, match="signal"):
                write()
    finally:
        signal.disconnect(hear, sender=Notification)


def test_turned_off_django_inserts(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FAST_PATHS = False
    monkeypatch.setattr(prepared_inserts, "_insert_all", None)
    monkeypatch.setattr(prepared_inserts, "_returned", None)
    staff = Staff.objects.create(username="x", name="x").pk

    def notice(**more: Any) -> Notification:
        return Notification(**{"staff_id": staff, "kind": "x", "text": "x", "created_at": NOW, "once": "a", **more})

    insert_many(Notification, [notice()])
    insert_many(Notification, [notice(text="y")], unless_there=True)
    insert_one(notice(once=None))
    PreparedInsert(Notification, [notice(once=None)], "staff", "text").insert(staff=staff, text="z")
    key = PreparedInsert(Notification, [notice(once=None)], "text").insert_one(text="w")
    assert list(Notification.objects.order_by("pk").values_list("text", flat=True)) == ["x", "x", "z", "w"]
    assert Notification.objects.get(pk=key).text == "w"
