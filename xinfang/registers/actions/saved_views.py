"""Saving a view of the list of cases, and taking it away."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.procedure.facts import Actor
from xinfang.procedure.words import Role
from xinfang.registers.models import SavedView

SHARES_VIEWS = (Role.OFFICE, Role.OFFICE_HEAD)
"""Who saves views for the whole department."""
MAX_VIEWS, MAX_NAME_CHARACTERS = 12, 20


def save_view(
    name: str, criteria: Mapping[str, str], columns: Sequence[str], *, shared: bool, actor: Actor, staff: Staff
) -> SavedView:
    """Keep a view under a name; a view of the same name is replaced.

    Raises:
        AdminChangeRefused: it has no name, there are too many, or it isn't this person's to save.
    """
    name = " ".join(name.split())[:MAX_NAME_CHARACTERS]
    if not name:
        raise AdminChangeRefused("请给视图起一个名称，例如“本处室未办结”。")
    if shared and not actor.has(*SHARES_VIEWS):
        raise AdminChangeRefused("全厅共用的视图由办公室保存，您可以保存为自己的视图。")
    owner = None if shared else staff
    others = SavedView.objects.filter(owner=owner).exclude(name=name)
    if others.count() >= MAX_VIEWS:
        raise AdminChangeRefused(f"最多保存 {MAX_VIEWS} 个视图，请先删去不用的。")
    kept = {k: v for k, v in criteria.items() if v}
    values = {"criteria": kept, "columns": list(columns), "by": staff, "at": timezone.now()}
    with transaction.atomic():
        view, _ = SavedView.objects.update_or_create(owner=owner, name=name, defaults=values)
        if shared:
            audit_log.record(staff, "保存全厅视图", name, filter=kept)
    return view


def delete_view(pk: int, *, actor: Actor, staff: Staff) -> str:
    """Take a view away, and return its name.

    Raises:
        AdminChangeRefused: there is no such view, or it isn't this person's.
    """
    view = SavedView.objects.filter(pk=pk).first()
    if view is None or (view.owner_id != staff.pk and view.owner_id is not None):
        raise AdminChangeRefused("没有这个视图，可能已经删除。")
    if view.owner_id is None and not actor.has(*SHARES_VIEWS):
        raise AdminChangeRefused("全厅共用的视图由办公室删除。")
    with transaction.atomic():
        if view.owner_id is None:
            audit_log.record(staff, "删除全厅视图", view.name)
        view.delete()
    return view.name
