"""What the owner of an account is shown about it: who gave its password, and what was done with it, by whom."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from xinfang.accounts.models import GivenPassword, Staff
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


def moment(when: datetime) -> str:
    """2026-11-28 16:20, in Asia/Shanghai."""
    return f"{timezone.localtime(when, SHANGHAI):%Y-%m-%d %H:%M}"


def given_row(given: GivenPassword | None) -> dict[str, Any] | None:
    """By whom a password for the first sign-in was proposed and confirmed, made when and used when."""
    if given is None:
        return None
    return {
        "made": moment(given.made_at),
        "proposer": given.proposed_by.name if given.proposed_by else "",
        "confirmer": given.confirmed_by.name if given.confirmed_by else "",
        "opened": moment(given.opened_at) if given.opened_at else "",
        "used": moment(given.used_at) if given.used_at else "",
    }


def history(staff: Staff) -> list[dict[str, str]]:
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
