"""A step that is news leaves a message for the petitioner, in its own transaction. Others cost nothing here."""

from xinfang.cases.projection import Change, Projection
from xinfang.petitioner_news.actions import queue_news
from xinfang.procedure.petitioner_news import is_news


class NewsQueue(Projection):
    """What waits to be sent. It can't be made again from the events: what was sent was sent."""

    def write(self, prepared: None, change: Change) -> None:
        """Leave a message for each who wishes for one (at most 3 queries)."""
        if not change.begins and is_news(change.before, change.facts, change.outcome.effect):
            queue_news(change.petition, change.now, gone={*change.facts.deceased, *change.facts.gone})


PROJECTIONS = (NewsQueue,)
