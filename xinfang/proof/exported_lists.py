"""The auditor's logs as lists that can be exported."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from xinfang.cases.queries.logs import access_log_entries, events_of_all_cases
from xinfang.procedure.facts import Actor
from xinfang.procedure.words import Role
from xinfang.proof.log_filters import LogFilter, read_log_filter
from xinfang.proof.log_rows import ACCESS_KINDS, access_log_row, step_log_row
from xinfang.registers.columns import Cell
from xinfang.registers.exported_lists import ExportedList, PlainColumn

if TYPE_CHECKING:
    from django.db.models import QuerySet

_NAMES = ("number", "since", "until", "what", "who")
_BATCH = 500
NOTE = "不含来件内容和信访人信息"
_STEP_COLUMNS = (
    PlainColumn("when", "记录时间", 20),
    PlainColumn("late", "发生日期", 16),
    PlainColumn("number", "编号", 15),
    PlainColumn("step", "步骤", 24),
    PlainColumn("stage", "环节", 20),
    PlainColumn("who", "人员", 12),
    PlainColumn("acting_for", "代行", 12),
    PlainColumn("entered_by", "录入人", 12),
    PlainColumn("role", "身份", 20),
)
_ACCESS_COLUMNS = (
    PlainColumn("when", "时间", 20),
    PlainColumn("number", "编号", 15),
    PlainColumn("what", "方式", 16),
    PlainColumn("fields", "查看的信息", 18),
    PlainColumn("who", "查看人", 12),
    PlainColumn("reason", "理由", 40),
)


def _steps(read: LogFilter) -> "QuerySet[Any]":
    person = read.person.pk if read.person else None
    return events_of_all_cases(petition=read.petition, since=read.since, until=read.until, person=person)


def _looks(read: LogFilter) -> "QuerySet[Any]":
    person = read.person.pk if read.person else None
    return access_log_entries(petition=read.petition, since=read.since, until=read.until, person=person, what=read.what)


def _log(
    code: str,
    label: str,
    columns: tuple[PlainColumn, ...],
    narrowed: Callable[[LogFilter], "QuerySet[Any]"],
    row_of: Callable[[Any], Mapping[str, Any]],
    kinds: Mapping[str, str],
) -> ExportedList:
    """Return a log as a list: newest first, and all of it is the auditor's to see."""

    def read(criteria: Mapping[str, str]) -> LogFilter:
        return read_log_filter(criteria, [], kinds)

    def keys(_: Actor, criteria: Mapping[str, str], day: date, most: int) -> list[int]:
        return list(narrowed(read(criteria)).order_by("-id").values_list("pk", flat=True)[:most])

    def seen(actor: Actor, wanted: Sequence[int], personal: bool) -> set[int]:
        return set(wanted) if actor.has(Role.AUDITOR) and not personal else set()

    def rows(
        _: Actor, wanted: Sequence[int], codes: Sequence[str], day: date, personal: bool
    ) -> Iterator[tuple[int, list[Cell]]]:
        chosen = [c.code for c in columns if c.code in codes]
        everything = narrowed(read({}))
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            found = everything.in_bulk(batch)
            for key in batch:
                if key in found:
                    row = row_of(found[key])
                    yield key, [row[code] for code in chosen]

    def words(criteria: Mapping[str, str], day: date) -> list[str]:
        asked = read(criteria)
        return [*asked.words, *([f"方式：{kinds[asked.what]}"] if asked.what else [])]

    return ExportedList(code, label, (Role.AUDITOR,), columns, _NAMES, keys, seen, rows, words, NOTE)


LISTS = (
    _log("steps", "办理记录", _STEP_COLUMNS, _steps, step_log_row, {}),
    _log("looks", "查看记录", _ACCESS_COLUMNS, _looks, access_log_row, ACCESS_KINDS),
)
