"""What the owner of an account is shown about it: sign-ins, the origin of its password, what others did with it."""

from typing import TypedDict

from xinfang.accounts.models import SignIn, Staff
from xinfang.audit.actions.audit_log import staff_target
from xinfang.audit.models import AdminRecord
from xinfang.core.clock import minute_text

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
MAX_SHOWN = 20
"""Sign-ins that have ended, and administrative records."""


class GivenPasswordRow(TypedDict):
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


def sign_ins_of(staff: Staff) -> tuple[list[SignIn], list[SignIn]]:
    """Return the open sign-ins of this person, and the last of those that have ended, newest first (2 queries)."""
    mine = SignIn.objects.filter(staff=staff)
    return list(mine.filter(ended_at=None)), list(mine.exclude(ended_at=None)[:MAX_SHOWN])


def one_time_password_used(staff: Staff) -> bool:
    """Tell whether the account's password is one that the program gave and somebody has signed in with (1 query)."""
    return staff.given_passwords.filter(password=staff.password).exclude(used_at=None).exists()


def given_password(staff: Staff) -> GivenPasswordRow | None:
    """Return who proposed and confirmed the last password for a first sign-in, when it was made and used (1 query)."""
    given = staff.given_passwords.select_related("proposed_by", "confirmed_by").first()
    if given is None:
        return None
    return {
        "made": minute_text(given.made_at),
        "proposer": given.proposed_by.name if given.proposed_by else "",
        "confirmer": given.confirmed_by.name if given.confirmed_by else "",
        "opened": minute_text(given.opened_at) if given.opened_at else "",
        "used": minute_text(given.used_at) if given.used_at else "",
    }


def account_history(staff: Staff) -> list[Done]:
    """Return what was done with this account and its duties, newest first, with both people's names (2 queries)."""
    events = list(
        AdminRecord.objects.filter(target=staff_target(staff)[:120], what__in=DONE_TO_AN_ACCOUNT).select_related("by")[
            :MAX_SHOWN
        ]
    )
    codes = {e.detail.get("confirmed_by", "") for e in events}
    names = dict(Staff.objects.filter(username__in=codes).values_list("username", "name"))
    return [
        {
            "when": minute_text(e.at),
            "what": e.what,
            "text": e.detail.get("text", ""),
            "by": e.by.name if e.by else AT_THE_SERVER,
            "confirmed_by": names.get(e.detail.get("confirmed_by", ""), ""),
        }
        for e in events
    ]
