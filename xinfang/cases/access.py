"""The one way to open a case: a page, a command, an export or an interface uses `open_case`, and nothing else.

What it returns is already cut down to what this person may know. Lists are made from columns
(`queries.visible_petitions`); steps are decided on the whole facts (`actions.perform`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from functools import partial

from django.http import Http404, HttpRequest
from django.urls import reverse

from xinfang.accounts.pages import DeskRequest
from xinfang.cases.queries.visible_petitions import visible_numbers
from xinfang.cases.redaction import redact_for_adviser, redact_links
from xinfang.cases.sealed_case_reason import require_reason
from xinfang.procedure import visibility
from xinfang.procedure.facts import Actor, Facts, FileFacts
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import PaperKind, Role
from xinfang.vault.sm_ciphers import DecryptionFailed, VaultError
from xinfang.web.page_frame import OtherPageFirst

from .models import Event, Petition
from .queries.petitions import events_of, facts_in_plain, facts_of


class ViewScope(Enum):
    """How much of a case somebody is shown who may see it."""

    FULL = "full"
    ADVICE = "advice"
    """A legal adviser: the draft that was sent to them and what they said of it (H13)."""
    DESTROYED = "destroyed"
    """The file is gone at the end of its period: that the matter was handled, when and by whom."""
    PROGRESS = "progress"
    """Who works at the server and gives no name: how far it is, not what it says or whose it is."""
    OWN = "own"
    """The petitioner who brought it. No page of the staff opens for them."""


@dataclass(frozen=True)
class CaseView:
    """A case as one person sees it.

    The facts are only to be shown: a step is decided on what `perform` reads itself.
    """

    petition: Petition
    facts: Facts
    events: tuple[Event, ...]
    """The rows of `facts.history`, one for one, with their people."""
    scope: ViewScope
    actor: Actor | None
    """None: who works at the server and gives no name."""
    only_advises: bool = False
    """Whether they see it for no other reason than a draft sent for advice, whatever has become of the file since."""
    hides_links: bool = False
    """Whether it is tied to a case that this person may not see: then its number is left out of the facts."""

    @property
    def may_see_identity(self) -> bool:
        """Whether this person may unmask the petitioners' personal data (H5, H7, N30)."""
        return (
            self.scope is ViewScope.FULL
            and self.actor is not None
            and visibility.may_see_identity(self.actor, self.facts)
        )

    @property
    def may_read_advice(self) -> bool:
        """Whether this person reads what legal advisers were sent and said (H13)."""
        return self.may_read(PaperKind.LEGAL_ADVICE)

    def may_read(self, kind: PaperKind) -> bool:
        """Tell whether this person reads papers of this kind in this case."""
        return self.scope is ViewScope.FULL and self.actor is not None and visibility.may_read(self.actor, kind)

    def may_open(self, file: FileFacts) -> bool:
        """Tell whether this person opens this attachment of the case."""
        return (
            self.scope is ViewScope.FULL
            and self.actor is not None
            and visibility.may_open(self.actor, self.facts, file)
        )


_ROWS = ("category", "handling_unit", "handler", "responsible_leader", "repeat_of", "archived_file")


def open_case(actor: Actor | None, number: str) -> CaseView:
    """Return the case of this number as this person sees it (2 queries, 3 where it is tied to another).

    Whether they see it is decided from what its events say. Without an actor it is opened for a person who works at the
    server and gives no name: only cases that aren't sealed.

    Raises:
        NotVisible: the case isn't this person's to see, or never was; the two can't be told apart.
        VaultError: its text can't be read (DecryptionFailed, KeyMissing). Only people who may see the case learn this.
    """
    petition = Petition.objects.select_related(*_ROWS).filter(number=number.upper()).first()
    if petition is None:
        raise NotVisible(number)
    events = tuple(events_of(petition))
    try:
        whole = facts_of(petition, events)
    except VaultError:
        # Damage is told only to who may see the case; that doesn't hang on the text.
        if _sees_damaged(actor, petition, events):
            raise
        raise NotVisible(number) from None
    if not _sees(actor, whole):
        raise NotVisible(number)
    # Who asks the row later whether the case is sealed is told what its events say, whatever is in the column.
    petition.sealed = whole.sealed
    facts = redact_links(whole, partial(visible_numbers, actor))
    hides_links = facts is not whole
    only_advises = actor is not None and visibility.only_advises(actor, whole)
    if actor is not None and only_advises:
        facts = redact_for_adviser(facts, actor)
        shown = {h.seq for h in facts.history}
        events = tuple(e for e in events if e.seq in shown)
    scope = _scope(actor, whole, only_advises)
    return CaseView(petition, facts, events, scope, actor, only_advises, hides_links)


def _sees(actor: Actor | None, facts: Facts) -> bool:
    return not facts.sealed if actor is None else visibility.may_see(actor, facts)


def _sees_damaged(actor: Actor | None, petition: Petition, events: tuple[Event, ...]) -> bool:
    """Tell whether they see a damaged case: by the events without their text, or else by the columns."""
    try:
        return _sees(actor, facts_in_plain(petition, events))
    except DecryptionFailed:
        return bool(visible_numbers(actor, [petition.number]))


def _scope(actor: Actor | None, facts: Facts, only_advises: bool) -> ViewScope:
    if actor is None:
        return ViewScope.PROGRESS
    if actor.has(Role.PETITIONER):
        return ViewScope.OWN
    if facts.destroyed_on is not None:
        return ViewScope.DESTROYED
    return ViewScope.ADVICE if only_advises else ViewScope.FULL


# ---- pages


class CaseDestroyed(OtherPageFirst):
    """The file of this case is gone, and only its own page says what is left of it."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number

    def url(self, request: HttpRequest) -> str:
        """Return the page of the case, which says that its file was destroyed."""
        return reverse("petition", args=[self.number])


def case_or_404(
    request: DeskRequest, number: str, *, opened: bool = True, scopes: Collection[ViewScope] = (ViewScope.FULL,)
) -> CaseView:
    """Return the case as this person sees it, if this page shows cases in that scope.

    A sealed one asks for a reason first (ReasonRequired), unless `opened` is False.

    Raises:
        Http404: they don't see it, or this page doesn't show it in their scope; as for a case that never was.
        CaseDestroyed: its file was destroyed, and this page doesn't show such cases; it leads to the page that says so.
    """
    try:
        case = open_case(request.actor, number)
    except NotVisible:
        raise Http404 from None
    if case.only_advises and ViewScope.ADVICE not in scopes:
        raise Http404
    if opened:
        require_reason(request, case.petition)
    if case.scope in scopes:
        return case
    if case.scope is ViewScope.DESTROYED:
        raise CaseDestroyed(case.petition.number)
    raise Http404
