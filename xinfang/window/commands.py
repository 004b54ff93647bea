"""Receipts at the command line: whether one is signed by the department, and which case it is of."""

import argparse
from pathlib import Path
from typing import Any

from xinfang.core.output import FAILED, OK, print_json, print_line, wrong_call

MOST_BYTES = 64 * 2**20


def add(commands: Any) -> None:
    """Add `receipt` with what it can do."""
    below = commands.add_parser("receipt", help="信访窗口的回执").add_subparsers(
        metavar="做什么", required=True, title="做什么"
    )
    p = below.add_parser("check", help="核对回执：是不是本厅签发的，改动过没有，登记的是哪一件")
    p.add_argument("file", metavar="文件", type=Path, help="保存的回执文件，或者存有回执文本、二维码文字的文本文件")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_check, needs="database")
    p = below.add_parser("returns", help="在窗口提交的件中，有多少件的信访人回来查过")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_returns, needs="database")


def run_check(args: argparse.Namespace) -> int:
    """Check a receipt: `xinfang receipt check FILE`."""
    from xinfang.window.queries.receipts import is_kept
    from xinfang.window.receipt_proof import check_receipt

    try:
        with args.file.open("rb") as source:
            written = source.read(MOST_BYTES).decode("utf-8", "replace")
    except OSError as e:
        wrong_call(f"文件 {args.file} 打不开：{e.strerror}。")
    found = check_receipt(written)
    kept = found.is_right and is_kept(found.said["number"], found.digest)
    if args.json:
        print_json(
            {
                "state": found.verdict.value,
                "number": found.said.get("number", ""),
                "received_at": found.said.get("received_at", ""),
                "digest": found.digest,
                "key": found.key,
                "kept": kept,
                "seal": found.seal.number if found.seal else None,
            }
        )
    else:
        for line in _lines(found, kept):
            print_line(line)
    return OK if kept else FAILED


def run_returns(args: argparse.Namespace) -> int:
    """Tell how many came back: `xinfang receipt returns`."""
    from xinfang.window.queries.returns import returns

    found = returns()
    if args.json:
        print_json({"submitted": found.submitted, "came_back": found.came_back})
    else:
        print_line(f"在窗口提交 {found.submitted} 件，其中 {found.came_back} 件的信访人凭编号和查询码回来查过。")
    return OK


def _lines(found: Any, kept: bool) -> list[str]:
    lines = [found.verdict.label]
    if found.key:
        lines.append(f"公钥编号 {found.key}")
    if found.is_right:
        lines.append(f"编号 {found.said['number']}，{found.said['received_at']} 收到，摘要 {found.digest}")
        lines.append(
            "与系统保存的回执相同。" if kept else "系统里没有这份回执：它签发之后，数据可能恢复到了更早的备份。"
        )
    if found.seal:
        lines.append(f"登记记录在第{found.seal.number}号封印（{found.seal.day}）之内，封印 {found.seal.hash}")
    elif found.seal_is_wrong:
        lines.append("附带的封印证明不对。")
    return lines
