"""The one door to a case for whoever is signed in."""

from django.http import Http404, HttpRequest
from django.urls import reverse

from xinfang.accounts.pages import DeskRequest
from xinfang.web.shell import AnotherPageFirst

from .models import Petition
from .queries.petitions import visible_pk
from .sealed_case import ask_for_reason


class Destroyed(AnotherPageFirst):
    """The file of this case is gone, and only its own page says what is left of it."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number

    def url(self, request: HttpRequest) -> str:
        return reverse("petition", args=[self.number])


def was_destroyed(petition: Petition) -> bool:
    """Whether the file of this case was destroyed at the end of its period (no query where `archived_file` was loaded)."""
    kept = getattr(petition, "archived_file", None)
    return kept is not None and kept.destroyed_on is not None


def petition_or_404(request: DeskRequest, number: str, *, opened: bool = True, destroyed: bool = False) -> Petition:
    """The petition if this person may see it; hidden and missing look alike (2 queries).

    A sealed one asks for a reason first (NeedsReason), unless `opened` is False. One whose file was destroyed at the end of its
    period leads to its own page, which says so, unless `destroyed` is True.
    """
    pk = visible_pk(number.upper(), request.actor)
    if pk is None:
        raise Http404
    ties = ("category", "handling_unit", "handler", "responsible_leader", "repeat_of", "archived_file")
    found = Petition.objects.select_related(*ties).get(pk=pk)
    if opened:
        ask_for_reason(request, found)
    if not destroyed and was_destroyed(found):
        raise Destroyed(found.number)
    return found
