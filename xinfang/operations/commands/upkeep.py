"""Keeping the system: database, demo, server, numbers."""

import argparse
import errno
import os
import socket
from typing import Any

from xinfang.core.output import FAILED, OK, WRONG_CALL, CommandFailed, format_table, print_error, print_json, print_line


def add(commands: Any) -> None:
    """Add `migrate`, `demo`, `serve`, `index` and `numbers` to the `xinfang` command."""
    p = commands.add_parser("migrate", help="建立或升级数据库，放入起始内容分类；可重复运行")
    p.set_defaults(run=run_migrate, needs="settings")

    p = commands.add_parser(
        "demo", help="放入虚构的演示单位和信访件（正式使用时不可用）；可重复运行，停用后再启动时确认服务器时间"
    )
    p.set_defaults(run=run_demo, needs="settings")

    p = commands.add_parser("serve", help="启动网页服务（先升级数据库）")
    p.add_argument("--host", default="127.0.0.1", metavar="地址", help="监听的地址，默认只供本机访问")
    p.add_argument("--port", type=int, default=8000, metavar="端口", help="监听的端口，默认 8000")
    p.add_argument("--workers", type=int, default=1, metavar="个数", help="服务进程数，默认 1")
    p.set_defaults(run=run_serve, needs="settings")

    p = commands.add_parser("numbers", help="核对编号：每个字头每年编到几号、有无缺号")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_numbers, needs="database")

    p = commands.add_parser("index", help="核对或重建搜索索引")
    p.add_argument("what", choices=("check", "rebuild"), metavar="check|rebuild", help="核对，或从记录重建")
    p.set_defaults(run=run_index, needs="database")


def run_migrate(args: argparse.Namespace) -> int:
    """Make or upgrade the database and add the starter categories; safe to repeat."""
    from xinfang.core.database import set_up

    applied, categories = set_up()
    print_line(f"数据库已就绪：执行 {applied} 项升级，放入 {categories} 个内容分类。")
    return OK


def run_demo(args: argparse.Namespace) -> int:
    """Load the invented department and its petitions; safe to repeat.

    Raises:
        CommandFailed: this is a production system.
    """
    from django.conf import settings

    if settings.MODE == "production":
        raise CommandFailed(
            WRONG_CALL, "正式使用的系统不能放入演示数据。确要演示，请设置 XINFANG_MODE=demo，并另用一个数据文件夹。"
        )
    from xinfang.core.database import set_up
    from xinfang.operations.demo.clock import confirm_if_asked
    from xinfang.operations.demo.load import load_demo

    set_up()
    loaded = load_demo()
    print_line(loaded.text)
    if loaded.already and (confirmed := confirm_if_asked()):
        print_line(confirmed)
    for refused in loaded.refused:
        print_error(refused)
    return FAILED if loaded.refused else OK


def run_serve(args: argparse.Namespace) -> int:
    """Upgrade the database and serve the pages until it is stopped.

    Raises:
        CommandFailed: the number of workers or the address can't be used.
    """
    from django.conf import settings
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from xinfang.core.database import set_up

    if not 1 <= args.workers <= 64:
        raise CommandFailed(WRONG_CALL, "--workers 应在 1 至 64 之间。")
    _free(args.host, args.port)
    if settings.PART == "window":
        _prepare_window()
    else:
        set_up()
    name = f"[{args.host}]" if ":" in args.host else args.host
    print(f"信访系统已启动：http://{name}:{args.port}/", flush=True)
    from django.db import connections

    if settings.PART != "window":
        connections.close_all()
    Server(
        "xinfang.config.wsgi:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=args.workers,
        blocking_threads=4,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    ).serve()
    return OK


def _prepare_window() -> None:
    """Make the data folder of a window apart, and look whether it has what it needs.

    Raises:
        CommandFailed: it has no kit of the desk's.
    """
    from xinfang.core.database import take_into_use
    from xinfang.window.apart.kit import KitMissing, kit

    take_into_use()
    try:
        kit()
    except KitMissing as e:
        raise CommandFailed(WRONG_CALL, str(e)) from None


def _free(host: str, port: int) -> None:
    """Say in one sentence why the address can't be used, before a worker dies of it.

    Raises:
        CommandFailed: the port or the address doesn't exist, or is in use.
    """
    if not 1 <= port <= 65535:
        raise CommandFailed(WRONG_CALL, f"端口 {port} 不存在，请填 1 至 65535。")
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise CommandFailed(WRONG_CALL, f"地址“{host}”无法识别，请填本机的地址，如 127.0.0.1 或 0.0.0.0。") from None
    with socket.socket(family, kind, proto) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as e:
            if e.errno == errno.EADDRINUSE:
                sentence = f"端口 {port} 已被其他程序占用，请换一个：--port {port % 65535 + 1}。"
            elif e.errno == errno.EACCES:
                sentence = f"无权使用端口 {port}，请换 1024 以上的端口，或由反向代理转发。"
            else:
                sentence = f"无法监听 {host}:{port}：{os.strerror(e.errno or 0)}。"
            raise CommandFailed(FAILED, sentence) from None


def run_index(args: argparse.Namespace) -> int:
    """Rebuild the search index, or say where it differs from the records."""
    from xinfang.search import index

    if args.what == "rebuild":
        print_line(f"搜索索引已重建：{index.rebuild_index(lambda n: print_error(f'已处理 {n} 件'))} 件。")
        return OK
    differences = index.check_index()
    for sentence in differences:
        print_line(sentence)
    if not differences:
        print_line("搜索索引与记录一致。")
    return FAILED if differences else OK


def run_numbers(args: argparse.Namespace) -> int:
    """Say of each series of numbers how far it is and which numbers are missing."""
    from xinfang.core.numbering import check_series

    series = check_series()
    gaps = sum(len(s.missing) for s in series)
    if args.json:
        rows = [{"prefix": s.prefix, "year": s.year, "last": s.last, "missing": list(s.missing)} for s in series]
        print_json({"series": rows, "missing": gaps})
    elif not series:
        print_line("还没有编过号。")
    else:
        lines = [(s.prefix, s.year, s.last, "、".join(s.missing) or "无") for s in series]
        print_line(format_table(("字头", "年份", "末号", "缺号"), lines))
    return FAILED if gaps else OK
