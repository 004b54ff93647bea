"""What is typed of a day of reception and of a booking."""

from dataclasses import dataclass
from datetime import date

from xinfang.procedure.facts import NO_UNIT
from xinfang.procedure.step_schema import StaffCode, UnitCode, step_field

from .words import AskedThrough, DayEnd, DayKind


@dataclass(frozen=True, kw_only=True)
class PublishDay:
    """A day on which a leader receives, or goes down to petitioners."""

    kind: DayKind = step_field("形式", default=DayKind.RECEPTION)
    leader: StaffCode = step_field("厅领导")
    on: date = step_field("日期", help="今天或以后；过去的日期不能补登")
    begins: str = step_field("开始时间", max=5, help="如 09:00")
    ends: str = step_field("结束时间", max=5, help="如 11:30")
    place: str = step_field("地点", max=200, help="如：厅机关一楼信访接待室；下访的写明到哪里")
    places: int = step_field("可预约人数（批）", default=6, help="约满以后仍可预约，依次候补")


@dataclass(frozen=True, kw_only=True)
class EndDay:
    """What becomes of a published day that isn't held as published."""

    what: DayEnd = step_field("情形")
    reason: str = step_field("理由", long=True, max=500, help="将告知每一位已预约的信访人")
    on: date | None = step_field("改到哪一天", default=None, help="改期的填写；已预约的依次转到这一天")
    begins: str = step_field("开始时间", default="", max=5, help="不填为原来的时间")
    ends: str = step_field("结束时间", default="", max=5)
    place: str = step_field("地点", default="", max=200, help="不填为原来的地点")


@dataclass(frozen=True, kw_only=True)
class BookPlace:
    """A petitioner asks for a place: with a case there is, or with name, telephone and the matter in short."""

    asked_by: AskedThrough = step_field("怎样提出的")
    number: str = step_field("已登记的编号", default="", max=20, help="已登记的填编号，下面三项不填")
    name: str = step_field("姓名（名称）", default="", private=True, max=100)
    phone: str = step_field("联系方式", default="", private=True, max=200, help="用于告知安排和变动")
    matter: str = step_field("事由", default="", long=True, max=1000, help="简要写明要反映的事；不要求证件号码")
    people: int = step_field("来访人数", default=1)


@dataclass(frozen=True, kw_only=True)
class TellBooked:
    """The petitioner was told of a change."""

    text: str = step_field("怎样告知的", max=500, help="如：12月3日上午电话告知本人；联系不上的写明经过")


@dataclass(frozen=True, kw_only=True)
class CarryBooking:
    """A new place instead of one that fell away."""

    day: int = step_field("另约到")


@dataclass(frozen=True, kw_only=True)
class WithdrawBooking:
    """The petitioner gives the place back."""

    text: str = step_field("信访人怎样提出的", max=500, help="只有信访人本人提出的才能取消；由另一人核实后生效")


@dataclass(frozen=True, kw_only=True)
class RecordReception:
    """Who received, what was said, what the leader instructed."""

    leader: StaffCode = step_field("接待的厅领导", help="由其他厅领导代为接待的，选实际接待的")
    people: int = step_field("来访人数", default=1)
    said: str = step_field("信访人反映的情况和诉求", long=True, help="如实记录，不评价信访人")
    instruction: str = step_field("领导意见", default="", long=True, max=2000, help="当场答复的写明怎样答复")
    unit: UnitCode = step_field("责任单位", default=NO_UNIT)
    due: date | None = step_field("办理期限", default=None, help="领导要求办结或者答复的日期")


@dataclass(frozen=True, kw_only=True)
class RecordNoShow:
    """Nobody came. It takes no right away: they may ask for a place at any time."""

    text: str = step_field("经过", max=500, help="如：等候到11:30未到，电话无人接听。不影响再次预约")
