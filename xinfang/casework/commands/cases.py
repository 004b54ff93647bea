"""A case from the command line: take a step as a member of staff, show what is on record."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xinfang.accounts.commands import require_staff
from xinfang.core.output import OK, REFUSED, UNSEEN, CommandFailed, format_table, print_json, print_line, wrong_call

if TYPE_CHECKING:
    from xinfang.cases.access import CaseView
    from xinfang.cases.actions.decided_step import StepResult
    from xinfang.procedure.facts import Actor

_MAX_DATA_BYTES = 10 * 1024 * 1024


def add(commands: Any) -> None:
    """Add `step` and `show` to the `xinfang` command."""
    p = commands.add_parser("step", help="以某人的身份办理一个步骤")
    p.add_argument("code", metavar="步骤", help="步骤代码，如 register、accept（见 explain）")
    p.add_argument("number", metavar="编号", nargs="?", help="信访件编号；登记新件时不填")
    p.add_argument("--by", required=True, metavar="用户名", help="由谁办理")
    p.add_argument("--data", default="{}", metavar="JSON", help="填写的内容：JSON，或 @文件，或 -（标准输入）")
    p.add_argument("--key", default="", metavar="标记", help="防重复：同一标记只生效一次")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_step, needs="database")

    p = commands.add_parser("show", help="显示一件的状态、期限、经过")
    p.add_argument("number", metavar="编号")
    p.add_argument("--by", metavar="用户名", help="以谁的身份看；不填则不含内容和个人信息")
    p.add_argument(
        "--reason", metavar="理由", default="", help="查看密封件或个人信息的理由，记入查看记录；不填则个人信息遮盖"
    )
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_show, needs="database")


def not_visible_message(number: str | None) -> CommandFailed:
    """Return what is said of a case that is hidden or never was; both read the same."""
    return CommandFailed(UNSEEN, f"没有编号为“{number}”的信访件。", data={"error": "没有这个编号的信访件"})


def _open(actor: "Actor | None", number: str) -> "CaseView":
    from xinfang.cases.access import open_case
    from xinfang.procedure.visibility import NotVisible

    try:
        return open_case(actor, number)
    except NotVisible:
        refusal = not_visible_message(number)
        raise refusal from None


def _answers(given: str) -> dict[str, Any]:
    try:
        if given == "-":
            text = sys.stdin.read(_MAX_DATA_BYTES + 1)
        elif given.startswith("@"):
            text = Path(given[1:]).read_text(encoding="utf-8-sig")
        else:
            text = given
    except OSError:
        wrong_call(f"无法读取文件“{given[1:]}”。")
    except UnicodeDecodeError:
        wrong_call("--data 的内容不是 UTF-8 编码的文字。")
    if len(text) > _MAX_DATA_BYTES:
        wrong_call("--data 的内容超过 10 MB。")
    try:
        answers = json.loads(text)
    except (ValueError, RecursionError) as e:
        place = f"（第 {e.lineno} 行第 {e.colno} 列）" if isinstance(e, json.JSONDecodeError) else ""
        wrong_call(f'--data 不是有效的 JSON{place}，应写成 {{"字段": "内容"}} 的样子。')
    if not isinstance(answers, dict):
        wrong_call('--data 应是一个 JSON 对象，写成 {"字段": "内容"} 的样子。')
    return answers


def run_step(args: argparse.Namespace) -> int:
    """Take a step as a member of staff (`xinfang step`), or register a new petition.

    Raises:
        CommandFailed: the answers or the rules don't allow it, with every reason; or there is no such case for them.
    """
    from xinfang.accounts.queries.actors import actor_of
    from xinfang.cases.actions.perform import refusal_texts, why_not_allowed
    from xinfang.papers.actions.one_act import take_step
    from xinfang.procedure.rules import Refused, SecondPerson, Step
    from xinfang.procedure.step_schema import InvalidAnswer, load_step, step_schema
    from xinfang.procedure.steps import STEPS
    from xinfang.procedure.visibility import NotVisible

    kind = STEPS.get(args.code)
    if kind is None:
        wrong_call(f"没有代码为“{args.code}”的步骤。可选：{'、'.join(STEPS)}。")
    if len(args.key) > 64:
        wrong_call("--key 不超过 64 个字。")
    actor, answers = actor_of(require_staff(args.by)), _answers(args.data)
    number = args.number.strip().upper() if args.number else None
    form: type[Step] = kind
    if kind.rule.new:
        if number:
            wrong_call(f"“{kind.rule.label}”是新件，不用填写编号。")
    elif number is None:
        wrong_call(f"请填写要办理“{kind.rule.label}”的信访件编号。")
    else:
        if args.code in _open(actor, number).facts.pending:
            form = SecondPerson
    # The person who confirms may send the whole proposal again; only their own word on it counts.
    unknown = sorted(set(answers) - {s.name for s in (*step_schema(form), *step_schema(kind))})
    if unknown:
        wrong_call(
            f"“{kind.rule.label}”没有这些字段：{'、'.join(unknown)}。"
            f"可填：{'、'.join(f'{s.name}（{s.label}）' for s in step_schema(form)) or '无'}。"
        )
    try:
        done = take_step(load_step(form, answers), number, by=actor, code=args.code, idempotency_key=args.key)
    except NotVisible:
        refusal = not_visible_message(number)
        raise refusal from None
    except InvalidAnswer as e:
        cites = [a.id for a in kind.rule.cites]
        refused = [{"reason": t, "cites": cites, "todo": "", "field": f} for f, t in e.problems.items()]
        others = why_not_allowed(kind, number, by=actor)
        refused += refusal_texts(others)
        raise CommandFailed(REFUSED, *e.problems.values(), *map(str, others), data={"refused": refused}) from None
    except Refused as e:
        raise CommandFailed(REFUSED, *map(str, e.reasons), data={"refused": refusal_texts(e.reasons)}) from None
    return _print_done(done, args.json)


def _print_done(done: "StepResult", as_json: bool) -> int:
    rows = list(done.petition.deadlines.all())
    if as_json:
        clocks = [{"code": d.clock, "due": d.due, "provisional": d.provisional, "stopped": d.stopped_on} for d in rows]
        petition = done.petition
        print_json(
            {
                "number": petition.number,
                "state": petition.state,
                "clocks": clocks,
                "papers": list(done.papers),
                "event": done.event.seq,
                "again": done.again,
            }
        )
        return OK
    again = "（此前已经提交过，没有重复办理）" if done.again else ""
    print_line(f"{done.petition.number}  {done.petition.get_state_display()}{again}")
    print_clocks([(d.label, d.due, d.provisional, d.stopped_on) for d in rows])
    if done.papers:
        from xinfang.procedure.words import PaperKind

        print_line("应出文书：" + "、".join(PaperKind.of(p).label for p in done.papers))
    return OK


def print_clocks(rows: list[tuple[str, Any, bool, Any]]) -> None:
    """Print clocks as a table for people."""
    if rows:
        lines = [(a, f"{b}{'（暂定）' if c else ''}", f"已停止 {d}" if d else "进行中") for a, b, c, d in rows]
        print_line(format_table(("期限", "到期", "情况"), lines))


def run_show(args: argparse.Namespace) -> int:
    """Show one petition (`xinfang show`); without a name only how far it is, never what it says or whose it is.

    Raises:
        CommandFailed: the case is sealed and no reason is given, or there is no such case for this person.
    """
    from xinfang.accounts.queries.actors import actor_of
    from xinfang.cases.actions.access_log import log_access
    from xinfang.casework.commands.case_json import advice_as_json, case_as_json
    from xinfang.procedure.words import AccessKind

    number = args.number.strip().upper()
    # Without a name the machine's operator sees how far a case is, never what it says or whose it is.
    staff = require_staff(args.by) if args.by else None
    actor = actor_of(staff) if staff else None
    case = _open(actor, number)
    petition = case.petition
    reason = args.reason.strip()
    if actor and petition.sealed and len(reason) < 4:
        raise CommandFailed(REFUSED, "密封件须写明查看理由（条例第三十条）：请加 --reason 理由。")
    in_plain = len(reason) >= 4 and case.may_see_identity
    log_access(
        petition,
        staff,
        AccessKind.UNMASK if in_plain else AccessKind.COMMAND,
        reason,
    )
    if case.only_advises:
        data = advice_as_json(case)
        if args.json:
            print_json(data)
        else:
            for line in (f"{number}  {data['state_label']}", data["subject"], *(data["advice"] or {}).values()):
                print_line(line)
        return OK
    data = case_as_json(case, in_plain=in_plain)
    if args.json:
        print_json(data)
        return OK
    print_line(f"{number}  {data['state_label']}  {data['channel_label']}  {data['received_on']} 收到")
    if args.by:
        print_line(data["subject"])
    clocks = [(c["label"], c["due"], c["provisional"], c["stopped"]) for c in data["clocks"]]
    print_clocks(clocks)
    print_line(
        format_table(
            ("序", "日期", "步骤", "办理人"), [(e["seq"], e["on"], e["label"], e["by"]) for e in data["events"]]
        )
    )
    for task in data["tasks"]:
        print_line(f"待办：{task['words']}（{task['role']}）")
    return OK
