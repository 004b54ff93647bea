"""Saving a search for oneself, and taking it away."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.search.models import SavedSearch
from xinfang.search.saved_searches import read_saved

MAX_SAVED, MAX_NAME_CHARACTERS = 30, 20
_GONE = "没有这个常用查询，可能已经删除。"


def save_search(name: str, words: str, given: Mapping[str, str], *, staff: Staff) -> str:
    """Keep a search under a name and return it; one of the same name is replaced.

    Raises:
        AdminChangeRefused: it has no name or asks nothing, or there are too many.
    """
    name = " ".join(name.split())[:MAX_NAME_CHARACTERS]
    kept = {k: v for k, v in given.items() if v}
    if not name:
        raise AdminChangeRefused("请给常用查询起一个名称，例如“高新处停车”。")
    if not words and not kept:
        raise AdminChangeRefused("没有文字，也没有条件，不用保存：请先查找或者筛选。")
    with transaction.atomic():
        # One after the other, so that two pages of one person don't go beyond what they may keep.
        Staff.objects.select_for_update().get(pk=staff.pk)
        own = read_saved(staff)
        row = SavedSearch.objects.filter(pk__in=[s.pk for s in own if s.name == name]).first()
        if row is None and len(own) >= MAX_SAVED:
            raise AdminChangeRefused(f"最多保存 {MAX_SAVED} 个常用查询，请先删去不用的。")
        row = row or SavedSearch(staff=staff)
        row.saved_at = timezone.now()
        row.keep(name, words, kept)
        row.save()
    return name


def delete_search(pk: int, *, staff: Staff) -> None:
    """Take a search of one's own away.

    Raises:
        AdminChangeRefused: there is no such search of this person.
    """
    with transaction.atomic():
        gone, _ = SavedSearch.objects.filter(pk=pk, staff=staff).delete()
    if not gone:
        raise AdminChangeRefused(_GONE)
