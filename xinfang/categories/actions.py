"""Content categories in three levels: a starter set, and workbooks that add to it or rename. Nothing is deleted."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from django.db import transaction

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.core.table_files import TableLayout, TableRow, UnreadableWorkbook, read_table
from xinfang.core.table_rows import ImportAccount, first_sentences, import_account, no_rows_message
from xinfang.procedure.step_schema import clean_text
from xinfang.procedure.words import Role

from .models import Category

__all__ = ["AdminChangeRefused", "CategoryImportReport", "add_starter_categories", "import_categories"]

CATEGORY_COLUMNS = {
    "first": ("一级分类", "一级"),
    "second": ("二级分类", "二级"),
    "third": ("三级分类", "三级"),
    "code": ("代码", "编码"),
}
LEVELS = ("first", "second", "third")


@dataclass(frozen=True)
class CategoryImportReport:
    """How many categories a file names, how many of them are new, taken up again or were there already."""

    rows: int
    added: int
    revived: int
    already: int
    account: ImportAccount


@transaction.atomic
def import_categories(source: Path | bytes, *, by: Staff | None, sheets: Sequence[str] = ()) -> CategoryImportReport:
    """Add the categories of a workbook (columns 一级分类 二级分类 三级分类); codes follow the order of the file.

    A category that is there by the same names stays as it is.

    Raises:
        AdminChangeRefused: this person may not, or something can't be read; with every problem, and nothing changed.
    """
    if by is not None and not actor_of(by).has(Role.SYSTEM_ADMINISTRATOR, Role.OFFICE_HEAD, Role.OFFICE):
        raise AdminChangeRefused("内容分类由办公室或系统管理员维护，您目前没有这项职责。")
    try:
        table = read_table(source, CATEGORY_COLUMNS, TableLayout(("first",)), sheets=sheets)
    except UnreadableWorkbook as e:
        raise AdminChangeRefused(str(e)) from None
    if not table.rows:
        raise AdminChangeRefused(no_rows_message(table, "分类"))
    paths = _paths(table.rows)
    tree = _Tree()
    for path in paths:
        tree.add(path)
    account = import_account(table, ("采用", len(table.rows)))
    done = CategoryImportReport(account.rows, tree.added, tree.revived, tree.already, account)
    audit_log.record(by, "导入内容分类", f"{len(paths)} 类", added=tree.added, revived=tree.revived)
    return done


def _paths(rows: list[TableRow]) -> list[tuple[str, ...]]:
    """Return the names from the first level down.

    An empty cell under a filled one (merged, or left out) means the same again.

    Raises:
        AdminChangeRefused: a row is wrong; with every problem.
    """
    found: dict[tuple[str, ...], None] = {}
    wrong: list[str] = []
    last: list[str] = []
    sheet = ""
    for row in rows:
        if row.head.sheet != sheet:
            # What is above on another sheet is no merged cell of this one.
            sheet, last = row.head.sheet, []
        try:
            names = [clean_text(row.text(level), CATEGORY_COLUMNS[level][0], 60, lines=False) for level in LEVELS]
        except ValueError as e:
            wrong.append(f"{row.place}：{e}")
            continue
        deepest = max((i for i, n in enumerate(names) if n), default=-1)
        for i in range(deepest):
            if not names[i]:
                names[i] = last[i] if i < len(last) and all(names[j] == last[j] for j in range(i)) else ""
        if deepest < 0 or not all(names[: deepest + 1]):
            wrong.append(f"{row.place}：没有填写上一级分类。")
            continue
        last = names
        found[tuple(names[: deepest + 1])] = None
    if wrong:
        raise AdminChangeRefused(*first_sentences(wrong))
    return list(found)


class _Tree:
    """The categories that exist, by name under their parent, and the next free code of each."""

    def __init__(self) -> None:
        self.added = self.revived = self.already = 0
        rows = list(Category.objects.all())
        self._by_name = {(c.parent_id, c.name): c for c in rows}
        self._last: dict[int | None, int] = {}
        for c in rows:
            self._last[c.parent_id] = max(self._last.get(c.parent_id, 0), int(c.code[-2:]))
        self._counted: set[int] = set()

    def add(self, path: tuple[str, ...]) -> None:
        parent: Category | None = None
        for level, name in enumerate(path, 1):
            parent = self._one(parent, name, level)

    def _one(self, parent: Category | None, name: str, level: int) -> Category:
        under = parent.pk if parent else None
        known = self._by_name.get((under, name))
        if known is None:
            place = self._last.get(under, 0) + 1
            if place > 99:
                raise AdminChangeRefused(f"“{parent.name if parent else '一级分类'}”下超过 99 类，请合并一些。")
            self._last[under] = place
            known = Category.objects.create(
                code=f"{parent.code if parent else ''}{place:02d}", name=name, level=level, parent=parent
            )
            self._by_name[(under, name)] = known
            self.added += 1
        elif known.pk not in self._counted:
            if known.active:
                self.already += 1
            else:
                known.active = True
                known.save(update_fields=["active"])
                self.revived += 1
        self._counted.add(known.pk)
        return known


@transaction.atomic
def add_starter_categories() -> int:
    """Add the starter set, into an empty table only, as the office may have changed it since; return how many."""
    if Category.objects.exists():
        return 0
    text = files("xinfang.categories").joinpath("data/categories.toml").read_text(encoding="utf-8")
    made: dict[str, Category] = {}
    for entry in tomllib.loads(text)["categories"]:
        code = entry["code"]
        made[code] = Category.objects.create(
            code=code, name=entry["name"], level=len(code) // 2, parent=made.get(code[:-2])
        )
    return len(made)
