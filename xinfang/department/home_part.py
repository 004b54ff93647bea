"""Which settings of the department are still empty: papers would have gaps."""

from django.urls import reverse

from xinfang.accounts.pages import DeskRequest
from xinfang.department.queries import SETTINGS, effective_setting
from xinfang.procedure.words import Role
from xinfang.web.home import HomePart


def parts(request: DeskRequest) -> list[HomePart]:
    """Return the settings without a value, for the system administrator and the head of the office (1 query)."""
    if not request.actor.has(Role.SYSTEM_ADMINISTRATOR):
        return []
    empty = [s.label for s in SETTINGS.values() if not effective_setting(s.name)]
    return [
        {
            "title": "尚未填写的本厅设置",
            "rows": [
                {"label": label, "value": "尚未填写", "url": reverse("settings"), "kind": "soon"} for label in empty
            ],
        }
    ]
