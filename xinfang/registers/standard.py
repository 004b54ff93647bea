"""The registers that every office keeps, ready: which cases, in which order, with which columns."""

from collections.abc import Mapping
from dataclasses import dataclass

from xinfang.procedure.words import Channel

from .columns import LEDGER


@dataclass(frozen=True)
class StandardRegister:
    """A standard register: `criteria` are those of the list of cases, by their names in an address."""

    code: str
    title: str
    about: str
    criteria: Mapping[str, str]
    columns: tuple[str, ...] = LEDGER


def _without(*codes: str) -> tuple[str, ...]:
    return tuple(c for c in LEDGER if c not in codes)


_OF_SUPERVISION = (
    "number", "received_on", "channel", "who", "subject", "unit", "leader", "handler", "handling_due", "overdue",
    "supervised_on", "feedback_due", "feedback_on", "state", "replied_on",
)  # fmt: skip

REGISTERS: tuple[StandardRegister, ...] = (
    StandardRegister("all", "信访事项总台账", "全部形式的来件。", {"sort": "received"}),
    StandardRegister(
        "letters", "来信台账", "书面来信。", {"channel": Channel.LETTER.value, "sort": "received"}, _without("channel")
    ),
    StandardRegister(
        "visits",
        "来访台账",
        "来访，含接待地点和人数。",
        {"channel": Channel.VISIT.value, "sort": "received"},
        (*_without("channel"), "reception_place"),
    ),
    StandardRegister(
        "calls", "来电台账", "来电。", {"channel": Channel.PHONE.value, "sort": "received"}, _without("channel")
    ),
    StandardRegister(
        "online",
        "网信台账",
        "网上信访，含上级平台的编号。",
        {"channel": Channel.ONLINE.value, "sort": "received"},
        (*_without("channel"), "external_number"),
    ),
    StandardRegister(
        "faxes", "传真台账", "传真。", {"channel": Channel.FAX.value, "sort": "received"}, _without("channel")
    ),
    StandardRegister(
        "supervised",
        "督办台账",
        "已督办的事项，含督办、反馈的日期。",
        {"supervised": "1", "sort": "received"},
        _OF_SUPERVISION,
    ),
    StandardRegister(
        "long-open",
        "积案台账",
        "办结期限已过、至今没有办结的事项；只列事项，不列人。",
        {"state": "open", "clock": "handling", "due": "late", "sort": "due"},
    ),
)
BY_CODE = {r.code: r for r in REGISTERS}
