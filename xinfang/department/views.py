"""The department's own settings, each with the day from which it holds, and the numbers it chose (read only)."""

from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from xinfang.accounts.actions.change_checks import MANAGES_PEOPLE
from xinfang.accounts.actions.people import Rejected
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.core.clock import today
from xinfang.department.queries import SETTINGS, SettingSpec, setting_history
from xinfang.procedure.printed_procedure import LIMITS
from xinfang.procedure.step_schema import read_date
from xinfang.procedure.visibility import ADMINISTERS
from xinfang.web import form_drafts as drafts
from xinfang.web.dates import chinese_date
from xinfang.web.forms import Field, Problem
from xinfang.web.page_frame import render_page

from .actions import set_setting

if TYPE_CHECKING:
    from xinfang.department.models import EffectiveSetting

HERE = "/settings/"
VALUE_MAX = REASON_MAX = 200


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*ADMINISTERS)
def settings_page(request: DeskRequest) -> HttpResponse:
    """What is set now, what was set before, and one form for a change."""
    if request.method != "POST":
        return render_page(request, "department/settings.html", _context(request, {}, []), here=HERE)
    typed = {k: request.POST.get(k, "").strip() for k in ("name", "value", "since", "reason")}
    since, errors = _since(typed["since"])
    if since:
        try:
            set_setting(typed["name"], typed["value"], since=since, reason=typed["reason"], by=request.user)
        except Rejected as rejected:
            errors = [{"reason": sentence} for sentence in rejected.sentences]
    if errors:
        return render_page(request, "department/settings.html", _context(request, typed, errors), here=HERE, status=422)
    drafts.form_accepted(request)
    messages.success(request, f"“{SETTINGS[typed['name']].label}”自{chinese_date(since)}起改为“{typed['value']}”。")
    return redirect("settings")


def _since(text: str) -> tuple[date | None, list[Problem]]:
    try:
        since = read_date(text, "自哪一天起")
    except ValueError as problem:
        return None, [{"reason": str(problem), "field": "since"}]
    if since < today():
        todo = "已发出的文书不能改动，请从今天或以后生效。"
        return None, [{"reason": "生效日期早于今天", "field": "since", "todo": todo}]
    return since, []


class Chosen(TypedDict):
    """A number of the law that the department has chosen."""

    number: str
    used_for: str
    cites: list[str]


class Value(TypedDict):
    """What a setting was from a day on, or will be."""

    value: str
    since: str
    by: str
    reason: str
    when: str


class SettingNow(TypedDict):
    """A setting, what it is today and what it was."""

    label: str
    help: str
    cites: list[str]
    value: str
    since: str
    history: list[Value]


class SettingsContext(TypedDict):
    """The settings, and one form for a change."""

    settings_now: list[SettingNow]
    may_change: bool
    chosen: list[Chosen]
    errors: list[Problem]
    fields: list[Field]


def _context(request: DeskRequest, typed: dict[str, str], errors: list[Problem]) -> SettingsContext:
    day = today()
    wrong = {e.get("field"): e["reason"] for e in errors}
    shown = list(SETTINGS.values())
    values = setting_history()
    return {
        "settings_now": [_told(s, values[s.name], day) for s in shown],
        "may_change": request.actor.has(*MANAGES_PEOPLE),
        "chosen": [
            {
                "number": str(limit),
                "used_for": _USED_FOR.get(limit.code, limit.code),
                "cites": [str(a) for a in limit.cites],
            }
            for limit in LIMITS
            if limit.setting
        ],
        "errors": errors,
        "fields": [
            {
                "name": "name",
                "label": "设置",
                "widget": "select",
                "required": True,
                "error": wrong.get("name", ""),
                "choices": [(s.name, s.label, s.name == typed.get("name")) for s in shown],
            },
            {
                "name": "value",
                "label": "新的内容",
                "required": True,
                "value": typed.get("value", ""),
                "error": wrong.get("value", ""),
                "attrs": {"maxlength": VALUE_MAX},
            },
            {
                "name": "since",
                "label": "自哪一天起",
                "widget": "date",
                "required": True,
                "value": typed.get("since", day.isoformat()),
                "error": wrong.get("since", ""),
                "help": "到那一天自动生效；之前仍用原来的内容。",
            },
            {
                "name": "reason",
                "label": "说明",
                "value": typed.get("reason", ""),
                "error": wrong.get("reason", ""),
                "attrs": {"maxlength": REASON_MAX},
            },
        ],
    }


def _told(setting: SettingSpec, rows: "list[EffectiveSetting]", day: date) -> SettingNow:
    now = next((r for r in rows if r.since <= day), None)
    return {
        "label": setting.label,
        "help": setting.help,
        "cites": [str(a) for a in setting.cites],
        "value": now.value if now else setting.default,
        "since": f"自{chinese_date(now.since)}起" if now else "程序默认" if setting.default else "",
        "history": [
            {
                "value": r.value,
                "since": chinese_date(r.since),
                "by": r.by.name if r.by else "系统",
                "reason": r.reason,
                "when": "尚未生效" if r.since > day else "现行" if r is now else "以前",
            }
            for r in rows
        ],
    }


_USED_FOR = {
    "group_visit": "来访达到这个人数，按集体来访接待",
    "suggestion": "建议意见的回复",
    "supervision": "督办没有写明日期时的反馈期限",
    "warn_head": "到期前提醒承办处室（单位）负责人",
    "warn_leader": "到期前提醒包案厅领导",
    "tell_principal": "超期后报厅主要领导",
    "resubmit": "退回后重新报送或重新交办",
    "assist": "协办单位提供情况或意见",
    "archive": "结案后移交机要室",
    "rating": "送达后请信访人评价",
    "regional_entry": "录入自治区信访系统",
    "legal_advice": "法律顾问出具意见",
    "incident_office": "紧急情况告知办公室",
    "incident_leader": "集体来访、紧急情况报告厅领导",
}
