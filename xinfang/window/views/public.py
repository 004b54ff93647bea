"""The page that everybody sees, and the notice on personal data."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from xinfang.department.queries import effective_setting
from xinfang.window.receipts import public_key_id
from xinfang.window.views.pages import window_page

CONTACTS = (
    ("contact_phone", "电话"), ("address", "地址"), ("reception_place", "接待地点"), ("reception_hours", "接待时间"),
)  # fmt: skip
"""Settings of the department that the public page tells (N18), and what they are called there."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what can be done here, and where else to turn."""
    contacts = [(label, value) for name, label in CONTACTS if (value := effective_setting(name))]
    return window_page(request, "window/home.html", {"contacts": contacts, "key_id": public_key_id()})


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """Say what personal data is collected, why, by whom, how long it is kept, and which rights there are (PIPL 17)."""
    contacts = [(label, value) for name, label in CONTACTS[:2] if (value := effective_setting(name))]
    return window_page(request, "window/notice.html", {"contacts": contacts})
