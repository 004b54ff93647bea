"""The row of a case, locked while it is written.

For `actions` alone: nothing in it is masked for the person who asks.
"""

from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import visible_pk
from xinfang.procedure.facts import Actor
from xinfang.procedure.visibility import NotVisible


def lock_petition(number: str, by: Actor) -> Petition:
    """Return the petition, locked until the transaction ends.

    Raises:
        NotVisible: the petition isn't this person's to see.
    """
    found = visible_pk(number, by)
    if found is None:
        raise NotVisible(number)
    return Petition.objects.select_for_update().get(pk=found)
