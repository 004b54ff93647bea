"""What is read of messages to petitioners: who wishes for them, and which could not be handed over."""

from dataclasses import dataclass

from django.db.models import QuerySet

from xinfang.cases.models import Petition
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.petitioner_news.models import NewsConsent, NewsMessage
from xinfang.petitioner_news.wishes import Wishes, ways
from xinfang.procedure.facts import Actor
from xinfang.web.dates import moment_text

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that was given up, for who has to tell the petitioner in another way."""

    pk: int
    number: str
    subject: str
    way: str
    when: str
    why: str


def wished_for(petition: int) -> list[NewsConsent]:
    """Return for each person of a case the consent that counts, where messages are wished for (1 query)."""
    last = {c.place: c for c in NewsConsent.objects.filter(petition=petition).select_related("petition")}
    return [c for c in last.values() if c.sealed is not None]


def wishes_of(petition: int, person: int) -> Wishes:
    """Return what a person of a case wishes for now (1 query).

    Raises:
        VaultError: it can't be read.
    """
    found = next((c for c in wished_for(petition) if c.place == person), None)
    return Wishes(**found.where, number_shown=found.number_shown) if found else Wishes()


def undelivered(actor: Actor) -> list[Undelivered]:
    """Return the messages that were given up and whose petitioner nobody has told otherwise, oldest first (1 query).

    Of all cases that this person sees.
    """
    rows = _given_up().filter(petition__in=visible_to(actor)).select_related("petition")[:MOST_SHOWN]
    return [
        Undelivered(
            m.pk, m.petition.number, m.petition.subject, m.get_way_display(),
            moment_text(m.done_at) if m.done_at else "", m.reason,
        )
        for m in rows
    ]  # fmt: skip


def undelivered_notes(petition: Petition) -> list[str]:
    """Return what the page of a case says of messages that could not be sent (1 query, where there are gateways)."""
    rows = _given_up().filter(petition=petition) if ways() else []
    return [
        f"给信访人的{m.get_way_display()}提醒没有发出：{m.reason}。这不算告知，请改用其他方式告知，并在“没有发出的提醒”登记。"
        for m in rows
    ]


def _given_up() -> QuerySet[NewsMessage]:
    return NewsMessage.objects.filter(state=NewsMessage.State.GIVEN_UP, told_at=None)
