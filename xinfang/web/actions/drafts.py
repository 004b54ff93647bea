"""What somebody has typed and not sent.

There is one row for each showing of a form, so that no page writes over another's text. A row goes when a form is
accepted whose page wrote it or took it over, when its owner throws it away, or, the oldest first, when they keep more
than the limits here; which is told to them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.db.models import Q, Sum

from xinfang.vault.sm_ciphers import VaultError
from xinfang.web.models import Draft

if TYPE_CHECKING:
    from xinfang.accounts.models import Staff

MAX_ROWS_PER_FORM = 10
"""This many showings of one form are kept for a person."""
MAX_ROWS_PER_PERSON = 200
"""This many rows of one person are kept."""
MAX_BYTES_PER_PERSON = 64 * 2**20
"""All rows of one person together."""
PREVIEW_PAGE = "preview"
"""The page name of a text that is kept only so that it can be looked at as it would be printed."""
_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}")
_PAGE = re.compile(r"[A-Za-z0-9_-]{1,40}")
_log = structlog.get_logger(__name__)

DraftFields = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """What became of a saving: when the row was saved, and how many old rows had to make room."""

    saved_at: datetime
    dropped: int


@dataclass(frozen=True, slots=True)
class OpenedDraft:
    """One row, opened."""

    page: str
    fields: DraftFields
    saved_at: datetime


def is_form_name(name: str) -> bool:
    """Tell whether this can be the name of a form."""
    return _FORM.fullmatch(name) is not None


def is_page_name(name: str) -> bool:
    """Tell whether this can be the name of one showing of a form."""
    return _PAGE.fullmatch(name) is not None


@transaction.atomic
def save_draft(staff: "Staff", form: str, page: str, fields: DraftFields, turn: int = 0) -> SavedDraft:
    """Keep what is typed on this showing of the form; an earlier saving of it that arrives later changes nothing."""
    row = Draft.objects.select_for_update().filter(staff=staff, form=form, page=page).first()
    if row is None:
        row = Draft(staff=staff, form=form, page=page)
    elif row.turn > turn:
        return SavedDraft(row.saved_at, 0)
    row.fields, row.turn = fields, turn
    row.save()
    return SavedDraft(row.saved_at, _make_room(staff, form, row.pk))


def _make_room(staff: "Staff", form: str, newest: int) -> int:
    """Remove the oldest rows over the limits, never the one just saved, and return how many.

    2 queries when nothing is over.
    """
    mine = Draft.objects.filter(staff=staff).exclude(pk=newest)
    surplus = list(
        mine.filter(form=form).order_by("-saved_at", "-pk").values_list("pk", flat=True)[MAX_ROWS_PER_FORM - 1 :]
    )
    count, size = mine.count() + 1, Draft.objects.filter(staff=staff).aggregate(size=Sum("size"))["size"] or 0
    if count > MAX_ROWS_PER_PERSON or size > MAX_BYTES_PER_PERSON:
        for pk, own in mine.exclude(pk__in=surplus).order_by("saved_at", "pk").values_list("pk", "size"):
            if count - len(surplus) <= MAX_ROWS_PER_PERSON and size <= MAX_BYTES_PER_PERSON:
                break
            surplus.append(pk)
            size -= own
    if surplus:
        Draft.objects.filter(pk__in=surplus).delete()
    return len(surplus)


def drafts_of_form(staff: "Staff", form: str) -> list[OpenedDraft]:
    """Return what this person has typed on showings of this form, the newest first.

    What can't be opened is logged and left out.
    """
    found = []
    for row in Draft.objects.filter(staff=staff, form=form).order_by("-saved_at", "-pk"):
        try:
            found.append(OpenedDraft(row.page, row.fields, row.saved_at))
        except VaultError as e:
            _log.error("draft_unreadable", draft=row.pk, error=type(e).__name__)
    return found


def forms_begun(staff: "Staff", start: str) -> list[str]:
    """Return the forms whose name begins so on which this person has typed something, the latest first (1 query)."""
    found = Draft.objects.filter(staff=staff, form__startswith=start).order_by("-saved_at", "-pk")
    return list(dict.fromkeys(found.values_list("form", flat=True)))


def newest_draft(staff: "Staff", form: str, page: str = "") -> DraftFields | None:
    """Return the newest row of this form, or of one showing of it, opened; None where nothing is kept."""
    found = drafts_of_form(staff, form)
    return next((r.fields for r in found if not page or r.page == page), None)


def delete_draft(staff: "Staff", form: str, page: str) -> None:
    """Remove one row, because its owner says so."""
    Draft.objects.filter(staff=staff, form=form, page=page).delete()


def drafts_named_by(said: str) -> list[tuple[str, str]]:
    """Return the rows that a sent form names as its own: `FORM/PAGE FORM/PAGE`; anything else in it is left out."""
    pairs = (word.partition("/") for word in said[:4000].split())
    return [(form, page) for form, _, page in pairs if is_form_name(form) and (page == "-" or is_page_name(page))]


def delete_accepted(staff: "Staff", named: Iterable[tuple[str, str]], *looked_at: str) -> None:
    """Remove the rows that the page of an accepted form wrote or took over.

    What was kept of the forms `looked_at` for a preview goes too.
    """
    gone = Q()
    for form, page in named:
        gone |= Q(form=form, page="" if page == "-" else page)
    for form in looked_at:
        gone |= Q(form=form, page=PREVIEW_PAGE)
    if gone:
        Draft.objects.filter(gone, staff=staff).delete()
