"""What messages say: nothing of the case, and its number only where the petitioner permitted it."""

from django.conf import settings

MAIL_SUBJECT = "信访事项进展提醒"


def news_text(number: str = "") -> str:
    """Return what says that there is news; with a number only where that was permitted."""
    which = f"（{number}）" if number else ""
    return f"您的信访事项{which}有新进展，请凭编号和查询码查看。{settings.WINDOW_URL}"


def code_text(code: str, minutes: int) -> str:
    """Return what brings a code to open one's case by."""
    return f"验证码{code}，{minutes}分钟内有效，用于查询。请不要告诉任何人，工作人员也不会向您索要。"
