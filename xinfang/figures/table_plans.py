"""The nine tables as plans: which measure is in which cell, and by which date it is counted (条例41, H5).

Nothing here ranks people: units and leaders come in the order of the staff list, without rates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from xinfang.accounts.models import Staff, Unit
from xinfang.cases.queries.due_columns import late, missed, not_yet_due, within
from xinfang.categories.models import Category
from xinfang.figures.counting import (
    ANSWER_DUE,
    CONCLUDED,
    FILED,
    HANDLING_DUE,
    HELD,
    NOTICE_DUE,
    OPEN_BEFORE,
    OPEN_NOW,
    ORDINARY,
    ORDINARY_CASE,
    ORDINARY_VISIT,
    OWN_DUTY_DUE,
    RATING_DUE,
    RECEIVED,
    REPLIED,
    RUNNING_NOW,
    SIMPLE_DUE,
    STEPPED,
    SUGGESTION_DUE,
    SUPERVISED,
    VISITS,
    CountingBasis,
    CountingMeasure,
)
from xinfang.figures.plan_rows import Average, CellPlan, PlanRow, RatePlan, TablePlan
from xinfang.matters.queries.ties import ties_that_count
from xinfang.procedure.limits import GROUP_VISIT
from xinfang.procedure.reception.words import DayKind
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import (
    Channel,
    Conclusion,
    FilingReason,
    MatterClass,
    Purpose,
    ReviewResult,
    Role,
    Source,
)

SOON_DAYS = 7
CLOCK_ROWS = tuple(
    f"{clock}-{row}"
    for clock in ("notice", "handling", "duty", "simple", "suggestion")
    for row in ("owed", "in-time", "late", "running", "missed", "rate", "rate-due")
)
"""The rows of table 4 about the office's own punctuality; what ended before, such as by withdrawal, is none of it."""


MET = Q(stopped_by__isnull=False)
"""Of a limit that ended: what was owed was done, in time or late; else it fell away with the case."""


@dataclass(frozen=True)
class TableDimensions:
    """The units, leaders and top categories that tables have rows for (3 queries)."""

    units: Sequence[Unit]
    leaders: Sequence[Staff]
    categories: Sequence[Category]

    @classmethod
    def read(cls) -> "TableDimensions":
        """Read the units, leaders and categories of the department that have a row of their own (3 queries)."""
        leading = Q(duties__role__in=(Role.LEADER, Role.PRINCIPAL_LEADER))
        return cls(
            [u for u in Unit.objects.order_by("pk") if u.can_handle],
            list(Staff.objects.filter(leading).distinct().order_by("pk")),
            list(Category.objects.filter(level=1).order_by("code")),
        )


def table_plans(dimensions: TableDimensions, today: date, *, inside: bool = True) -> tuple[TablePlan, ...]:
    """Return the nine tables. `today` decides what is overdue.

    What isn't for use `inside` has no sealed report of wrongdoing in any number (N30), and names nobody.
    """
    return (
        _totals(inside),
        _classes(inside),
        _contents(dimensions),
        _handling(today, inside),
        _conclusions(),
        _ratings(today),
        _units(dimensions, today),
        _leaders(dimensions, inside),
        _urgent(),
    )


def _group_visits() -> Q:
    """Return what keeps 集体访: a visit of as many people as made a group on the day on which it came."""
    found, until = Q(), Q()
    for version in reversed(GROUP_VISIT.versions):
        since = Q(received_on__gte=version.since) if version.since else Q()
        found |= Q(group_size__gte=version.value) & since & until
        until = Q(received_on__lt=version.since)
    return Q(channel=Channel.VISIT.value) & found


def _of_several() -> Q:
    """Return what keeps 集体访 and, of any other petition, 联名 of two or more."""
    return _group_visits() | (~Q(channel=Channel.VISIT.value) & Q(group_size__gte=2))


def _tied() -> Q:
    """Return what keeps the cases that people tied to those of others; a tie to a sealed one is in no number."""
    ties = ties_that_count()
    return Q(pk__in=ties.values("one")) | Q(pk__in=ties.values("other"))


def _group_words() -> str:
    """Return how many make a group, for the name of a row."""
    versions = GROUP_VISIT.versions
    return f"{versions[0]}以上" if len(versions) == 1 else "来访当日设定的人数以上"


def _totals(inside: bool) -> TablePlan:
    received = CountingMeasure(RECEIVED, ORDINARY)

    def cells(which: Q) -> tuple[CellPlan, ...]:
        cases = received & which
        again, several = cases & Q(repeat_of__isnull=False), cases & _of_several()
        return (
            cases,
            CountingMeasure(RECEIVED, cases.keeps, adds="group_size"),
            cases & Q(repeat_of__isnull=True),
            again,
            RatePlan((again,), (cases,)),
            several,
            CountingMeasure(RECEIVED, several.keeps, adds="group_size"),
        )

    visit = Q(channel=Channel.VISIT.value)
    group = _group_visits()
    only = (None,) * 6
    with_sealed = [
        PlanRow("all", "总计（含检举控告）", (CountingMeasure(RECEIVED), *only)),
        PlanRow(
            "sealed",
            "检举控告（只计总数）",
            (CountingMeasure(RECEIVED, Q(sealed=True)), *only),
            part_of="all",
            listed=False,
        ),
        PlanRow("ordinary", "小计（不含检举控告）", cells(Q()), part_of="all"),
    ]
    rows = [
        *(with_sealed if inside else [PlanRow("ordinary", "总计（不含检举控告）", cells(Q()))]),
        PlanRow("online", "网络", cells(Q(channel=Channel.ONLINE.value)), heading="信访形式", part_of="ordinary"),
        PlanRow("letter", "来信", cells(Q(channel=Channel.LETTER.value)), part_of="ordinary"),
        PlanRow("single", "来访（个体）", cells(visit & ~group), part_of="ordinary"),
        PlanRow("group", f"来访（集体，{_group_words()}）", cells(group), part_of="ordinary"),
        PlanRow("phone", "来电", cells(Q(channel=Channel.PHONE.value)), part_of="ordinary"),
        PlanRow("fax", "传真", cells(Q(channel=Channel.FAX.value)), part_of="ordinary"),
    ]
    for place, source in enumerate(Source):
        heading = "" if place else "来源"
        rows.append(PlanRow(source.value, source.label, cells(Q(source=source.value)), heading, "ordinary-source"))
    rows.append(PlanRow("same-matter", "与他人来件认定为同事的", (received & _tied(), *only), "同一事项"))
    return TablePlan(
        "1",
        "表1　总量",
        ("件（批）次", "人次", "初件", "重件", "重件率", "联名、集体件次", "联名、集体人次"),
        tuple(rows),
        (
            "检举控告只计总数；以下各行和“件（批）次”以外各栏不含检举控告。" if inside else "本表不含检举控告。",
            "重件指经两人认定为同人同事的来件；重件率＝重件÷件次，只反映工作量，不作为考核指标。",
            "同事指不同的人反映同一事项、经人认定并看的来件：照常计入以上各行，不是重件。",
        ),
    )


def _classes(inside: bool) -> TablePlan:
    def cells(matter: str) -> tuple[CellPlan, ...]:
        cases = CountingMeasure(RECEIVED, ORDINARY & Q(matter_class=matter))
        return (cases, *(cases & Q(purpose=p) for p in (*(p.value for p in Purpose), "")))

    columns = ("合计", *(p.label for p in Purpose), "未填")
    rows = [PlanRow(m.value, m.label, cells(m.value)) for m in MatterClass if m is not MatterClass.REPORT]
    rows.append(PlanRow("none", "尚未分类", cells("")))
    if inside:
        reports = CountingMeasure(RECEIVED, Q(matter_class=MatterClass.REPORT.value))
        rows.append(PlanRow("report", "检举控告（只计总数）", (reports, *((None,) * (len(columns) - 1))), listed=False))
    note = "检举控告只计总数（条例第三十条）。" if inside else "本表不含检举控告。"
    return TablePlan("2", "表2　类别与信访目的", columns, tuple(rows), (note,))


def _contents(dimensions: TableDimensions) -> TablePlan:
    cases = CountingMeasure(RECEIVED, ORDINARY)
    rows = [PlanRow("all", "合计（不含检举控告）", (cases, RatePlan((cases,), (cases,))))]
    for c in dimensions.categories:
        these = cases & Q(category__code__startswith=c.code)
        rows.append(PlanRow(c.code, c.name, (these, RatePlan((these,), (cases,))), part_of="all"))
    others = cases & Q(category__isnull=True)
    rows.append(PlanRow("none", "尚未归类", (others, RatePlan((others,), (cases,))), part_of="all"))
    return TablePlan("3", "表3　内容分类", ("件次", "占比"), tuple(rows), ("按内容分类的第一级统计。",))


def _clock_rows(
    code: str, basis: CountingBasis, words: tuple[str, str, str], today: date, heading: str
) -> list[PlanRow]:
    """Return the rows of a clock: owed, in time, late, not yet due, overdue, ended without; and both rates."""
    owed, done, rate = words
    fell = CountingMeasure(basis, ORDINARY_CASE & (Q(stopped_on=None) | MET))
    in_time = CountingMeasure(basis, ORDINARY_CASE & Q(stopped_on__lte=F("due")) & MET)
    late = CountingMeasure(basis, ORDINARY_CASE & Q(stopped_on__gt=F("due")) & MET)
    running = CountingMeasure(basis, ORDINARY_CASE & not_yet_due(today))
    missed_it = CountingMeasure(basis, ORDINARY_CASE & missed(today))
    ended = CountingMeasure(basis, ORDINARY_CASE & Q(stopped_on__isnull=False) & ~MET)
    return [
        PlanRow(f"{code}-owed", owed, (fell,), heading),
        PlanRow(f"{code}-in-time", f"按期{done}", (in_time,), part_of=f"{code}-owed"),
        PlanRow(f"{code}-late", f"超期{done}", (late,), part_of=f"{code}-owed"),
        PlanRow(f"{code}-running", f"未到期未{done}", (running,), part_of=f"{code}-owed"),
        PlanRow(f"{code}-missed", f"超期未{done}", (missed_it,), part_of=f"{code}-owed"),
        PlanRow(f"{code}-rate", rate, (RatePlan((in_time,), (fell,)),)),
        PlanRow(f"{code}-rate-due", f"{rate}（到期口径）", (RatePlan((in_time,), (in_time, late, missed_it)),)),
        PlanRow(f"{code}-ended", f"另：{done}前终止", (ended,)),
    ]


def _step(code: str, more: Q | None = None) -> CountingMeasure:
    return CountingMeasure(STEPPED, ORDINARY_CASE & Q(code=code) & (more or Q()))


_REOPENS = Q(code=StepCode.REOPEN) | (Q(code=StepCode.DECIDE_RECONSIDERATION) & ~Q(state_before=F("state_after")))
"""What opens an ended case again: its office, or who looked at the end once more."""


def _handling(today: date, inside: bool) -> TablePlan:
    filed = CountingMeasure(FILED, ORDINARY_CASE)
    replied = CountingMeasure(REPLIED, ORDINARY)
    counted = Q() if inside else ORDINARY
    handed_over = PlanRow(
        "handed-over",
        "检举控告移送（只计总数）",
        (CountingMeasure(STEPPED, Q(code=StepCode.HAND_OVER)),),
        listed=False,
    )
    rows = [
        PlanRow("before", "期初未办结", (CountingMeasure(OPEN_BEFORE, counted),), "总体"),
        PlanRow("new", "本期新收", (CountingMeasure(RECEIVED, counted),)),
        PlanRow("open-now", "截至统计当日未办结", (CountingMeasure(OPEN_NOW, counted),)),
        *_clock_rows("notice", NOTICE_DUE, ("应书面告知", "告知", "及时告知率"), today, "十五日书面告知（条例23）"),
        PlanRow("accept", "受理", (_step(StepCode.ACCEPT),), "甄别去向"),
        PlanRow("accept-duty", "受理（依法履职）", (_step(StepCode.ACCEPT_DUTY),)),
        PlanRow("assigned", "交办承办单位（次）", (_step(StepCode.ASSIGN),)),
        PlanRow("redirect", "告知向有权机关提出", (_step(StepCode.REDIRECT),)),
        PlanRow("disclosed", "转为政府信息公开申请", (_step(StepCode.DISCLOSE),)),
        PlanRow("forward", "转送下级", (_step(StepCode.FORWARD),)),
        PlanRow("routed", "导入法定途径", (_step(StepCode.ROUTE),)),
        PlanRow("declined", "不予受理", (_step(StepCode.DECLINE),)),
        PlanRow("returned", "异议获同意退回", (_step(StepCode.OBJECTION_UPHELD),)),
        PlanRow("refused", "不再受理", (_step(StepCode.REFUSE_FURTHER),)),
        PlanRow("withdrawn", "信访人撤回", (_step(StepCode.WITHDRAW),)),
        *([handed_over] if inside else []),
        PlanRow("reopened", "恢复办理", (CountingMeasure(STEPPED, ORDINARY_CASE & _REOPENS),)),
        PlanRow("filed", "存信", (filed,), "存信（规程10）"),
        *(PlanRow(f"filed-{r.value}", r.label, (filed & Q(ground=r.value),), part_of="filed") for r in FilingReason),
        *_clock_rows("handling", HANDLING_DUE, ("应办结", "办结", "按期办结率"), today, "六十日办结（条例34）"),
        PlanRow("extended", "批准延期", (_step(StepCode.GRANT_EXTENSION, Q(data__agree=True)),)),
        PlanRow("days-mean", "平均办理天数", (Average(replied),)),
        PlanRow("days-median", "办理天数中位数", (Average(replied, median=True),)),
        *_clock_rows("duty", OWN_DUTY_DUE, ("应履职答复", "答复", "按期答复率"), today, "依法履职答复（条例31）"),
        *_clock_rows("simple", SIMPLE_DUE, ("应简易办结", "办结", "按期办结率"), today, "简易办理"),
        *_clock_rows(
            "suggestion",
            SUGGESTION_DUE,
            ("应回复建议、咨询", "回复", "按期回复率"),
            today,
            "建议、咨询（条例29）",
        ),
    ]
    return TablePlan(
        "4",
        "表4　办理情况",
        ("件次",),
        tuple(rows),
        (
            "“应告知”“应办结”按期限届满日落在本期内计算；期限未到的也在内，所以期中看本期比率偏低，另列到期口径，不计期限未到的。"
            "“终止”指告知、办结、回复之前已撤回、退回等，不再计算期限。",
            "“办理天数”从受理之日到意见书印发之日。"
            + ("检举控告只计入期初、新收、未办结和移送的总数。" if inside else "本表不含检举控告。"),
        ),
    )


def _conclusions() -> TablePlan:
    asked = CountingMeasure(CONCLUDED, ORDINARY_CASE)
    support = asked & Q(conclusion=Conclusion.SUPPORT.value)
    done = support & ~Q(carried_out="")
    rows = [
        PlanRow("all", "已下结论的诉求", (asked,), "诉求结论（条例32）"),
        *(PlanRow(c.value, c.label, (asked & Q(conclusion=c.value),), part_of="all") for c in Conclusion),
        PlanRow("carried-out", "予以支持且已记录执行", (done,)),
        PlanRow("carried-out-rate", "支持意见执行率", (RatePlan((done,), (support,)),)),
    ]
    for kind, name, article in (("first", "复查", 35), ("final", "复核", 36)):
        rows.append(
            PlanRow(f"{kind}-asked", f"请求{name}", (_step(f"request_{kind}_review"),), f"{name}（条例{article}）")
        )
        decided = _step(f"{kind}_review")
        rows.append(PlanRow(f"{kind}-decided", f"{name}意见", (decided,)))
        rows += [
            PlanRow(f"{kind}-{r.value}", r.label, (decided & Q(said_result=r.value),), part_of=f"{kind}-decided")
            for r in ReviewResult
        ]
    return TablePlan(
        "5", "表5　结论与复查复核", ("项（件）次",), tuple(rows), ("诉求按项计，一件可有几项；复查、复核按件计。",)
    )


RATINGS = ((0, "satisfied", "满意"), (1, "fairly", "基本满意"), (3, "not", "不满意"))


def _ratings(today: date) -> TablePlan:
    rated = _step(StepCode.RATE)
    unrated = CountingMeasure(RATING_DUE, ORDINARY_CASE & missed(today))
    rows = [
        PlanRow("rated", "已评价", (rated, rated)),
        PlanRow("missed", "超期未评价", (unrated, unrated)),
        PlanRow("took-part", "参评率", (RatePlan((rated,), (rated, unrated)),) * 2),
    ]
    fields = ("office_rating", "unit_rating")
    for value, code, label in RATINGS:
        rows.append(
            PlanRow(code, label, tuple(rated & Q(**{f"said_{f}": str(value)}) for f in fields), part_of="rated")
        )
    pleased = tuple(RatePlan(tuple(rated & Q(**{f"said_{f}": str(v)}) for v in (0, 1)), (rated,)) for f in fields)
    rows.append(PlanRow("pleased", "满意和基本满意占已评价的比例", pleased))
    return TablePlan(
        "6",
        "表6　信访人评价",
        ("对办公室", "对承办单位"),
        tuple(rows),
        ("比例只供改进工作，不作为任何人的考核指标。",),
    )


SUPERVISED_COLUMNS = (6, 7, 8)
"""The columns of table 7 for supervision, answers in time and sending back."""


def _units(dimensions: TableDimensions, today: date) -> TablePlan:
    received, open_now = CountingMeasure(RECEIVED, ORDINARY), CountingMeasure(OPEN_NOW, ORDINARY)
    replied = CountingMeasure(REPLIED, ORDINARY)
    running = CountingMeasure(RUNNING_NOW, ORDINARY)

    supervised = CountingMeasure(SUPERVISED, Q(code=StepCode.SUPERVISE))
    in_time = CountingMeasure(ANSWER_DUE, Q(stopped_on__lte=F("due")) & MET)
    sent_back = CountingMeasure(SUPERVISED, Q(code=StepCode.SEND_BACK))

    def cells(which: Q, then: Q) -> tuple[CellPlan, ...]:
        return (
            received & which,
            replied & which,
            open_now & which,
            running & which & within(today, SOON_DAYS),
            running & which & late(today),
            open_now & which & Q(supervised=True),
            supervised & then,
            in_time & then,
            sent_back & then,
        )

    rows = [PlanRow("all", "合计（不含检举控告）", cells(Q(), Q()))]
    rows += [
        PlanRow(u.code, u.name, cells(Q(handling_unit=u.pk), Q(unit_then=u.code)), part_of="all")
        for u in dimensions.units
    ]
    others = cells(~_in(dimensions.units), ~Q(unit_then__in=[u.code for u in dimensions.units]))
    rows.append(PlanRow("none", "尚未确定承办单位或其他单位", others, part_of="all"))
    rest = (None,) * 8
    rows.append(PlanRow("supervise", "督办（次）", (_step(StepCode.SUPERVISE), *rest), "全厅"))
    rows.append(PlanRow("answered", "督办反馈（次）", (_step(StepCode.ANSWER_SUPERVISION), *rest)))
    rows.append(PlanRow("send-back", "承办单位退回（次）", (_step(StepCode.SEND_BACK), *rest)))
    return TablePlan(
        "7",
        "表7　承办单位",
        (
            "本期收到",
            "本期办结",
            "在办",
            f"{SOON_DAYS}日内到期",
            "已超期",
            "督办未反馈",
            "本期督办",
            "按期反馈督办",
            "本期退回",
        ),
        tuple(rows),
        (
            "单位按单位名录排列，不排名；按现承办单位计，督办、反馈和退回按当时的承办单位计。",
            "“在办”至“督办未反馈”四栏是统计当日的数，不随统计期变化；到期、超期也计已有结果而期限未了的（如尚未告知、尚未归档）。",
        ),
    )


def _in(units: Iterable[Unit]) -> Q:
    return Q(handling_unit__isnull=False, handling_unit__in=[u.pk for u in units])


def _leaders(dimensions: TableDimensions, inside: bool) -> TablePlan:
    received, replied = CountingMeasure(RECEIVED, ORDINARY), CountingMeasure(REPLIED, ORDINARY)
    open_now = CountingMeasure(OPEN_NOW, ORDINARY)

    def cells(which: Q) -> tuple[CellPlan, ...]:
        return (received & which, replied & which, open_now & which)

    led = Q(responsible_leader__isnull=False)
    rows = [PlanRow("all", "包案合计", cells(led))]
    if inside:
        others = led & ~Q(responsible_leader__in=[s.pk for s in dimensions.leaders])
        rows += [
            *(
                PlanRow(s.username, s.name, cells(Q(responsible_leader=s.pk)), part_of="all")
                for s in dimensions.leaders
            ),
            PlanRow("others", "已不任厅领导的", cells(others), part_of="all"),
        ]
    rows.append(
        PlanRow("asked", "信访人要求见厅领导（次）", (_step(StepCode.ASK_TO_MEET), None, None), "会见（规程11）")
    )
    rows.append(PlanRow("agreed", "同意会见（次）", (_step(StepCode.DECIDE_MEETING, Q(data__agree=True)), None, None)))
    # A visit of a sealed case is in no number that leaves the department.
    visits = CountingMeasure(VISITS, Q() if inside else ORDINARY_VISIT)

    def only(code: str, label: str, measure: CountingMeasure, heading: str = "") -> PlanRow:
        return PlanRow(code, label, (measure, None, None), heading, listed=False)

    rows += [
        only("days", "领导接待（天）", CountingMeasure(HELD, Q(kind=DayKind.RECEPTION.value)), "接访、下访（条例18）"),
        only("days-down", "领导下访（天）", CountingMeasure(HELD, Q(kind=DayKind.VISIT_DOWN.value))),
        only("visits", "接待来访（批次）", visits & Q(kind_now=DayKind.RECEPTION.value)),
        only("visitors", "接待来访（人次）", _people(visits & Q(kind_now=DayKind.RECEPTION.value))),
        only("visits-down", "下访接待（批次）", visits & Q(kind_now=DayKind.VISIT_DOWN.value)),
        only("visitors-down", "下访接待（人次）", _people(visits & Q(kind_now=DayKind.VISIT_DOWN.value))),
        only("settled", "其中已出具意见书或者办结（批次）", visits & Q(is_settled=True)),
    ]
    return TablePlan(
        "8",
        "表8　厅领导包案与接访",
        ("本期收到", "本期办结", "在办"),
        tuple(rows),
        ("按人员名录排列，不排名，不计算任何人的比率。" if inside else "只列合计，不列姓名。",),
    )


def _people(visits: CountingMeasure) -> CountingMeasure:
    return CountingMeasure(visits.basis, visits.keeps, adds="people")


def _urgent() -> TablePlan:
    group = CountingMeasure(RECEIVED, ORDINARY & _group_visits())
    people = CountingMeasure(RECEIVED, group.keeps, adds="group_size")
    return TablePlan(
        "9",
        "表9　集体来访与报送",
        ("数量",),
        (
            PlanRow("group", f"集体来访（批次，{_group_words()}）", (group,)),
            PlanRow("people", "集体来访（人次）", (people,)),
            PlanRow("reported", "报送上级（次）", (_step(StepCode.REPORT_UP),)),
            PlanRow("completion", "其中：办结报告", (_step(StepCode.REPORT_UP, Q(data__completion=True)),)),
        ),
        ("突发事件只记录事件，不记录人。",),
    )
