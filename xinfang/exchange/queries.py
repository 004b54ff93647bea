"""What the page of the exchange reads.

Messages of the cases somebody may see, marks of the last runs, matters left over.
"""

from collections.abc import Sequence

from django.db.models import Count, QuerySet

from xinfang.cases.models import Event
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.procedure.facts import Actor
from xinfang.procedure.steps import step_label

from .models import ExchangeMark, Incoming, Outgoing

Kind, State = Outgoing.Kind, Outgoing.State
ANSWERED = (State.ACCEPTED, State.BY_HAND)
UNDER_WAY = (State.SENDING, State.SENT, State.PACKED)
LOOK_AT = (State.REFUSED, State.DEAD)
"""What somebody of the office has to look at before it goes on."""


def messages_for(actor: Actor) -> QuerySet[Outgoing]:
    """Return the messages of the cases this person may see, with their cases."""
    return Outgoing.objects.filter(petition__in=visible_to(actor)).select_related("petition")


def waiting_for(actor: Actor) -> QuerySet[Outgoing]:
    """Return what waits to be sent, of the cases this person may see."""
    return Outgoing.objects.filter(state=State.WAITING, petition__in=visible_to(actor, each=True))


def number_waiting(actor: Actor) -> int:
    """Return how many messages of the cases this person may see wait to be sent (1 query)."""
    return waiting_for(actor).count()


def message_by_key(key: str, actor: Actor) -> Outgoing | None:
    """Return the message with this key, if this person may see its case (1 query)."""
    return messages_for(actor).filter(key=key).first()


def number_by_state(actor: Actor) -> dict[str, int]:
    """Return how many messages of the cases this person may see are in each state (1 query)."""
    states = messages_for(actor).order_by().select_related(None).values_list("state")
    return dict(states.annotate(n=Count("pk")))


def failed_messages(actor: Actor, most: int) -> list[Outgoing]:
    """Return the first messages that were sent back or didn't get through (1 query)."""
    return list(messages_for(actor).filter(state__in=LOOK_AT)[:most])


def under_way(actor: Actor, most: int) -> list[Outgoing]:
    """Return the first messages that wait to be sent or answered (1 query)."""
    return list(messages_for(actor).filter(state__in=(State.WAITING, *UNDER_WAY)).order_by("id")[:most])


def last_answered(actor: Actor, most: int) -> list[Outgoing]:
    """Return the messages that the other side accepted last (1 query)."""
    return list(messages_for(actor).filter(state__in=ANSWERED).order_by("-answered_at", "-id")[:most])


def step_labels(messages: Sequence[Outgoing]) -> dict[tuple[int, int], str]:
    """Return what step each message is about, by case and event (1 query)."""
    wanted = Event.objects.filter(petition__in={m.petition_id for m in messages}, seq__in={m.seq for m in messages})
    return {(p, s): step_label(code) for p, s, code in wanted.values_list("petition_id", "seq", "code")}


def last_runs() -> dict[str, ExchangeMark]:
    """Return when messages were last sent (`run`) and compared (`reconcile`), and what came of it (1 query)."""
    return {mark.pk: mark for mark in ExchangeMark.objects.filter(pk__in=("run", "reconcile"))}


def left_matters() -> QuerySet[Incoming]:
    """Return matters that were handed down and couldn't be registered, the newest first."""
    return Incoming.objects.filter(state=Incoming.State.LEFT)
