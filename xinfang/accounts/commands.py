"""Units, accounts and duties from the server's command line: a new installation gets its administrators here."""

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

from xinfang.core.output import OK, REFUSED, CommandFailed, day_argument, format_table, print_line, wrong_call

if TYPE_CHECKING:
    from .models import Staff


def add(commands: Any) -> None:
    """Add `unit` and `staff` with what they can do."""
    units = commands.add_parser("unit", help="单位：新增、列出").add_subparsers(
        metavar="做什么", required=True, title="做什么"
    )
    p = units.add_parser("add", help="新增单位")
    p.add_argument("code", metavar="代码", help="小写字母、数字、- 和 _")
    p.add_argument("name", metavar="名称")
    p.add_argument("--kind", required=True, metavar="类型", help="office、division、affiliated、leadership 等")
    p.set_defaults(run=run_unit_add, needs="set-up")
    p = units.add_parser("list", help="列出单位")
    p.set_defaults(run=run_unit_list, needs="database")

    staff = commands.add_parser("staff", help="人员：新增、给一次性密码、定职责、解除限制、列出").add_subparsers(
        metavar="做什么", required=True, title="做什么"
    )
    p = staff.add_parser("add", help="新增人员（随后用 staff duty 定职责；首批管理员再用 staff passwd 取一次性密码）")
    p.add_argument("username", metavar="用户名")
    p.add_argument("--name", required=True, metavar="姓名")
    p.add_argument("--title", default="", metavar="职务")
    p.add_argument("--email", default="", metavar="邮箱")
    p.set_defaults(run=run_staff_add, needs="set-up")
    p = staff.add_parser("passwd", help="为首批管理员（系统管理员、安全管理员、审计员）生成一次性密码，只显示一次")
    p.add_argument("username", metavar="用户名")
    _recovery(p)
    p.set_defaults(run=run_passwd, needs="database")
    p = staff.add_parser("duty", help="定职责")
    p.add_argument("username", metavar="用户名")
    p.add_argument("role", metavar="职责", help="代码或名称，如 system_administrator 或 系统管理员")
    p.add_argument("unit", metavar="单位", nargs="?", help="单位代码（处室负责人、承办人必填）")
    p.add_argument("--since", metavar="日期", help="起日，默认今天")
    p.add_argument("--until", metavar="日期", help="止日，默认不定")
    _recovery(p)
    p.set_defaults(run=run_duty, needs="database")
    p = staff.add_parser("unlock", help="解除因输错密码而暂停的登录")
    p.add_argument("username", metavar="用户名")
    p.set_defaults(run=run_unlock, needs="database")
    p = staff.add_parser("forget-phone", help="清除验证器和恢复码（手机丢失时），下次登录重新设置")
    p.add_argument("username", metavar="用户名")
    _recovery(p)
    p.set_defaults(run=run_forget_phone, needs="database")
    p = staff.add_parser("list", help="列出人员和现任职责")
    p.set_defaults(run=run_staff_list, needs="database")


def _recovery(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--recovery",
        default="",
        metavar="理由",
        help="两位管理员已能登录而确实无法在页面办理时：写入管理记录，通知本人、审计员和管理员",
    )


def require_staff(username: str) -> "Staff":
    """Return the person whom a command names by user name (1 query); without one, end with a wrong call."""
    from .queries.staff import staff_by_username

    staff = staff_by_username(username)
    if staff is None:
        wrong_call(f"没有用户名为“{username}”的人员。")
    return staff


def _day(text: str | None, label: str) -> date | None:
    return day_argument(text, label) if text else None


def run_unit_add(args: argparse.Namespace) -> int:
    """Add a unit: `xinfang unit add`.

    Raises:
        CommandFailed: the code, the name or the kind is not accepted.
    """
    from xinfang.accounts.actions.people import AdminChangeRefused, add_unit

    try:
        unit = add_unit(code=args.code, name=args.name, kind=args.kind, by=None)
    except AdminChangeRefused as e:
        raise CommandFailed(REFUSED, *e.sentences) from None
    print_line(f"已新增单位：{unit.name}（{unit.code}）。")
    return OK


def run_unit_list(args: argparse.Namespace) -> int:
    """List all units: `xinfang unit list`."""
    from .queries.staff import all_units

    print_line(format_table(("代码", "名称", "类型"), [(u.code, u.name, u.get_kind_display()) for u in all_units()]))
    return OK


def run_staff_add(args: argparse.Namespace) -> int:
    """Add an account: `xinfang staff add`.

    Raises:
        CommandFailed: the user name or something else is not accepted.
    """
    from xinfang.accounts.actions.people import AdminChangeRefused, add_staff

    try:
        staff = add_staff(username=args.username, name=args.name, title=args.title, email=args.email, by=None)
    except AdminChangeRefused as e:
        raise CommandFailed(REFUSED, *e.sentences) from None
    print_line(f"已新增人员：{staff.name}（{staff.get_username()}）。请用 staff duty 定职责。")
    return OK


def run_passwd(args: argparse.Namespace) -> int:
    """Give a one-time password and print it once: `xinfang staff passwd`.

    Raises:
        CommandFailed: two people have to do it on the pages, and no reason was given.
    """
    from xinfang.accounts.actions.passwords import ONE_TIME_HOURS
    from xinfang.accounts.actions.people import AdminChangeRefused
    from xinfang.accounts.actions.server_console import give_one_time_password

    staff = require_staff(args.username)
    try:
        password = give_one_time_password(staff, recovery=args.recovery)
    except AdminChangeRefused as e:
        raise CommandFailed(REFUSED, *e.sentences) from None
    print_line(f"{staff.name}的一次性密码：{password}")
    print_line(f"只显示这一次。请当面交给本人，{ONE_TIME_HOURS} 小时内有效，只能用一次，登录后须立即改成自己的密码。")
    return OK


def run_unlock(args: argparse.Namespace) -> int:
    """End the lockout of an account: `xinfang staff unlock`."""
    from xinfang.accounts.actions.accounts import end_lockout

    staff = require_staff(args.username)
    end_lockout(staff, by=None)
    print_line(f"已解除 {staff.name} 的登录限制。")
    return OK


def run_forget_phone(args: argparse.Namespace) -> int:
    """Remove a lost second factor and end all sessions of its owner: `xinfang staff forget-phone`.

    Raises:
        CommandFailed: two people have to do it on the pages, and no reason was given.
    """
    from xinfang.accounts.actions.people import AdminChangeRefused
    from xinfang.accounts.actions.server_console import reset_second_factor

    staff = require_staff(args.username)
    try:
        reset_second_factor(staff, recovery=args.recovery)
    except AdminChangeRefused as e:
        raise CommandFailed(REFUSED, *e.sentences) from None
    print_line(f"已清除 {staff.name} 的验证器，所有登录已结束；职责要求验证码的，下次登录时重新设置。")
    return OK


def run_duty(args: argparse.Namespace) -> int:
    """Give a duty: `xinfang staff duty`.

    Raises:
        CommandFailed: the duty is not allowed, or two people have to give it on the pages.
    """
    from xinfang.accounts.actions.people import AdminChangeRefused
    from xinfang.accounts.actions.server_console import add_duty

    from .queries.staff import unit_by_code

    staff = require_staff(args.username)
    unit = unit_by_code(args.unit) if args.unit else None
    if args.unit and unit is None:
        wrong_call(f"没有代码为“{args.unit}”的单位。")
    since, until = _day(args.since, "--since"), _day(args.until, "--until")
    try:
        duty = add_duty(staff, role=args.role, unit=unit, since=since, until=until, recovery=args.recovery)
    except AdminChangeRefused as e:
        raise CommandFailed(REFUSED, *e.sentences) from None
    print_line(
        f"已定职责：{staff.name}，{duty.get_role_display()}{f'（{unit.name}）' if unit else ''}，自 {duty.since} 起。"
    )
    return OK


def run_staff_list(args: argparse.Namespace) -> int:
    """List all staff with the duties they hold today: `xinfang staff list`."""
    from xinfang.core.clock import today

    from .queries.duties import duties_on
    from .queries.staff import all_staff

    held: dict[int, list[str]] = {}
    for duty in duties_on(today()):
        held.setdefault(duty.staff_id, []).append(duty.words)
    rows = [(s.get_username(), s.name, "、".join(held.get(s.pk, []))) for s in all_staff()]
    print_line(format_table(("用户名", "姓名", "现任职责"), rows))
    return OK
