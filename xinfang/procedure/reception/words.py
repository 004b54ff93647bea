"""The words of leaders' reception (N18)."""

from xinfang.procedure.words import Word


class DayKind(Word):
    """Whether petitioners come to the leader, or the leader goes down to them (N18)."""

    RECEPTION = "reception", "领导接访"
    VISIT_DOWN = "visit_down", "领导下访"


class AskedThrough(Word):
    """How a petitioner asked for a place."""

    COUNTER = "counter", "当面"
    LETTER = "letter", "来信"
    PHONE = "phone", "来电"


class DayEnd(Word):
    """Why a day that was published isn't held as published."""

    MOVED = "moved", "改期"
    CANCELLED = "cancelled", "取消"
    HINDERED = "hindered", "领导因故未能接待"


class BookingStage(Word):
    """How far a booking is. It follows from what was recorded, and says nothing of the petitioner."""

    PLACED = "placed", "已约定"
    WAITING = "waiting", "候补"
    OWED = "owed", "应另约"
    CAME = "came", "已接待"
    NO_SHOW = "no_show", "未到"
    WITHDRAWN = "withdrawn", "本人取消"


class ReceptionAct(Word):
    """What is recorded of a day or a booking."""

    PUBLISH = "publish", "公布接待日"
    END_DAY = "end_day", "改期、取消接待日"
    BOOK = "book", "预约"
    TELL = "tell", "告知信访人"
    CARRY = "carry", "另约"
    WITHDRAW = "withdraw", "本人取消预约"
    RECEIVE = "receive", "记录接待"
    NO_SHOW = "no_show", "记录未到"
    LINK = "link", "登记成件"
