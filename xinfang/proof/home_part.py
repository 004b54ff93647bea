"""What the auditor asks first: is everything sealed, since when, and which looks are worth a look."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from xinfang.accounts.pages import DeskRequest
from xinfang.audit.queries import latest_seal
from xinfang.cases.queries.logs import looks_since
from xinfang.procedure.words import AccessKind, Role
from xinfang.proof.seal_places import seal_places
from xinfang.web.dates import chinese_date
from xinfang.web.home import HomePart, HomeRow

LOOKS_DAYS = 7


def parts(request: DeskRequest) -> list[HomePart]:
    """Return the last seal and the looks at personal data of the last week, for the auditor (5 queries)."""
    if not request.actor.has(Role.AUDITOR):
        return []
    seal = latest_seal()
    since = timezone.now() - timedelta(days=LOOKS_DAYS)
    rows: list[HomeRow] = [
        {
            "label": "最近一次封印",
            "value": f"第{seal.number}号，{chinese_date(timezone.localtime(seal.made_at).date())}"
            if seal
            else "还没有封印",
            "kind": "ok" if seal and seal.made_at >= timezone.now() - timedelta(days=2) else "late",
        },
        *_sent(),
        {
            "label": f"近{LOOKS_DAYS}日查看个人信息",
            "value": f"{looks_since(AccessKind.UNMASK.value, since)} 次",
            "url": reverse("log"),
        },
        {
            "label": f"近{LOOKS_DAYS}日导出",
            "value": f"{looks_since(AccessKind.EXPORT.value, since)} 次",
            "url": reverse("log"),
        },
    ]
    return [{"title": "记录是否完好", "rows": rows}]


def _sent() -> list[HomeRow]:
    """Return for each place outside the database what was sent there last, or that there is none."""
    places = seal_places()
    if not places:
        said = "没有设置：封印只在数据库里。请系统管理员设置，或者定期打印"
        return [{"label": "封印另存", "value": said, "kind": "late"}]
    rows: list[HomeRow] = []
    for place in places:
        sent = chinese_date(timezone.localtime(place.sent_at).date()) if place.sent_at else ""
        value = place.late or (f"送到第{place.number}号，{sent}" if sent else "还没有送出")
        rows.append({"label": f"封印送往{place.name}", "value": value, "kind": "late" if place.late else "ok"})
    return rows
