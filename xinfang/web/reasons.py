"""The field in which somebody says why: what is masked is shown and what is kept is handed out for a reason only."""

from typing import TypedDict

from django.http import HttpRequest

from .form_types import Field, Problem

MIN_REASON_CHARACTERS, MAX_REASON_CHARACTERS = 4, 200
"""Characters of a reason."""


def read_reason(request: HttpRequest) -> tuple[str, str]:
    """Return the reason that was sent, and what is wrong with it."""
    if request.method != "POST":
        return "", ""
    words = " ".join(request.POST.get("reason", "").replace("\0", "").split())[:MAX_REASON_CHARACTERS]
    return words, "" if len(
        words
    ) >= MIN_REASON_CHARACTERS else f"请写明理由，至少 {MIN_REASON_CHARACTERS} 个字，例如“电话通知领取意见书”。"


class ReasonForm(TypedDict):
    """What a form with this field shows."""

    fields: list[Field]
    errors: list[Problem]


def reason_field(words: str, wrong: str) -> ReasonForm:
    """Return what the form shows, with what was typed and what is wrong with it."""
    field: Field = {
        "name": "reason",
        "id": "reason",
        "label": "理由",
        "required": True,
        "value": words,
        "error": wrong,
        "widget": "line",
        "attrs": {"maxlength": MAX_REASON_CHARACTERS, "autocomplete": "off"},
        "help": "理由和查看人、时间一起记入查看记录，审计员可见，不能修改。请勿写入信访人的姓名、电话。",
    }
    return {"fields": [field], "errors": [{"reason": wrong, "field": "reason"}] if wrong else []}
