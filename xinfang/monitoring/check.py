"""What one look at one thing of the system found."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class Severity(IntEnum):
    """How bad it is; the number is what is measured."""

    WELL = 0
    REMARK = 1
    FAULT = 2

    @property
    def label(self) -> str:
        """Say it in a word."""
        return {Severity.WELL: "正常", Severity.REMARK: "请留意", Severity.FAULT: "故障"}[self]

    @property
    def chip(self) -> str:
        """Return the style of its mark on the page."""
        return {Severity.WELL: "ok", Severity.REMARK: "soon", Severity.FAULT: "late"}[self]


LABELS: Final = {
    "database": "数据库",
    "migrations": "数据库升级",
    "keys": "主密钥",
    "shares": "密钥份额",
    "folder": "文件权限",
    "disk": "磁盘空间",
    "clock": "服务器时间",
    "sweep": "期限巡查",
    "seal": "封印",
    "seals_sent": "封印外送",
    "backup": "备份",
    "rehearsal": "恢复演练",
    "mail": "邮件",
    "news": "给信访人的提醒",
    "mailbox": "邮箱来件",
    "exchange": "与自治区系统交换",
    "virus_scanner": "查毒",
    "certificate": "网站证书",
    "calendar": "放假安排",
    "department": "人员和设置",
}
"""What is looked at, by its code, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was found. `says` is a sentence for an administrator: what is so, and what to do where something is wrong.

    `measured` is a number to be watched over time: seconds since the last time, bytes left, how many wait; None where
    there is none.
    """

    code: str
    level: Severity
    says: str
    measured: float | None = None

    @property
    def label(self) -> str:
        """Name what was looked at."""
        return LABELS[self.code]
