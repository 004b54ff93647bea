"""Writing down where the paper original of a case lies. No step of the procedure: no limit hangs on it."""

from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.attachments.models import OriginalPlace
from xinfang.attachments.original_places import NOTED
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.audit.row_digests import row_digest
from xinfang.cases.access import open_case
from xinfang.cases.models import Petition
from xinfang.procedure.facts import Actor
from xinfang.procedure.visibility import NotVisible, keeps_originals

Kind = OriginalPlace.Kind


@transaction.atomic
def move_original(number: str, move: str, place: str, *, seen: int, by: Actor, staff: Staff) -> OriginalPlace:
    """Append where the original of a case is now. `seen` is how many places the form knew of.

    Raises:
        AdminChangeRefused: it is written so already, somebody wrote another meanwhile, or it can't have been moved so.
        NotVisible: the case isn't this person's to see, or they don't keep its original.
    """
    case = open_case(by, number)
    if not keeps_originals(by, case.facts):
        raise NotVisible(number)
    Petition.objects.select_for_update().only("pk").get(pk=case.petition.pk)  # one after another
    places = list(OriginalPlace.objects.filter(petition=case.petition).order_by("seq"))
    last = places[-1] if places else None
    if last and (last.move, last.place) == (move, place):
        raise AdminChangeRefused("与现在的登记相同，不必重复登记。")
    if len(places) != seen:
        raise AdminChangeRefused("刚才另有人登记了原件的变动。请核对现在的存放处后再登记。")
    if move == Kind.RETURNED and (last is None or last.move != Kind.LENT):
        raise AdminChangeRefused("原件没有借出，不能登记归还；换了地方的，请选“存放”。")
    return _append(case.petition.pk, number, len(places) + 1, move, place, staff)


@transaction.atomic
def place_on_registration(number: str, petition_key: int, place: str, *, staff: Staff) -> None:
    """Append where the original was put when its case was registered; nothing where that was written before."""
    if place and not OriginalPlace.objects.filter(petition=petition_key).exists():
        _append(petition_key, number, 1, Kind.KEPT, place, staff)


def _append(petition: int, number: str, seq: int, move: str, place: str, staff: Staff) -> OriginalPlace:
    row = OriginalPlace.objects.create(
        petition_id=petition, seq=seq, move=move, place=place, by=staff, at=timezone.now()
    )
    audit_log.record(staff, NOTED, number, digest=row_digest(row))
    return row
