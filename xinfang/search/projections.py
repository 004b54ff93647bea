"""The search index follows a case step by step, in the same transaction."""

from xinfang.attachments.models.reading import searchable
from xinfang.cases.models import Petition
from xinfang.cases.projection import Change, Projection
from xinfang.procedure.rules import SecondPerson
from xinfang.procedure.steps.intake import Register

from . import index
from .index import Named, Prepared

_INDEXED_BY = ("classify", "correct", "supplement", "enter_regional")


class SearchIndex(Projection):
    """The words of a case and its people, as far as they can be found."""

    def prepare(self, change: Change) -> Prepared | None:
        step = change.step
        if not change.begins or not isinstance(step, Register):
            return None
        people = [Named(p.name, p.phone, p.id_number) for p in step.persons]
        return index.prepared(change.petition, requests=[r.text for r in change.facts.requests], people=people)

    def write(self, prepared: Prepared | None, change: Change) -> None:
        petition, facts = change.petition, change.facts
        if prepared is not None:
            prepared.put(petition.pk, petition.number)
        elif not isinstance(change.step, SecondPerson) and change.step.rule.code in _INDEXED_BY:
            people = [Named(p.full_name, p.phone, p.id_number) for p in petition.petitioners.all()]
            scans = searchable(petition) if facts.files and not petition.sealed else []
            index.put(petition, requests=[r.text for r in facts.requests], people=people, scans=scans)

    def text_was_read(self, petition: Petition) -> None:
        index.refresh(petition)


PROJECTIONS = (SearchIndex,)
