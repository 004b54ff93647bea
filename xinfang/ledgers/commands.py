"""Ledgers from the command line: looked at, tried, brought in, taken back."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xinfang.core.output import OK, REFUSED, CommandFailed, print_json, print_line

if TYPE_CHECKING:
    from xinfang.ledgers.actions.bringing_in import LedgerAccount

_CHANNELS = ("online", "letter", "phone", "fax", "visit")


def add(commands: Any) -> None:
    """Add `ledgers` to the command line."""
    p = commands.add_parser("ledgers", help="导入本系统以前的台账（历史件）：先试运行，再导入；可以整批撤销")
    inner = p.add_subparsers(dest="ledgers_command", required=True)
    look = inner.add_parser("look", help="列出工作表、表头和列的对应，不登记")
    look.add_argument("file", type=Path, help="台账文件")
    bring = inner.add_parser("import", help="导入一份台账")
    bring.add_argument("file", type=Path, help="台账文件")
    bring.add_argument("--sheet", action="append", default=[], help="只读这个工作表（可重复；隐藏的须点名）")
    bring.add_argument("--column", action="append", default=[], metavar="列名=项", help="改一列的对应（可重复）")
    bring.add_argument("--channel", choices=_CHANNELS, default="", help="表中没有写明的信访形式")
    bring.add_argument("--save-as", default="", metavar="名称", help="保存列的对应")
    bring.add_argument("--faults", type=Path, help="把有问题的行写成这个工作簿")
    bring.add_argument("--dry-run", action="store_true", help="只试运行，不登记")
    undo = inner.add_parser("undo", help="整批撤销一次导入；有人办理过的保留")
    undo.add_argument("number", type=int, help="导入的序号")
    undo.add_argument("--reason", required=True, help="理由")
    go_on = inner.add_parser("go-on", help="接着处理一份台账（页面自行启动）")
    go_on.add_argument("number", type=int, help="导入的序号")
    for parser in (look, bring, undo, go_on):
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")
        parser.set_defaults(run=_RUN[parser.prog.rsplit(" ", 1)[1]], needs="database")


def _rejected(*sentences: str) -> CommandFailed:
    return CommandFailed(REFUSED, *sentences, data={"refused": [{"reason": s, "cites": []} for s in sentences]})


def run_look(args: argparse.Namespace) -> int:
    """Print the sheets of a file and how its columns would be matched.

    Raises:
        CommandFailed: the file can't be read.
    """
    from xinfang.core.table_files import UnreadableWorkbook
    from xinfang.ledgers.actions.ledgers import look_at
    from xinfang.ledgers.entries import headings_of
    from xinfang.ledgers.fields import CHOICES, guess_columns
    from xinfang.ledgers.reading import read_ledger

    try:
        sheets = read_ledger(args.file)
    except UnreadableWorkbook as e:
        refusal = _rejected(str(e))
        raise refusal from None
    guessed = guess_columns(headings_of([s for s in sheets if s.header]))
    if args.json:
        print_json({"sheets": look_at(sheets), "columns": guessed})
        return OK
    labels = dict(CHOICES)
    for sheet in sheets:
        hidden = "（隐藏，不点名不读）" if sheet.hidden else ""
        header = f"表头在第 {sheet.header} 行，{len(sheet.rows)} 行" if sheet.header else "没有认出表头"
        print_line(f"工作表“{sheet.title}”{hidden}：{sheet.filled} 行有内容，{header}")
    for heading, code in guessed.items():
        print_line(f"  {heading} → {labels[code]}（{code}）")
    return OK


def run_import(args: argparse.Namespace) -> int:
    """Try a ledger and bring it in; the exit code says whether a row was refused.

    Raises:
        CommandFailed: the file as a whole can't be used.
    """
    from xinfang.audit.actions.audit_log import AdminChangeRefused
    from xinfang.ledgers.actions import ledgers as acts
    from xinfang.ledgers.actions.bringing_in import run_import as run

    try:
        content = args.file.read_bytes()
    except OSError:
        refusal = _rejected(f"无法读取文件“{args.file.name}”。")
        raise refusal from None
    columns = dict(c.split("=", 1) for c in args.column if "=" in c)
    try:
        ledger = acts.take_file(content, args.file.name, by=None)
        chosen = args.sheet or ledger.sheets
        acts.choose(
            ledger,
            sheets=chosen,
            columns=columns,
            channel=args.channel or ledger.channel,
            save_as=args.save_as,
            by=None,
        )
        account = run(ledger, dry_run=True)
        if args.faults and account.refusals:
            args.faults.write_bytes(acts.faults_workbook(ledger))
        if args.dry_run:
            acts.drop(ledger, by=None)
        else:
            account = run(ledger, dry_run=False)
    except AdminChangeRefused as e:
        refusal = _rejected(*e.sentences)
        raise refusal from None
    _tell(account, args, "" if args.dry_run else str(ledger.pk))
    return REFUSED if account.refusals else OK


def _tell(account: "LedgerAccount", args: argparse.Namespace, number: str) -> None:
    if args.json:
        print_json({"import": number, "dry_run": args.dry_run, **_plain(account)})
        return
    if args.dry_run:
        print_line("试运行，没有登记任何一件。若正式导入：")
    print_line(str(account))
    if account.unused:
        print_line(f"没有采用的列：{'、'.join(account.unused)}。")
    for line in (*account.notes, *map(str, account.refusals)):
        print_line(line)
    if number:
        print_line(f"导入序号 {number}；撤销：xinfang ledgers undo {number} --reason 理由")


def _plain(account: "LedgerAccount") -> dict[str, Any]:
    return {
        "rows": account.rows,
        "registered": account.taken,
        "already": account.already,
        "refused": account.refused,
        "left_out": account.left,
        "left": list(account.skipped),
        "columns_not_taken": list(account.unused),
        "notes": list(account.notes),
        "refusals": [{"sheet": r.sheet, "row": r.row, "reasons": list(r.reasons)} for r in account.refusals],
    }


def run_undo(args: argparse.Namespace) -> int:
    """Take back an import.

    Raises:
        CommandFailed: there is none of this number, or it can't be undone.
    """
    from xinfang.audit.actions.audit_log import AdminChangeRefused
    from xinfang.ledgers.actions.bringing_in import undo_import
    from xinfang.ledgers.queries.imports import ledger_by_pk

    ledger = ledger_by_pk(args.number)
    if ledger is None:
        refusal = _rejected(f"没有序号为 {args.number} 的导入。")
        raise refusal
    try:
        report = undo_import(ledger, by=None, reason=args.reason)
    except AdminChangeRefused as e:
        refusal = _rejected(*e.sentences)
        raise refusal from None
    if args.json:
        print_json({"undone": report.undone, "kept": [{"number": n, "why": why} for n, why in report.kept]})
        return OK
    print_line(f"已撤销 {report.undone} 件，保留 {len(report.kept)} 件。")
    for number, why in report.kept:
        print_line(f"{number}：{why}，保留")
    return OK


def run_go_on(args: argparse.Namespace) -> int:
    """Do what a page began with a ledger.

    Raises:
        CommandFailed: there is nothing to go on with.
    """
    from xinfang.audit.actions.audit_log import AdminChangeRefused
    from xinfang.ledgers.actions.bringing_in import LedgerAccount
    from xinfang.ledgers.actions.ledgers import go_on
    from xinfang.ledgers.queries.imports import ledger_by_pk

    ledger = ledger_by_pk(args.number)
    if ledger is None:
        refusal = _rejected(f"没有序号为 {args.number} 的导入。")
        raise refusal
    try:
        done = go_on(ledger)
    except AdminChangeRefused as e:
        refusal = _rejected(*e.sentences)
        raise refusal from None
    if isinstance(done, LedgerAccount):
        told = _plain(done)
    else:
        told = {"undone": done.undone, "kept": [{"number": n, "why": why} for n, why in done.kept]}
    if args.json:
        print_json(told)
    else:
        print_line(str(done) if isinstance(done, LedgerAccount) else f"已撤销 {done.undone} 件。")
    return OK


_RUN = {"look": run_look, "import": run_import, "undo": run_undo, "go-on": run_go_on}
