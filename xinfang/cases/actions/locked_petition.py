"""The row of a case, locked for who writes it: for `actions` alone, as it is whole whoever asked."""

from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import visible_pk
from xinfang.procedure.facts import Actor
from xinfang.procedure.visibility import NotVisible


def lock_petition(number: str, by: Actor) -> Petition:
    """The petition, locked until the transaction ends. Raises NotVisible where this person may not see it."""
    found = visible_pk(number, by)
    if found is None:
        raise NotVisible(number)
    return Petition.objects.select_for_update().get(pk=found)
