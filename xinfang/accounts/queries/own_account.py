"""What the owner of an account is shown about it: its sign-ins, who gave its password, what was done with it, and by whom."""

from datetime import datetime
from typing import TypedDict

from django.utils import timezone

from xinfang.accounts.models import SignIn, Staff
from xinfang.audit.actions.ledger import who
from xinfang.audit.models import AdminEvent
from xinfang.core.clock import SHANGHAI

AT_THE_SERVER = "服务器命令行"
DONE_TO_AN_ACCOUNT = (
    "新增人员",
    "修改人员",
    "新增职责",
    "结束职责",
    "安排代行",
    "设置密码",
    "重设密码",
    "启用验证器",
    "停用验证器",
    "更换恢复码",
    "清除验证器",
    "解除登录限制",
    "提出变更",
    "确认变更",
    "不同意变更",
    "撤回变更",
)
"""The administrative records that the owner of the account sees."""
SHOWN = 20
"""Sign-ins that have ended, and administrative records."""


class Given(TypedDict):
    """A password for a first sign-in: by whom it came and when it was used."""

    made: str
    proposer: str
    confirmer: str
    opened: str
    used: str


class Done(TypedDict):
    """Something that was done with an account, and by whom."""

    when: str
    what: str
    text: str
    by: str
    confirmed_by: str


def moment(when: datetime) -> str:
    """2026-11-28 16:20, in Asia/Shanghai."""
    return f"{timezone.localtime(when, SHANGHAI):%Y-%m-%d %H:%M}"


def sign_ins_of(staff: Staff) -> tuple[list[SignIn], list[SignIn]]:
    """The open sign-ins of this person, and the last of those that have ended, newest first (2 queries)."""
    mine = SignIn.objects.filter(staff=staff)
    return list(mine.filter(ended_at=None)), list(mine.exclude(ended_at=None)[:SHOWN])


def one_time_password_used(staff: Staff) -> bool:
    """Whether the password of this account is one that the program gave and that somebody has signed in with (1 query)."""
    return staff.given_passwords.filter(password=staff.password).exclude(used_at=None).exists()


def given_password(staff: Staff) -> Given | None:
    """By whom the last password for a first sign-in was proposed and confirmed, made when and used when (1 query)."""
    given = staff.given_passwords.select_related("proposed_by", "confirmed_by").first()
    if given is None:
        return None
    return {
        "made": moment(given.made_at),
        "proposer": given.proposed_by.name if given.proposed_by else "",
        "confirmer": given.confirmed_by.name if given.confirmed_by else "",
        "opened": moment(given.opened_at) if given.opened_at else "",
        "used": moment(given.used_at) if given.used_at else "",
    }


def history(staff: Staff) -> list[Done]:
    """What was done with this account and its duties, newest first, with both people's names (2 queries)."""
    events = list(
        AdminEvent.objects.filter(target=who(staff)[:120], what__in=DONE_TO_AN_ACCOUNT).select_related("by")[:SHOWN]
    )
    codes = {e.detail.get("confirmed_by", "") for e in events}
    names = dict(Staff.objects.filter(username__in=codes).values_list("username", "name"))
    return [
        {
            "when": moment(e.at),
            "what": e.what,
            "text": e.detail.get("text", ""),
            "by": e.by.name if e.by else AT_THE_SERVER,
            "confirmed_by": names.get(e.detail.get("confirmed_by", ""), ""),
        }
        for e in events
    ]
