"""The part of the form of a registration that asks whether the petitioner wishes for messages."""

from django.http import QueryDict

from xinfang.petitioner_news.wishes import MAX_ADDRESS, NO_ADDRESS, NO_MOBILE, Wishes, mail_address, mobile, ways
from xinfang.web.form_types import Field


def read_wishes(sent: QueryDict) -> tuple[Wishes, dict[str, str]]:
    """Return what a form says of messages, and what is wrong with it by the name of the field."""
    there, problems = ways(), {}
    typed = {
        way: sent.get(f"news_{way}", "").replace("\0", "").strip() if way in there else "" for way in ("sms", "mail")
    }
    sms, mail = mobile(typed["sms"]), mail_address(typed["mail"])
    if typed["sms"] and not sms:
        problems["news_sms"] = NO_MOBILE
    if typed["mail"] and not mail:
        problems["news_mail"] = NO_ADDRESS
    return Wishes(sms, mail, sent.get("news_number") == "on"), problems


def news_parts(sent: QueryDict, problems: dict[str, str]) -> list[Field]:
    """Return the fields; none where no gateway is set."""
    there = ways()
    parts: list[Field] = []
    if "sms" in there:
        parts.append(
            {
                "name": "news_sms",
                "label": "进展提醒发到手机",
                "value": sent.get("news_sms", ""),
                "help": "第一位信访人同意才填；只提醒有新进展，不写内容，不算告知",
                "error": problems.get("news_sms", ""),
                "attrs": {"maxlength": 20, "inputmode": "tel"},
            }
        )
    if "mail" in there:
        parts.append(
            {
                "name": "news_mail",
                "label": "进展提醒发到邮箱",
                "value": sent.get("news_mail", ""),
                "help": "第一位信访人同意才填",
                "error": problems.get("news_mail", ""),
                "attrs": {"maxlength": MAX_ADDRESS},
            }
        )
    if there:
        parts.append(
            {
                "name": "news_number",
                "label": "信访人同意在提醒里写明编号",
                "widget": "checkbox",
                "value": sent.get("news_number") == "on",
            }
        )
    return parts
