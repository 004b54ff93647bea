"""An invented department of a real size: fifteen handling units, five leaders, an office of four."""

from datetime import date

from xinfang.accounts.models import Duty, Staff, Unit
from xinfang.categories.models import Category
from xinfang.department.actions import set_setting

BEGAN = date(2015, 1, 1)
HANDLING_UNITS = tuple(f"u{i:02d}" for i in range(1, 16))
LEADERS = tuple(f"leader{i}" for i in range(1, 6))
CLERKS = ("clerk1", "clerk2", "clerk3")
PASSWORD = "bench-Password-long"  # noqa: S105 - of invented people in a temporary database

_DIVISIONS = "经费 平台 规划 高新 农村 社发 成果 合作 监督 人事"
_AFFILIATED = "信息所 生态所 农科所 创新院 交流中心"
_OTHERS = {
    "office": ("办公室", "office"),
    "leaders": ("厅领导", "leadership"),
    "archive": ("机要室", "archive"),
    "legal": ("法律顾问", "legal"),
}
_OFFICE_STAFF = [
    *((clerk, "office", "office") for clerk in CLERKS),
    ("clerk1", "reception", "office"),
    ("office_head", "office_head", "office"),
    ("sealed", "sealed_officer", "office"),
    ("principal", "principal_leader", "leaders"),
    ("adviser", "legal_adviser", "legal"),
    ("archivist", "archive_room", "archive"),
]


def head(unit: str) -> str:
    """Return the user name of the head of a unit."""
    return f"{unit}-head"


def handler(unit: str, which: int = 1) -> str:
    """Return the user name of a handler of a unit."""
    return f"{unit}-handler{which}"


def leader_of(unit: str) -> str:
    """Return the leader in charge of a unit: three units each."""
    return LEADERS[HANDLING_UNITS.index(unit) % len(LEADERS)]


def make_department() -> None:
    """Make units, staff, duties and categories."""
    names = _DIVISIONS.split() + _AFFILIATED.split()
    units = {code: Unit.objects.create(code=code, name=name, kind=kind) for code, (name, kind) in _OTHERS.items()}
    for place, code in enumerate(HANDLING_UNITS):
        division = place < len(_DIVISIONS.split())
        units[code] = Unit.objects.create(
            code=code,
            name=f"{names[place]}{'处' if division else ''}",
            kind="division" if division else "affiliated",
        )
    duties = [*_OFFICE_STAFF, *((code, "leader", "leaders") for code in LEADERS)]
    for unit in HANDLING_UNITS:
        duties.append((head(unit), "unit_head", unit))
        duties += [(handler(unit, which), "handler", unit) for which in (1, 2)]
    first = Staff(username="first")
    first.set_password(PASSWORD)
    for username, role, unit in duties:
        staff, _ = Staff.objects.get_or_create(
            username=username, defaults={"name": f"人员{username}", "password": first.password}
        )
        Duty.objects.create(staff=staff, role=role, unit=units[unit], since=BEGAN)
    for unit in HANDLING_UNITS:
        units[unit].leader = Staff.objects.get(username=leader_of(unit))
        units[unit].save()
    set_setting("subordinate_bodies", "盟市科技局", since=BEGAN, by=None)
    for place, name in enumerate(
        ("项目经费", "平台基地", "成果奖励", "科研诚信", "人才职称", "厅属单位", "科普", "其他"), 1
    ):
        top, _ = Category.objects.get_or_create(code=f"b{place:01d}", defaults={"name": name, "level": 1})
        for below in range(1, 4):
            Category.objects.get_or_create(
                code=f"b{place:01d}{below:02d}", defaults={"name": f"{name}{below}", "level": 2, "parent": top}
            )


CATEGORIES = tuple(f"b{i}{j:02d}" for i in range(1, 9) for j in range(1, 4))
