"""The search index follows a case step by step, in the same transaction."""

from collections.abc import Iterator, Sequence

from django.db.models import Model

from xinfang.attachments.models.uploads import searchable_scan_text
from xinfang.cases.history import CaseHistory
from xinfang.cases.models import Petition, Petitioner, Request
from xinfang.cases.projection import Change, Derived, Projection
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.history_import import ImportHistory
from xinfang.procedure.steps.intake import Register
from xinfang.procedure.words import State
from xinfang.search.answered import IMPORTED_WORDS, WRITTEN_BY, answered_text
from xinfang.search.folding import marks
from xinfang.search.index import NamedPerson, PreparedIndexEntry
from xinfang.search.models import SearchAnswer, SearchPerson, SearchText

from . import index

_INDEXED_BY = (
    StepCode.CLASSIFY,
    StepCode.CORRECT,
    StepCode.RECORD_DEATH,
    StepCode.SUPPLEMENT,
    StepCode.SPLIT_OFF,
    StepCode.ENTER_REGIONAL,
)


class SearchIndex(Projection):
    """The words of a case and its people, as far as they can be found."""

    derived = (
        Derived(SearchText, ("petition_id",), ("text",), kept=("counted",)),
        Derived(SearchAnswer, ("petition_id",), ("text", "kinds")),
        Derived(SearchPerson, ("mark",)),
    )

    def following(self, case: CaseHistory, rows: Sequence[Model]) -> Iterator[Model]:
        """Yield the rows of the index that follow from the rows of a case."""
        if case.facts.state is State.UNDONE:
            return
        petition = next(r for r in rows if isinstance(r, Petition))
        requests = [r.text for r in rows if isinstance(r, Request)]
        people = [NamedPerson(r.full_name, r.phone, r.id_number) for r in rows if isinstance(r, Petitioner)]
        if case.facts.destroyed_on is not None:
            requests, people = [], []
        if not petition.sealed:
            scans = [] if case.facts.destroyed_on is not None else searchable_scan_text(case.petition)
            text = index.indexed_text(petition, requests=requests, people=people, scans=scans)
            yield SearchText(petition_id=petition.pk, text=text)
        came = case.steps[0].whole if case.steps else None
        answered = answered_text(petition.pk, case.facts, _imported_words(came))
        if answered.text:
            yield SearchAnswer(petition_id=petition.pk, text=answered.text, kinds=answered.kinds)
        for mark in sorted(marks(people)):
            yield SearchPerson(petition_id=petition.pk, mark=mark)

    def prepare(self, change: Change) -> PreparedIndexEntry | None:
        """Return the text and hashes of a new petition, made before its transaction; None for everything else."""
        step = change.step
        if not change.begins or not isinstance(step, Register):
            return None
        people = [NamedPerson(p.name, p.phone, p.id_number) for p in step.persons]
        return index.prepare_index_entry(
            change.petition, requests=[r.text for r in change.facts.requests], people=people
        )

    def write(self, prepared: PreparedIndexEntry | None, change: Change) -> None:
        """Bring the index in line with a step that changes what is indexed."""
        petition, facts = change.petition, change.facts
        if facts.state is State.UNDONE:
            index.remove_from_index(petition.pk)
            return
        if prepared is not None:
            prepared.put(petition.pk, petition.number)
        elif facts.sealed != change.before.sealed or (
            # What a second person agreed to as well: a name or a request that was corrected by two is found.
            change.outcome.effect is not None and change.outcome.effect.rule.code in _INDEXED_BY
        ):
            people = [NamedPerson(p.full_name, p.phone, p.id_number) for p in petition.petitioners.all()]
            scans = searchable_scan_text(petition) if facts.files and not petition.sealed else []
            if change.before.sealed:
                # The hashes of its people are in the index already.
                index.remove_from_index(petition.pk)
            index.index_petition(petition, requests=[r.text for r in facts.requests], people=people, scans=scans)
        self._write_answers(change)

    def _write_answers(self, change: Change) -> None:
        facts, effect = change.facts, change.outcome.effect
        if change.begins and isinstance(change.step, ImportHistory):
            index.write_imported_answers(change.petition.pk, facts, _imported_words(change.step))
            return
        # When a file is destroyed, `archive` erases its words together.
        if facts.sealed != change.before.sealed or (effect is not None and effect.rule.code in WRITTEN_BY):
            index.index_answers(change.petition.pk, index.answered_of(change.petition, facts))

    def text_was_read(self, petition: Petition) -> None:
        """Index a petition once more, as the text of a scan was read."""
        index.reindex(petition)


def _imported_words(step: object) -> list[str]:
    return [getattr(step, name) for name in IMPORTED_WORDS] if isinstance(step, ImportHistory) else []


PROJECTIONS = (SearchIndex,)
