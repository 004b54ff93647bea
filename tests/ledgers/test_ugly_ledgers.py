"""Ten ugly ledgers, and those of the findings: every row is taken, refused with its reason, or left out and named."""

from datetime import date
from pathlib import Path

import pytest

from tests.ledgers.ugly import UGLY, years_in_sheets_one_hidden
from tests.world import noon
from xinfang.cases.models import Event, Petition
from xinfang.core.table_files import UnreadableWorkbook
from xinfang.ledgers.actions.bringing_in import LedgerAccount, LedgerChoice, LedgerRun
from xinfang.ledgers.entries import headings_of
from xinfang.ledgers.fields import guess_columns
from xinfang.ledgers.reading import read_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
NOW = noon(date(2026, 11, 20))
INPUTS = Path(__file__).parents[3] / "shared" / "data" / "inputs"


def account_of(content: bytes, *, dry_run: bool, channel: str = "letter") -> LedgerAccount:
    """What becomes of a ledger if the guess is left as it is and all visible sheets with a header are chosen."""
    sheets = read_ledger(content)
    chosen = [s for s in sheets if s.header and not s.hidden]
    choice = LedgerChoice(tuple(s.title for s in chosen), guess_columns(headings_of(chosen)), channel)
    return LedgerRun(choice, "台账.xlsx", "0" * 64, None, NOW, 1, dry_run).over(sheets)


@pytest.mark.parametrize("name", UGLY)
def test_every_row_of_an_ugly_ledger_is_accounted_for_and_the_import_does_what_the_dry_run_said(name: str) -> None:
    make, expected = UGLY[name]
    content = make()
    tried = account_of(content, dry_run=True)
    told = "\n".join([str(tried), *map(str, tried.refusals), *tried.notes])
    assert (tried.taken, tried.refused, tried.left) == expected, told
    assert not Petition.objects.exists()
    assert account_of(content, dry_run=False) == tried
    assert Petition.objects.count() == tried.taken
    again = account_of(content, dry_run=False)
    assert (again.taken, again.already, again.refusals) == (0, tried.taken, tried.refusals)
    assert Petition.objects.count() == Event.objects.count() == tried.taken
    print(f"{name}: {tried}")


def test_reasons_name_sheet_row_and_cell_as_excel_shows_them() -> None:
    said = {name: "\n".join(map(str, account_of(UGLY[name][0](), dry_run=True).refusals)) for name in UGLY}
    assert "“台账”第 2 行：“身份证号”（E2）超过 15 位" in said["spoilt"]
    assert "“身份证号”（E3）“1.50102E+17”是科学计数法" in said["spoilt"] and "校验位不符" in said["spoilt"]
    assert "“联系电话”（D6）“1384710000”有 10 位数字" in said["spoilt"]
    assert "“台账”第 3 行：表中写明还在办理" in said["states"] and "飞鸽传书" in said["states"]
    assert "编号与“台账”" not in said["states"], "no row that could be read has its number"
    assert "没有记载办理结果" in said["states"]
    assert "#N/A" in said["formulas"] and "早于收到日期" in said["formulas"] and "在今天之后" in said["formulas"]


def test_hidden_sheets_are_named_and_never_read_unasked() -> None:
    content = years_in_sheets_one_hidden()
    assert "工作表“作废” 2 行（隐藏的工作表，没有选择）" in str(account_of(content, dry_run=False))
    assert not Petition.objects.filter(external_number="信900").exists()
    sheets = read_ledger(content)
    choice = LedgerChoice(("作废",), guess_columns(headings_of(sheets)))
    assert LedgerRun(choice, "台账.xlsx", "0" * 64, None, NOW, 2).over(sheets).taken == 1


def test_matters_are_numbered_in_the_order_of_their_days_over_all_sheets() -> None:
    account_of(UGLY["days"][0](), dry_run=False)
    account_of(years_in_sheets_one_hidden(), dry_run=False)
    in_order = list(
        Petition.objects.filter(number__startswith="LX2022").order_by("number").values_list("received_on", flat=True)
    )
    assert in_order == sorted(in_order) and len(in_order) == 2
    assert set(Petition.objects.filter(number__startswith="LX2023000001").values_list("received_on", flat=True)) == {
        date(2023, 3, 5)
    }


@pytest.mark.parametrize("file", sorted(INPUTS.glob("*")) if INPUTS.exists() else [], ids=lambda f: f.name)
def test_what_the_findings_had_is_accounted_for_or_refused_in_words(file: Path) -> None:
    try:
        sheets = read_ledger(file)
    except UnreadableWorkbook as refused:
        assert str(refused).endswith("。")
        return
    chosen = [s for s in sheets if s.header and not s.hidden]
    choice = LedgerChoice(tuple(s.title for s in chosen), guess_columns(headings_of(chosen)), "letter")
    if wrong := choice.faults(sheets):
        assert all(w.endswith("。") for w in wrong)
        return
    account = LedgerRun(choice, file.name, "0" * 64, None, NOW, 1).over(sheets)
    everything = sum(s.row_count for s in chosen) + sum(s.filled for s in sheets if s not in chosen)
    assert account.rows == everything
    print(f"{file.name}: {account}")
