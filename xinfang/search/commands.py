"""Searching and looking for likely repeats at the command line, a line of input at a time: for scripts."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from xinfang.accounts.commands import require_staff
from xinfang.core.output import OK, print_error, print_line, wrong_call

if TYPE_CHECKING:
    from xinfang.procedure.facts import Actor

MAX_NUMBERS = 1_000


def add(commands: Any) -> None:
    """Add `search` and `repeats` to the command line."""
    p = commands.add_parser("search", help="逐行读标准输入，每行是要找的文字；列出某人能看的事项")
    p.add_argument("--by", required=True, metavar="用户名", help="以谁的身份找；只列此人能看的")
    p.add_argument("--json", action="store_true", help="每行输出一个 JSON")
    p.set_defaults(run=run_search, needs="people")
    p = commands.add_parser("repeats", help="逐行读标准输入的 JSON，列出可能重复的事项和理由；是否重复由人判断")
    p.add_argument("--by", metavar="用户名", help="以谁的身份看；不填则在全部非密封件中找")
    p.add_argument("--json", action="store_true", help="每行输出一个 JSON")
    p.set_defaults(run=run_repeats, needs="people")


def run_search(args: argparse.Namespace) -> int:
    """Search for each line of standard input."""
    from xinfang.cases.queries.petition_filter import filter_petitions
    from xinfang.cases.queries.visible_petitions import visible_to
    from xinfang.core.clock import today
    from xinfang.registers.case_criteria import FilterChoices, read_criteria
    from xinfang.search.field_filters import read_filters
    from xinfang.search.finding import MOST_COUNTED, count_found, find_page, reads_answers

    actor = _actor(args.by)
    reads, known, day = reads_answers(actor), FilterChoices.read(), today()
    for line in sys.stdin:
        asked = read_filters(line.rstrip("\n"), known)
        text, visible = asked.words, visible_to(actor)
        if asked.given:
            visible = filter_petitions(visible, read_criteria(asked.given, known, day, []).wanted)
        for problem in asked.problems:
            print_error(problem)
        if asked.narrows and not text:
            _show(
                [p.number for p in visible.order_by("-pk")[:MAX_NUMBERS]],
                visible.order_by()[: MOST_COUNTED + 1].count(),
                as_json=args.json,
            )
            continue
        numbers = [p.number for p in find_page(text, visible.only("number"), MAX_NUMBERS, reads=reads)]
        total = count_found(text, visible, reads=reads)
        _show(numbers, total, as_json=args.json)
    return OK


def _show(numbers: list[str], total: int, *, as_json: bool) -> None:
    if as_json:
        _print({"total": total, "numbers": numbers})
    else:
        print_line(f"{total} 件：{'、'.join(numbers) or '没有找到'}")


def run_repeats(args: argparse.Namespace) -> int:
    """Look for likely repeats of each letter of standard input."""
    from xinfang.cases.queries.visible_petitions import visible_to
    from xinfang.search.folding import NamedPerson
    from xinfang.search.likely_repeats import find_similar

    visible = visible_to(_actor(args.by)) if args.by else None
    for number, line in enumerate(sys.stdin, 1):
        letter = _letter(number, line)
        people = [
            NamedPerson(*(str(p.get(field) or "") for field in ("name", "phone", "id_number")))
            for p in letter["persons"]
        ]
        found = find_similar(
            visible,
            subject=str(letter["subject"]),
            body=str(letter["body"]),
            requests=[str(r) for r in letter["requests"]],
            people=people,
        )
        if args.json:
            candidates = [
                {
                    "number": one.number,
                    "external_number": one.external_number,
                    "score": one.score,
                    "group": "likely" if one.likely else "related",
                    "reasons": one.reasons,
                }
                for one in found
            ]
            _print({"candidates": candidates})
            continue
        print_line(f"第{number}行：{len(found)} 件")
        for one in found:
            print_line(f"  {one.number} {'很可能同事' if one.likely else '可能有关'}：{'；'.join(one.reasons)}")
    return OK


def _letter(number: int, line: str) -> dict[str, Any]:
    try:
        read = json.loads(line)
    except ValueError:
        read = None
    letter = {"subject": "", "body": "", "requests": [], "persons": [], **(read if isinstance(read, dict) else {})}
    lists = all(isinstance(letter[k], list) for k in ("requests", "persons"))
    if not isinstance(read, dict) or not lists or not all(isinstance(p, dict) for p in letter["persons"]):
        wrong_call(
            f"第{number}行不是一件来信的 JSON。写法："
            '{"subject": "事由", "body": "内容", "requests": ["诉求"],'
            ' "persons": [{"name": "", "phone": "", "id_number": ""}]}'
        )
    return letter


def _actor(username: str) -> "Actor":
    from xinfang.accounts.queries.actors import actor_of

    return actor_of(require_staff(username))


def _print(data: dict[str, Any]) -> None:
    """Print one line: a line of output for each line of input."""
    print_line(json.dumps(data, ensure_ascii=False))
