"""The window at the command line: whether a receipt is the department's; what goes between desk and window."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from xinfang.core.output import FAILED, OK, print_json, print_line, wrong_call

MOST_BYTES = 64 * 2**20


def add(commands: Any) -> None:
    """Add `receipt` and `window` with what they can do."""
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

    below = commands.add_parser("window", help="单独运行的信访窗口").add_subparsers(
        metavar="做什么", required=True, title="做什么"
    )
    p = below.add_parser("kit", help="在内网制作窗口的密钥包，带到窗口的机器上，放在数据文件夹里")
    p.add_argument("file", metavar="文件", type=Path, help="写到哪里，如 window-kit.json；已有的文件不覆盖")
    p.set_defaults(run=run_kit, needs="database")
    p = below.add_parser("take", help="收进窗口送来的内容，每件一次；可重复运行，巡查时也会做")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_take, needs="database")
    p = below.add_parser("publish", help="给窗口发布公开页面和各件的办理情况；可重复运行，巡查时也会做")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_publish, needs="database")
    p = below.add_parser("tidy", help="在窗口的机器上删除内网已经收进的文件")
    p.set_defaults(run=run_tidy, needs="settings", at_the_window=True)


def _queue() -> None:
    from django.conf import settings

    if settings.WINDOW_QUEUE is None:
        wrong_call("没有设置 XINFANG_WINDOW_QUEUE，不知道与窗口交换文件的文件夹在哪里。")


def run_kit(args: argparse.Namespace) -> int:
    """Write the kit of a window apart: `xinfang window kit FILE`."""
    import base64

    from xinfang.window.apart.kit import desk_kit, write_kit
    from xinfang.window.receipts import public_key

    try:
        write_kit(desk_kit(base64.b64decode(public_key())), args.file)
    except OSError as e:
        wrong_call(f"文件 {args.file} 写不成：{e.strerror}。")
    print_line(
        f"已写入 {args.file}。请带到窗口的机器，放进它的数据文件夹，名为 window-kit.json，权限 600；其他副本删除。"
    )
    return OK


def run_take(args: argparse.Namespace) -> int:
    """Take what a window apart sealed: `xinfang window take`."""
    from xinfang.window.actions.apart import take_all

    _queue()
    taken = take_all()
    if args.json:
        print_json(asdict(taken))
    else:
        print_line(
            f"收进 {taken.taken} 件（其中 {taken.waiting} 件待登记），留言 {taken.messages} 条，"
            f"还不能收的 {taken.later} 个，不是窗口送来的 {taken.refused} 个，失败 {taken.failed} 个。"
        )
    return FAILED if taken.failed else OK


def run_publish(args: argparse.Namespace) -> int:
    """Publish for a window apart: `xinfang window publish`."""
    from xinfang.window.actions.apart import publish_all

    _queue()
    done = publish_all()
    if args.json:
        print_json(asdict(done))
    else:
        print_line(f"发布公开页面 {done.pages} 个、办理情况 {done.cases} 件，失败 {done.failed} 件。")
    return FAILED if done.failed else OK


def run_tidy(args: argparse.Namespace) -> int:
    """Remove what the desk has taken: `xinfang window tidy`."""
    from xinfang.window.apart.intake import remove_taken

    _queue()
    print_line(f"删除内网已经收进、已经销毁的 {remove_taken()} 个文件。")
    return OK


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
