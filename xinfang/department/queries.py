"""Settings of the department that hold from a day on. An earlier value stays on record; nothing is overwritten."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from xinfang.core.clock import today
from xinfang.department.models import EffectiveSetting
from xinfang.procedure.articles import DEPARTMENT_SETTING, HOUSE_RULES, REGULATION, Article
from xinfang.procedure.calendar import WEEKDAYS


@dataclass(frozen=True)
class SettingSpec:
    """One setting: what it is called, what it says while nobody has set it, and which article wants it."""

    name: str
    label: str
    default: str
    help: str
    cites: tuple[Article, ...]
    choices: tuple[str, ...] = ()
    """The only values it may have; any words where there are none."""
    longest: int = 200
    """How many characters its values may have."""
    form: str = ""
    """A regular expression that its values match as a whole; `help` says in words what it asks for."""


BOTH_LEADERS = "主要领导和分管领导"
"""As the department's procedure says it (H7): the form of a proposal begins so until it is set otherwise."""
SETTINGS = {
    s.name: s
    for s in (
        SettingSpec(
            "reception_place",
            "接待地点",
            "厅机关一楼信访接待室",
            "登记来访时默认填入；变更前已登记的来访不受影响。",
            (HOUSE_RULES[7],),
        ),
        SettingSpec(
            "instructed_by",
            "拟办报请谁批示",
            BOTH_LEADERS,
            "拟办时默认是否在分管领导批示后再报主要领导，每件都可以改；规程第七条写的是报请主要领导和分管领导。",
            (HOUSE_RULES[7], HOUSE_RULES[8]),
            choices=(BOTH_LEADERS, "分管领导"),
        ),
        SettingSpec(
            "review_body",
            "复查机关",
            "",
            "名称和地址，拟写意见书时默认填入，印在意见书上。",
            (REGULATION[35],),
        ),
        SettingSpec(
            "subordinate_bodies",
            "下级科技部门名录",
            "",
            "可以转送信访事项的下级科技部门全称，用顿号隔开；不在名录上的不能转送。",
            (HOUSE_RULES[8], REGULATION[23]),
            longest=2000,
        ),
        SettingSpec(
            "contact_phone",
            "对外联系电话",
            "",
            "受理告知书上的联系方式，受理时默认填入。",
            (REGULATION[18],),
        ),
        SettingSpec(
            "address",
            "厅地址",
            "",
            "通信地址和邮政编码，印在告知书、补正通知上。",
            (REGULATION[18],),
        ),
        SettingSpec(
            "reception_hours",
            "接待时间",
            "",
            "信访接待的时间。",
            (REGULATION[18],),
        ),
        SettingSpec(
            "inquiry_ways",
            "查询方式",
            "",
            "信访人凭编号和查询码怎样查询办理进展和结果，印在接收回执和告知书上。",
            (REGULATION[18], REGULATION[21]),
        ),
        SettingSpec(
            "incident_phone",
            "突发事件联系电话",
            "",
            "办公室昼夜有人接听的电话；值班人员报告后无人确认时，页面提示拨打。",
            (HOUSE_RULES[16],),
        ),
        SettingSpec(
            "incident_places",
            "突发事件常用地点",
            "厅机关大门口、厅机关一楼大厅、厅机关院内",
            "值班页上一按即选的地点，用顿号隔开，最多六个。",
            (HOUSE_RULES[16],),
        ),
        SettingSpec(
            "fonds_number",
            "全宗号",
            "",
            "档案馆给本厅的全宗号，印在案卷封面上，编入以后的档号；一至六位大写字母或数字。",
            (HOUSE_RULES[14], DEPARTMENT_SETTING),
            form=r"[A-Z0-9]{1,6}",
        ),
        SettingSpec(
            "archive_category",
            "档案门类代码",
            "",
            "档案分类方案中信访案卷所属门类的代码，编入以后的档号；大写字母，有二级门类的用“·”隔开，如：WS、ZY·XF。",
            (HOUSE_RULES[14], DEPARTMENT_SETTING),
            form=r"[A-Z]{2,4}(·[A-Z0-9]{2,4})?",
        ),
        SettingSpec(
            "archive_unit_code",
            "机构（问题）代码",
            "",
            "档案分类方案中的机构或问题代码，编入以后的档号；一至六位大写字母或数字，如：BGS。",
            (HOUSE_RULES[14], DEPARTMENT_SETTING),
            form=r"[A-Z0-9]{1,6}",
        ),
        SettingSpec(
            "archive_unit",
            "机构（问题）名称",
            "",
            "与机构（问题）代码对应的名称，印在案卷封面上，如：办公室。",
            (HOUSE_RULES[14], DEPARTMENT_SETTING),
        ),
        SettingSpec(
            "weekly_digest_day",
            "每周督办提要",
            "星期一",
            "从每周的这一天起（当天没有运行的，顺延到下次运行），向处室负责人、厅领导和办公室各发一条提要，只有件数。",
            (HOUSE_RULES[5], DEPARTMENT_SETTING),
            choices=tuple(f"星期{day}" for day in WEEKDAYS),
        ),
        SettingSpec(
            "monthly_sample",
            "每月抽查件数",
            "5",
            "每月第一个工作日从上月存信、不予受理、告知向有权机关提出的件中随机抽取这么多件，由厅主要领导抽查；一至三位数字。",
            (HOUSE_RULES[9], HOUSE_RULES[10], REGULATION[44], DEPARTMENT_SETTING),
            form=r"[1-9][0-9]{0,2}",
        ),
    )
}


def effective_setting(name: str, on: date | None = None) -> str:
    """Return what a setting says on a day, today without one (1 query)."""
    row = EffectiveSetting.objects.filter(name=name, since__lte=on or today()).order_by("-since", "-id").first()
    return row.value if row else SETTINGS[name].default


def subordinate_bodies(on: date | None = None) -> tuple[str, ...]:
    """Return the bodies below this department on a day, today without one; only they are forwarded to (1 query)."""
    names = (name.strip() for name in effective_setting("subordinate_bodies", on).split("、"))
    return tuple(dict.fromkeys(name for name in names if name))


def settings_over_time(*names: str) -> Callable[[str, date], str]:
    """Return what each of these settings says on any day: for lists that look back (1 query)."""
    rows = list(EffectiveSetting.objects.filter(name__in=names).order_by("-since", "-id"))

    def says(name: str, day: date) -> str:
        found = (row.value for row in rows if row.name == name and row.since <= day)
        return next(found, SETTINGS[name].default)

    return says


def setting_history() -> dict[str, list[EffectiveSetting]]:
    """Return every value that each setting has, had or will have, the latest first, with who set it (1 query)."""
    values: dict[str, list[EffectiveSetting]] = {name: [] for name in SETTINGS}
    for row in EffectiveSetting.objects.select_related("by"):
        if row.name in values:
            values[row.name].append(row)
    return values
