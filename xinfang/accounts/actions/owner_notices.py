"""Tell the owner of an account what was done to it: in 提醒, and by e-mail where a mail server is set.

The words name no address, duty, device or password, as somebody else may read a letter. What exactly happened is on the
page 我的账号.
"""

from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.notifications.actions import notify

KIND = "account"
"""Of a notice about one's own account.

Such a letter goes to an address just replaced as well (operations/actions/notification_mail.py).
"""
OWN_CHOSEN = "您的登录密码已修改"
GIVEN = "管理人员已为您生成一次性密码，原密码和所有登录失效"
GIVEN_AT_THE_SERVER = "服务器管理员已为您生成一次性密码，原密码和所有登录失效"
AUTHENTICATOR_ON = "您的账号已启用验证器"
AUTHENTICATOR_OFF = "您的账号已停用验证器，登录时只需密码"
AUTHENTICATOR_CLEARED = "管理人员已清除您的验证器和恢复码，所有登录已结束"
RECOVERY_CODES = "您的恢复码已更换，原来的作废"
RECOVERY_CODE_USED = "有人用恢复码登录了您的账号"
NEW_DEVICE = "您的账号在一处以前没有用过的设备或网络登录"
DOOR_OPENED = "管理人员已解除您账号的登录限制（此前有人多次输错密码）"
ABOUT = "您的姓名、职务或电子邮箱资料已更改"
LEAVING = "您的离任日期已更改"
DUTY_GIVEN = "您有新的职责"
DUTY_ENDED = "您的一项职责已定结束日期"
ABSENCE = "您外出期间的代行安排已登记"
DEPUTY = "已安排您代行他人职责"
UNIT = "您分管或任职的单位已更改"
PROPOSED = "有人提出变更您的账号或职责，正在等待确认"
NOT_DONE = "关于您账号或职责的一项变更没有办理（未同意或已撤回）"
_WHAT_TO_DO = "如非您本人所为或您不知情，请立即告诉安全管理员和审计员。详情见“我的账号”。"


def notify_owner(staff: Staff, happened: str) -> None:
    """Tell the owner one of the sentences above. Call it inside the transaction of what happened."""
    notify([staff.pk], None, kind=KIND, text=f"{happened}。{_WHAT_TO_DO}", now=timezone.now())


def notify_auditors(auditors: list[int], text: str) -> None:
    """Tell the auditors something that they should not have to look for.

    Called inside the transaction of what happened.
    """
    notify(auditors, None, kind="for_auditors", text=text, now=timezone.now())
