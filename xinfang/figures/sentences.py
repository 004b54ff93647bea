"""The figures of a report in sentences, as somebody would write them.

The text of a report has their names (`【数据：收到情况】`); the sentences take their places when it is printed, from the
same numbers as its tables. So both say the same, and what is covered in a table is in no sentence.
"""

import re
from collections.abc import Callable, Iterable

from xinfang.figures.periods import Span
from xinfang.figures.table_plans import SUPERVISED_COLUMNS
from xinfang.figures.tables import Figure, FigureReport, FigureValue
from xinfang.procedure.words import Source

MIN_COMPARED_COUNT = 10
"""Below this no percentage is told: of three, one more is a third."""
_BEFORE = {Span.MONTH: "上月", Span.QUARTER: "上季度", Span.YEAR: "上年"}
_MOST_FIELDS = 5
_OTHERS, _ALL_FEW = "其余数量较少，不单列", "数量较少，不单列"
_MARKER = re.compile(r"^\s*【数据：([^】]*)】\s*$")
Told = list[tuple[str, FigureValue | None, str]]
"""What is told in a row: its name, its number, its unit."""


def marker(line: str) -> str | None:
    """Return the name of the sentences that a line of the text stands for; None if it is a line of its own."""
    found = _MARKER.match(line)
    return found[1].strip() if found else None


def sentences(report: FigureReport, name: str) -> str:
    """Return the sentences of this name, nothing where there is nothing to say.

    Raises:
        KeyError: there are none of this name.
    """
    return SENTENCES[name](report)


def _is_there(value: FigureValue | None) -> bool:
    return value is not None and (bool(value.veiled) or bool(value.number))


def _listed(told: Told, *, zeros: bool = False) -> str:
    """Return 来信10件、来电2件; without what is covered, which is said at the end."""
    shown = [
        f"{name}{value.text}{unit}"
        for name, value, unit in told
        if value is not None and not value.veiled and (zeros or value.number)
    ]
    if not any(value is not None and value.veiled for _, value, _ in told):
        return "、".join(shown)
    return f"{'、'.join(shown)}，{_OTHERS}" if shown else _ALL_FEW


def _share(value: FigureValue | None) -> str:
    """Return 93.8%（15/16）; nothing where there is no rate or it is covered."""
    return f"{value.text}（{value.of}）" if value is not None and value.of else ""


def comparison(now: FigureValue, before: FigureValue | None, when: str, unit: str) -> str:
    """Return how a number compares with an earlier one, in words; nothing where either is covered or there is none."""
    if now.veiled or now.number is None or before is None or before.veiled or not before.number:
        return ""
    less = now.number - before.number
    if not less:
        return f"与{when}持平"
    change = f"比{when}{'增加' if less > 0 else '减少'}{abs(less):,.0f}{unit}"
    if before.number < MIN_COMPARED_COUNT:
        return f"{change}（{when}{before.text}{unit}，基数过小，不计算增减幅度）"
    return f"{change}，{'增长' if less > 0 else '下降'}{abs(less) / before.number * 100:.1f}%"


def _received(report: FigureReport) -> str:
    table, period = report.table("1"), report.period
    whole = table.rows[0].figures[0]
    assert whole is not None
    unit = "件（批）次"
    if not whole.now.number and not whole.now.veiled:
        first = f"{period.label}没有收到信访事项。"
    elif whole.now.veiled:
        first = f"{period.label}收到的信访事项数量较少，不列出件数。"
    else:
        parts = [f"{period.label}共收到信访事项{whole.now.text}{unit}"]
        stretches = [(whole.previous, _BEFORE[period.span])]
        if period.span is not Span.YEAR:
            stretches.append((whole.last_year, "上年同期"))
        parts += filter(None, (comparison(whole.now, value, when, unit) for value, when in stretches))
        if none := [when for value, when in stretches if value is not None and value.number == 0]:
            parts.append(f"{'和'.join(none)}无数据，不作比较")
        first = "；".join(["，".join(parts[:2]), *parts[2:]]) + "。"
    so_far = whole.to_date
    if period.span is not Span.YEAR and so_far is not None and not so_far.veiled:
        first += f"年初以来累计收到{so_far.text}{unit}。"
    if report.unfinished:
        first += f"本期尚未结束，以上为截至{report.day.month}月{report.day.day}日的数，与整期的数不完全可比。"
    if whole.now.veiled or not whole.now.number:
        return first

    def n(row: str, column: int = 0) -> FigureValue:
        return table.figure(row, column).now

    ways: Told = [
        ("网络", n("online"), "件"),
        ("来信", n("letter"), "件"),
        ("个体来访", n("single"), "批"),
        ("集体来访", n("group"), "批"),
        ("来电", n("phone"), "件"),
        ("传真", n("fax"), "件"),
    ]
    sealed = next((r.figures[0] for r in table.rows if r.code == "sealed"), None)
    excepted = sealed is not None and _is_there(sealed.now)
    told = f"{'除检举控告外，' if excepted else ''}按信访形式分：{_listed(ways)}。"
    people = n("group", 1)
    if people.number and not people.veiled:
        told += f"集体来访共{people.text}人次。"
    again = _share(n("ordinary", 4))
    if _is_there(n("ordinary", 3)) and again:
        told += f"重复信访{n('ordinary', 3).text}件（批）次，重件率{again}。"
    if excepted and sealed is not None:
        told += f"检举控告{sealed.now.text}件，由专人按规定办理。"
    return first + told


def _fields(report: FigureReport) -> str:
    rows = [r for r in report.table("3").rows if r.part_of and r.code != "none"]
    counted = [(r.label, r.figures[0].now, r.figures[1].now) for r in rows if r.figures[0] and r.figures[1]]
    there = [one for one in counted if _is_there(one[1])]
    shown = sorted((one for one in there if not one[1].veiled), key=lambda one: -(one[1].number or 0))[:_MOST_FIELDS]
    if not there:
        return ""
    if not shown:
        return "各领域数量均较少，不单列。"
    told = "、".join(
        f"{name}{count.text}件{f'（占{share.text}）' if not share.veiled else ''}" for name, count, share in shown
    )
    told = f"信访事项涉及较多的领域依次为：{told}。"
    none = report.table("3").figure("none").now
    if none.number and not none.veiled:
        told += f"另有{none.text}件尚未归类。"
    return told


def _handed_down(report: FigureReport) -> str:
    handling, totals = report.table("4"), report.table("1")

    def n(row: str) -> FigureValue:
        return handling.figure(row).now

    from_above: Told = [
        ("自治区信访部门转送", totals.figure("bureau_forwarded").now, "件"),
        ("自治区信访部门交办", totals.figure("bureau_assigned").now, "件"),
        ("上级部门转来", totals.figure("superior").now, "件"),
        ("厅领导交办", totals.figure("leader_assigned").now, "件"),
        ("在自治区信访部门上访", totals.figure("at_bureau").now, "件"),
        *((s.label, totals.figure(s.value).now, "件") for s in Source if s.passed_on),
    ]
    from_here: Told = [
        ("交办承办单位", n("assigned"), "次"),
        ("转送下级", n("forward"), "件"),
        ("告知信访人向有权机关提出", n("redirect"), "件"),
        ("导入法定途径", n("routed"), "件"),
        ("异议获同意退回", n("returned"), "件"),
    ]
    above, here = _listed(from_above), _listed(from_here)
    return (
        f"收到上级和领导转送、交办的信访事项：{above}。" if above else "没有收到上级和领导转送、交办的信访事项。"
    ) + (f"本厅转送、交办：{here}。" if here else "本厅没有转送、交办的信访事项。")


def _supervised(report: FigureReport) -> str:
    whole = report.table("7")
    pressed, in_time, sent_back = (whole.figure("all", column).now for column in SUPERVISED_COLUMNS)
    if not any(map(_is_there, (pressed, in_time, sent_back))):
        return "本期没有督办。"
    told: Told = [("督办", pressed, "次"), ("承办单位按期反馈", in_time, "次"), ("承办单位退回", sent_back, "次")]
    hidden = any(value is not None and value.veiled for _, value, _ in told)
    return "督办、反馈和退回的次数较少，不单列。" if hidden else f"{_listed(told, zeros=True)}。"


def _handled(report: FigureReport) -> str:
    table = report.table("4")

    def n(row: str) -> FigureValue:
        return table.figure(row).now

    told: Told = [
        ("受理", n("accept"), "件"),
        ("依法履职受理", n("accept-duty"), "件"),
        ("不予受理", n("declined"), "件"),
        ("不再受理", n("refused"), "件"),
        ("信访人撤回", n("withdrawn"), "件"),
        ("存信", n("filed"), "件"),
        ("恢复办理", n("reopened"), "件"),
    ]
    decided = _listed(told)
    nothing_shown = decided == _ALL_FEW
    lines = [f"受理、不予受理等的{decided}。" if nothing_shown else f"{decided}。" if decided else ""]
    for clock, owed, rate, done in (
        ("notice", "按期限应当书面告知", "及时告知率", "告知"),
        ("handling", "按期限应当办结", "按期办结率", "办结"),
        ("duty", "应当依法履职答复", "按期答复率", "答复"),
        ("simple", "应当简易办结", "按期办结率", "办结"),
        ("suggestion", "应当回复的建议、咨询", "按期回复率", "回复"),
    ):
        if not n(f"{clock}-owed").number:
            continue
        running, missed = n(f"{clock}-running"), n(f"{clock}-missed")
        line = f"{owed}{n(f'{clock}-owed').text}件"
        if running.number:
            line += f"，其中{running.text}件期限未到"
        if share := _share(n(f"{clock}-rate-due")):
            line += f"，已到期的{rate}为{share}"
        if missed.number:
            line += f"，{missed.text}件超期仍未{done}"
        lines.append(f"{line}。")
    open_now, units = n("open-now"), report.table("7")
    if not open_now.veiled:
        soon, late = units.figure("all", 3).now, units.figure("all", 4).now
        due = _listed([("7日内到期", soon, "件"), ("已超期", late, "件")])
        lines.append(f"截至统计当日未办结{open_now.text}件{f'，其中{due}' if open_now.number and due else ''}。")
    return "".join(lines)


def _concluded(report: FigureReport) -> str:
    table = report.table("5")
    replied, whole = report.table("7").figure("all", 1).now, table.figure("all").now
    if not _is_there(whole):
        return "本期没有印发信访处理意见书。"
    told: Told = [(name, table.figure(code).now, "项") for code, name in _CONCLUSIONS]
    issued = "" if replied.veiled else f"印发信访处理意见书{replied.text}件，"
    if not issued and whole.veiled:
        return f"印发的信访处理意见书和作出的诉求结论{_ALL_FEW}。"
    days = report.table("4").figure("days-mean").now
    counted = "" if whole.veiled else f"对{whole.text}项诉求作出结论："
    lines = [f"{issued}{counted or '作出的结论'}{_listed(told)}。"]
    if days.number is not None and not days.veiled:
        lines.append(f"从受理到印发意见书平均{days.text}天。")
    if share := _share(table.figure("carried-out-rate").now):
        lines.append(f"予以支持的诉求中，已记录执行的占{share}。")
    reviews: Told = [
        ("信访人请求复查", table.figure("first-asked").now, "件"),
        ("收到复查意见", table.figure("first-decided").now, "件"),
        ("信访人请求复核", table.figure("final-asked").now, "件"),
        ("收到复核意见", table.figure("final-decided").now, "件"),
    ]
    if any(_is_there(value) and not (value and value.veiled) for _, value, _ in reviews):
        lines.append(f"{_listed(reviews)}。")
    return "".join(lines)


def _receptions(report: FigureReport) -> str:
    table = report.table("8")

    def n(row: str) -> FigureValue:
        return table.figure(row).now

    lines = []
    for end, name in (("", "领导接访"), ("-down", "领导下访")):
        days, visits, people = n(f"days{end}"), n(f"visits{end}"), n(f"visitors{end}")
        if not _is_there(visits):
            continue
        told: Told = [(name, days, "天"), ("接待群众", visits, "批"), ("", people, "人次")]
        hidden = any(value is not None and value.veiled for _, value, _ in told)
        lines.append(f"{name}的数量较少，不单列。" if hidden else f"{_listed(told)}。")
    settled = n("settled")
    if lines and not settled.veiled:
        lines.append(f"其中{settled.text}批已出具意见书或者办结。")
    return "".join(lines)


_CONCLUSIONS = (("support", "予以支持"), ("explain", "解释说明"), ("refuse", "不予支持"))
SENTENCES: dict[str, Callable[[FigureReport], str]] = {
    "收到情况": _received,
    "涉及领域": _fields,
    "转送和交办": _handed_down,
    "督办": _supervised,
    "办理情况": _handled,
    "结论和复查复核": _concluded,
    "领导接访": _receptions,
}
"""By the name that the text has for them."""


def printed_numbers(report: FigureReport) -> set[str]:
    """Return every count that a report prints, as it is written."""

    def texts(figures: Iterable[Figure | None]) -> Iterable[str]:
        for figure in filter(None, figures):
            for value in figure.values():
                if value is not None and not value.veiled:
                    yield value.text

    return {text for table in report.tables for row in table.rows for text in texts(row.figures)}
