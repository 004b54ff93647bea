"""Units, people and duties out of one sheet, for a new installation: all of it or nothing.

It is brought in at the server, and duties only while the first administrators haven't signed in (`server_console`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from xinfang.accounts.models import Duty, Staff, Unit
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.core.clock import today
from xinfang.core.table_files import TableLayout, TableRow, UnreadableWorkbook, read_table
from xinfang.core.table_rows import ImportAccount, first_sentences, import_account, no_rows_message
from xinfang.procedure.words import STAFF_ROLES

from . import people, server_console

STAFF_COLUMNS = {
    "unit_code": ("单位代码",),
    "unit": ("单位", "单位名称"),
    "kind": ("单位类型",),
    "leader": ("分管领导",),
    "username": ("用户名",),
    "name": ("姓名",),
    "title": ("职务",),
    "email": ("邮箱", "电子邮箱"),
    "duties": ("职责",),
}
_KINDS = {label: value for value, label in Unit.Kind.choices}
_ROLES = {role.label: role for role in STAFF_ROLES} | {role.value: role for role in STAFF_ROLES}


@dataclass
class StaffSheetReport:
    """How many of each are new, and how many duties people held already."""

    units: int = 0
    people: int = 0
    duties: int = 0
    already: int = 0
    account: ImportAccount | None = None


@transaction.atomic
def import_staff(source: Path | bytes, *, sheets: Sequence[str] = ()) -> StaffSheetReport:
    """Add the units, people and duties of a sheet. What is there already as it says stays as it is.

    A row names a unit, a person or both; the leader in charge of a unit is named by user name or name, on any row of
    the unit. Several duties of a person stand in one cell with 、 between them, or on several rows.

    Raises:
        AdminChangeRefused: something is wrong or contradicts what is there; with every row, and nothing is changed.
    """
    try:
        table = read_table(source, STAFF_COLUMNS, TableLayout(("unit_code",)), sheets=sheets)
    except UnreadableWorkbook as e:
        raise AdminChangeRefused(str(e)) from None
    if not table.rows:
        raise AdminChangeRefused(no_rows_message(table, "单位或人员"))
    done, wrong = StaffSheetReport(), list[str]()
    for take in (_unit, _person, _duties, _leader):
        for row in table.rows:
            with _told(row, wrong), transaction.atomic():
                take(row, done)
        if wrong:
            # Later steps would only repeat what is wrong here.
            raise AdminChangeRefused(*first_sentences(wrong))
    done.account = import_account(table, ("采用", len(table.rows)))
    return done


@contextmanager
def _told(row: TableRow, wrong: list[str]) -> Iterator[None]:
    try:
        yield
    except AdminChangeRefused as e:
        wrong += [f"{row.place}：{sentence}" for sentence in e.sentences]
    except ValueError as e:
        wrong.append(f"{row.place}：{e}")


def _unit(row: TableRow, done: StaffSheetReport) -> None:
    code, name, kind = row.text("unit_code"), row.text("unit"), row.text("kind")
    there = Unit.objects.filter(code=code).first()
    if there is None:
        people.add_unit(code=code, name=name, kind=_KINDS.get(kind, kind), by=None)
        done.units += 1
    elif (name and name != there.name) or (kind and _KINDS.get(kind, kind) != there.kind):
        raise AdminChangeRefused(f"代码“{code}”已是“{there.name}”（{there.get_kind_display()}），与此行不同。")


def _person(row: TableRow, done: StaffSheetReport) -> None:
    username, name = row.text("username"), row.text("name")
    if not username and not name:
        if row.text("duties"):
            raise AdminChangeRefused("写了职责，没有写用户名和姓名。")
        return
    there = Staff.objects.filter(username__iexact=username).first()
    if there is None:
        people.add_staff(username=username, name=name, title=row.text("title"), email=row.text("email"), by=None)
        done.people += 1
    elif name and name != there.name:
        raise AdminChangeRefused(f"用户名“{username}”已是{there.name}，与此行的姓名不同。")


def _duties(row: TableRow, done: StaffSheetReport) -> None:
    words = [word for word in row.text("duties").replace("，", "、").replace(",", "、").split("、") if word.strip()]
    for word in (w.strip() for w in words):
        role = _ROLES.get(word)
        if role is None:
            raise AdminChangeRefused(f"没有名为“{word}”的职责，可写：{'、'.join(r.label for r in STAFF_ROLES)}。")
        staff = Staff.objects.get(username__iexact=row.text("username"))
        unit = Unit.objects.get(code=row.text("unit_code")) if role in people.IN_A_UNIT else None
        if Duty.objects.on(today()).filter(staff=staff, role=role.value, unit=unit).exists():
            done.already += 1
            continue
        server_console.add_duty(staff, role=role.value, unit=unit, since=None, until=None)
        done.duties += 1


def _leader(row: TableRow, done: StaffSheetReport) -> None:
    named = row.text("leader")
    if not named:
        return
    found = Staff.objects.filter(username__iexact=named) or Staff.objects.filter(name=named)
    if len(found) != 1:
        raise AdminChangeRefused(f"分管领导“{named}”{'不止一人' if found else '不在表中'}，请写用户名。")
    unit = Unit.objects.get(code=row.text("unit_code"))
    if unit.leader_id != found[0].pk:
        people.change_unit(unit, by=None, leader=found[0])
