"""Changing a setting of the department: added from a day on, with an audit trail, never overwritten."""

import re
from datetime import date

from django.db import transaction

from xinfang.accounts.actions.change_checks import raise_if_any, require_manager, single_line
from xinfang.accounts.models import Staff
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.core.clock import today
from xinfang.department.models import EffectiveSetting

from .queries import SETTINGS


@transaction.atomic
def set_setting(
    name: str, value: str, *, since: date | None = None, reason: str = "", by: Staff | None
) -> EffectiveSetting:
    """Add a setting that holds from a day on (today unless `since`); earlier values go on saying what held before.

    Raises:
        AdminChangeRefused: there is no such setting, the value isn't possible, or `by` may not change settings.
    """
    require_manager(by)
    reasons: list[str] = []
    if name not in SETTINGS:
        raise AdminChangeRefused(f"没有名为“{name}”的设置，可选：{'、'.join(SETTINGS)}。")
    value = single_line(value, SETTINGS[name].label, SETTINGS[name].longest, reasons)
    reason = single_line(reason, "说明", 200, reasons, needed=False)
    choices = SETTINGS[name].choices
    if value and choices and value not in choices:
        reasons.append(f"“{SETTINGS[name].label}”只能是：{'、'.join(choices)}。")
    if value and SETTINGS[name].form and not re.fullmatch(SETTINGS[name].form, value):
        reasons.append(f"“{SETTINGS[name].label}”不能是“{value}”。{SETTINGS[name].help}")
    raise_if_any(reasons)
    since = since or today()
    setting = EffectiveSetting.objects.create(name=name, value=value, since=since, by=by, reason=reason)
    audit_log.record(by, "修改设置", SETTINGS[name].label, value=value, since=since.isoformat(), reason=reason)
    return setting
