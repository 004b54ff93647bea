"""The department's own settings, each with the day from which it holds."""

from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from xinfang.accounts.actions.change_checks import MANAGES_PEOPLE, require_manager
from xinfang.accounts.actions.people import AdminChangeRefused
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.core.clock import today
from xinfang.department.queries import SETTINGS, SettingSpec, setting_history
from xinfang.procedure.visibility import ADMINISTERS
from xinfang.web import form_drafts as drafts
from xinfang.web.dates import chinese_date
from xinfang.web.form_types import Problem
from xinfang.web.page_frame import render_page

from .actions import set_setting
from .forms import SettingForm

if TYPE_CHECKING:
    from xinfang.department.models import EffectiveSetting

NAV_ROUTE = "settings"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*ADMINISTERS)
def settings_page(request: DeskRequest) -> HttpResponse:
    """Show what is set now, what was set before, and one form for a change; take the change."""
    form = SettingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            require_manager(request.user)
            if form.is_valid():
                set_setting(**form.cleaned_data, by=request.user)
                drafts.form_accepted(request)
                messages.success(request, _changed(**form.cleaned_data))
                return redirect("settings")
        except AdminChangeRefused as rejected:
            form.refuse(rejected.sentences)
    return render_page(
        request, "department/settings.html", _context(request, form), here=NAV_ROUTE, status=422 if form.errors else 200
    )


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
    errors: list[Problem]
    form: SettingForm


def _changed(name: str, value: str, since: date, reason: str) -> str:
    return f"“{SETTINGS[name].label}”自{chinese_date(since)}起改为“{value}”。"


def _context(request: DeskRequest, form: SettingForm) -> SettingsContext:
    day = today()
    shown = list(SETTINGS.values())
    values = setting_history()
    return {
        "settings_now": [_told(s, values[s.name], day) for s in shown],
        "may_change": request.actor.has(*MANAGES_PEOPLE),
        "errors": form.summary,
        "form": form,
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
