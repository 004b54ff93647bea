"""A message ends with the case it belongs to."""

from xinfang.cases.projection import Change, Projection
from xinfang.mailbox.actions.deciding import erase
from xinfang.mailbox.models import IncomingMail


class MailOfDestroyedCase(Projection):
    """Where a file is destroyed, so are the messages that it was made of."""

    def write(self, prepared: None, change: Change) -> None:
        """Erase them (1 query, only then)."""
        if change.facts.destroyed_on is None or change.before.destroyed_on is not None:
            return
        for mail in IncomingMail.objects.select_for_update().filter(petition=change.petition).exclude(wrapped_key=None):
            erase(mail)


PROJECTIONS = (MailOfDestroyedCase,)
