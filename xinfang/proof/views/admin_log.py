"""管理记录, for the auditor: sign-ins, and who changed units, people, duties and settings. No case content."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.changes import KIND_LABELS
from xinfang.audit.actions import audit_log
from xinfang.audit.queries import admin_records
from xinfang.core.clock import SHANGHAI
from xinfang.core.pagination import InvalidCursor, paginate
from xinfang.incidents.queries.incidents import INCIDENT_LOG_KIND, step_label
from xinfang.procedure.words import Role
from xinfang.proof.log_filters import day_fields, person_field, read_log_filter, select_field
from xinfang.proof.views.step_log import AuditorLogContext
from xinfang.web.list_pages import choice_from, cursor_from, pager_context
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.audit.models import AdminRecord

PAGE_SIZE = 50
NAV_ROUTE = "admin-log"
SIGN_INS = ("登录", "登录失败", "暂停登录", "解除登录限制", "结束登录", "退出")
_KINDS = {"sign-ins": "登录与退出", "changes": "人员、单位与设置", "incidents": INCIDENT_LOG_KIND}
_LABELS = {
    "how": "方式", "stage": "环节", "address": "地址", "device": "设备", "count": "个数", "role": "职责", "unit": "单位",
    "since": "起", "until": "止", "deputy": "代行人", "text": "内容", "kind": "种类", "change": "变更号",
    "confirmed_by": "确认人", "was": "原为", "now": "改为", "title": "职务", "email": "有邮箱", "code": "代码",
    "leader": "分管厅领导", "value": "值", "reason": "说明", "name": "名称", "left_on": "离任日期",
    "ended_on": "撤销日期", "digest": "SM3 摘要", "rows": "行数", "registered": "登记", "history": "历史件", "already": "已登记过",
    "refused": "未登记", "filter": "条件", "columns": "列", "format": "格式", "masked": "个人信息已隐去",
    "added": "新增", "revived": "恢复", "source": "依据", "days": "日期", "kept": "保留", "looked_at": "已核对确认",
}  # fmt: skip


@require_safe
@desk_page(Role.AUDITOR)
def admin_log(request: DeskRequest) -> HttpResponse:
    """Show every administrative record, newest first, by day, person and kind where asked."""
    notes: list[str] = []
    read = read_log_filter({**request.GET.dict(), "number": "", "what": ""}, notes)
    kind = choice_from(request.GET.get("kind", "").strip()[:20], "种类", _KINDS, notes)
    rows = admin_records(
        since=read.since,
        until=read.until,
        by=read.person.pk if read.person else None,
        about=audit_log.staff_target(read.person) if read.person else "",
        only={"sign-ins": SIGN_INS, "incidents": (INCIDENT_LOG_KIND,)}.get(kind, ()),
        without=(*SIGN_INS, INCIDENT_LOG_KIND) if kind == "changes" else (),
    )
    cursor, direction = cursor_from(request)
    try:
        page = paginate(rows, ("id",), limit=PAGE_SIZE, descending=True, cursor=cursor, direction=direction)
    except InvalidCursor:
        notes.append("地址中的翻页位置不对，已从头显示。")
        page = paginate(rows, ("id",), limit=PAGE_SIZE, descending=True)
    given = {**read.given, "kind": kind}
    names = {s.username: s.name for s in read.people}
    context: AuditorLogContext[AdminLogRow] = {
        "rows": [_row(e, names) for e in page.rows],
        "page": pager_context(reverse(NAV_ROUTE), given, page),
        "fields": [
            *day_fields(read),
            select_field("kind", "种类", "全部", kind, _KINDS),
            person_field(read, "有关人员"),
        ],
        "notes": notes,
        "narrowed": any(given.values()),
        "export_url": "",
    }
    return render_page(request, "proof/admin_log.html", context, here="log")


class AdminLogRow(TypedDict):
    """An administrative record."""

    when: str
    what: str
    target: str
    who: str
    by_server: bool
    detail: str


def _row(event: "AdminRecord", names: dict[str, str]) -> AdminLogRow:
    return {
        "when": f"{timezone.localtime(event.at, SHANGHAI):%Y-%m-%d %H:%M:%S}",
        "what": event.what,
        "target": event.target,
        "who": event.by.name if event.by else "",
        # A failure by nobody known is the visitor's; any other line without a person is the server's.
        "by_server": event.by is None and event.what not in SIGN_INS,
        "detail": _line(event) if event.what == INCIDENT_LOG_KIND else _detail(event.detail, names),
    }


def _detail(detail: dict[str, Any], names: dict[str, str]) -> str:
    return "；".join(_words(k, v, names) for k, v in detail.items() if v not in ("", None, {}, False))


def _line(event: "AdminRecord") -> str:
    """Return a row of an event's log: which step, in which duty, when it was typed.

    It says that a text was written, and never what.
    """
    said = event.detail
    role = Role.label_of(said.get("role", ""))
    parts = [f"第{said.get('seq', '')}条 {step_label(said.get('step', ''))}"]
    parts += [f"以{role}职责"] if role and event.by else []
    parts += ["其中文字已加密，不在此显示"] if said.get("sealed") else []
    if seen := said.get("seen_at"):
        parts.append(f"设备时间 {datetime.fromisoformat(seen).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S} 离线填写")
    return "；".join(parts)


def _words(key: str, value: Any, names: dict[str, str]) -> str:
    label = _LABELS.get(key, key)
    if isinstance(value, dict):
        return f"{label}：" + "，".join(_words(k, v, names) for k, v in value.items())
    if value is True:
        return label
    if key == "role":
        value = Role.label_of(value) or value
    elif key == "kind":
        value = KIND_LABELS.get(value, value)
    elif key in ("confirmed_by", "deputy", "leader"):
        value = names.get(value, value)
    return f"{label} {value if value not in (None, '') else '（空）'}"
