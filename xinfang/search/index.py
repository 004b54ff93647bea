"""Keeping the index in step with the records.

Everything that changes a petition calls `index_petition` in the same transaction.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from xinfang.attachments.models.uploads import searchable_scan_text
from xinfang.cases.models import Event, Petition, Petitioner
from xinfang.cases.queries.personal_answers import personal_answers_of
from xinfang.cases.queries.petitions import facts_of, facts_of_all
from xinfang.procedure.facts import Facts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import State
from xinfang.search.answered import IMPORTED_WORDS, NOTHING, WRITTEN_BY, AnsweredText, answered_text
from xinfang.search.folding import NamedPerson, fold_text, grams, marks, pairs
from xinfang.search.gram_backend import gram_backend
from xinfang.search.models import SearchAnswer, SearchGram, SearchPerson, SearchText
from xinfang.search.sounds import spelled
from xinfang.vault.sm_ciphers import DecryptionFailed, VaultError

__all__ = ["NamedPerson", "check_index", "index_petition", "rebuild_index", "remove_from_index"]

_COUNTED = 32
"""One petition in this many is counted in `Gram`: enough to know rare pairs, cheap to keep."""
_BATCH = 200
_GRAM = SearchGram._meta.db_table


def index_petition(
    petition: Petition, *, requests: Sequence[str], people: Sequence[NamedPerson], scans: Sequence[str] = ()
) -> None:
    """Bring the index up to date with this petition; `scans` is what was read from its attachments.

    Of a sealed one only the keyed hashes of its people stay, for those who may see it; its words are never searched.
    What an import brought in by mistake isn't there.
    """
    if petition.state == State.UNDONE:
        return
    if petition.sealed:
        remove_from_index(petition.pk)
        _mark(petition.pk, people, first_time=True)
        return
    with transaction.atomic(savepoint=False):
        known = gram_backend().kept(petition.pk)
        text = indexed_text(petition, requests, people, scans)
        if known is None or known[0] != text:
            _keep(petition.pk, text, grams(text), known)
        _mark(petition.pk, people, first_time=known is None)


_NUMBER_LINE = re.compile(r"^[a-z]{2}\d{10}$", re.MULTILINE)


def letter_of(text: str) -> str:
    """Return the lines of an indexed text that are the letter: subject, body and requests, all before its number."""
    number = _NUMBER_LINE.search(text)
    return text[: number.start()] if number else ""


_NO_NUMBER = "\0"
"""Takes the place of the number that isn't known yet in a prepared text; no text that was ever typed holds it."""


class PreparedIndexEntry:
    """The words of a new petition, taken apart before the transaction in which it gets its number."""

    def __init__(self, text: str, people: set[int]) -> None:
        self._text, self._marks = text, people
        self._grams = grams(text.replace(f"{_NO_NUMBER}\n", "").replace(f"\n{_NO_NUMBER}", ""))

    def put(self, pk: int, number: str) -> None:
        """Keep them, with the number; call in the transaction that inserts the petition."""
        line = fold_text(number)
        _keep(pk, self._text.replace(_NO_NUMBER, line), self._grams | grams(line), None)
        _insert_marks(pk, self._marks)


def prepare_index_entry(
    petition: Petition, *, requests: Sequence[str], people: Sequence[NamedPerson]
) -> PreparedIndexEntry:
    """Return what `index_petition` will keep of a petition that has no number yet and is not sealed."""
    return PreparedIndexEntry(indexed_text(petition, requests, people, (), number=_NO_NUMBER), marks(people))


def index_answers(petition_id: int, answered: AnsweredText) -> None:
    """Bring what is kept of the department's own words in a case up to date; nothing written, nothing kept."""
    with transaction.atomic(savepoint=False):
        kept = SearchAnswer.objects.filter(pk=petition_id).values_list("text", "kinds").first()
        old = None if kept is None else grams(kept[0])
        if kept == tuple(answered):
            return
        if answered.text:
            gram_backend().write_answers(petition_id, *answered, grams(answered.text), old)
        elif old is not None:
            gram_backend().remove_answers(petition_id, old)


def reindex(petition: Petition) -> None:
    """Index a petition with what the records hold now."""
    index_petition(petition, **_of(petition))
    index_answers(petition.pk, _answered(petition))


def answered_of(petition: Petition, facts: Facts) -> AnsweredText:
    """Return what the department wrote in a case (`answered_text`), and what an earlier system answered.

    Raises:
        DecryptionFailed: some of its text was altered.
        KeyMissing: the case's key can't be used.
    """
    came = facts.history[0] if facts.history else None
    imported = came is not None and came.code == StepCode.IMPORT_HISTORY and facts.destroyed_on is None
    said = personal_answers_of(petition, came) if came is not None and imported else {}
    return answered_text(petition.pk, facts, [str(said[name]) for name in IMPORTED_WORDS if name in said])


def write_imported_answers(petition_id: int, facts: Facts, words: Sequence[str]) -> None:
    """Keep what an earlier system answered, of a petition that is just being brought in (no query but the writing)."""
    answered = answered_text(petition_id, facts, words)
    if answered.text:
        gram_backend().write_answers(petition_id, *answered, grams(answered.text), None)


def _answered(petition: Petition, facts: Facts | None = None) -> AnsweredText:
    try:
        return answered_of(petition, facts or facts_of(petition))
    except VaultError:
        # `xinfang rebuild --check` names it; one case that can't be read must not keep the others out of the index.
        return NOTHING


def _answered_each(petitions: Sequence[Petition]) -> dict[int, AnsweredText]:
    """Return the same of several cases: histories are read together, and only those that may have some."""
    keys = [p.pk for p in petitions]
    some = set(Event.objects.filter(petition__in=keys, code__in=WRITTEN_BY).values_list("petition_id", flat=True))
    written = [p for p in petitions if p.pk in some]
    try:
        facts = facts_of_all(written)
    except VaultError:
        return {p.pk: _answered(p) for p in written}
    return {p.pk: _answered(p, facts[p.pk]) for p in written}


def remove_from_index(petition_id: int) -> None:
    """Take a petition out of the index; one that is not in it is left alone."""
    with transaction.atomic(savepoint=False):
        known = gram_backend().kept(petition_id)
        if known is not None:
            text, counted = known
            gram_backend().remove(petition_id, grams(text))
            if counted:
                _count(pairs(text), -1)
        index_answers(petition_id, NOTHING)
        SearchPerson.objects.filter(petition_id=petition_id).delete()


def rebuild_index(progress: Callable[[int], None] | None = None) -> int:
    """Make the whole index again from the records; returns how many petitions it now holds.

    It works in short transactions, so people go on registering meanwhile; until it ends, searches find less.
    """
    with transaction.atomic():
        gram_backend().clear()
    done, last = 0, 0
    while True:
        with transaction.atomic():
            # Locked, or a petition amended meanwhile would be indexed with its old text. (SQLite has one writer.)
            batch = list(_batch(last, lock=True))
            answered = _answered_each(batch)
            for petition in batch:
                index_petition(petition, **_of(petition))
                undone = petition.state == State.UNDONE
                index_answers(petition.pk, NOTHING if undone else answered.get(petition.pk, NOTHING))
        if not batch:
            return done
        done, last = done + sum(not p.sealed and p.state != State.UNDONE for p in batch), batch[-1].pk
        if progress:
            progress(done)


def check_index() -> list[str]:
    """Return where the index and the records differ, one sentence each; nothing if they agree."""
    wrong = []
    for batch in _batches():
        ids = [p.pk for p in batch]
        texts = dict(SearchText.objects.filter(pk__in=ids).values_list("petition_id", "text"))
        answered = _answered_each(batch)
        answers = {a.pk: (a.text, a.kinds) for a in SearchAnswer.objects.filter(pk__in=ids)}
        kept: dict[int, set[int]] = {}
        for pk, mark in SearchPerson.objects.filter(petition_id__in=ids).values_list("petition_id", "mark"):
            kept.setdefault(pk, set()).add(mark)
        for petition in batch:
            if petition.state == State.UNDONE:
                if petition.pk in texts or petition.pk in answers or petition.pk in kept:
                    wrong.append(f"已撤销导入的件不应在索引中：{petition.number}")
                continue
            of = _of(petition)
            if petition.sealed and petition.pk in texts:
                wrong.append(f"密封件的文字不应在索引中：{petition.number}")
            elif not petition.sealed and petition.pk not in texts:
                wrong.append(f"索引缺少：{petition.number}")
            else:
                same_text = petition.sealed or texts[petition.pk] == indexed_text(petition, **of)
                same_text &= answers.get(petition.pk, NOTHING) == answered.get(petition.pk, NOTHING)
                if not same_text or kept.get(petition.pk, set()) != marks(of["people"]):
                    wrong.append(f"索引与记录不一致：{petition.number}")
    every = Petition.objects.values("pk")
    surplus = set(SearchText.objects.exclude(pk__in=every).values_list("pk", flat=True))
    surplus |= set(SearchAnswer.objects.exclude(pk__in=every).values_list("pk", flat=True))
    surplus |= set(SearchPerson.objects.exclude(petition_id__in=every).values_list("petition_id", flat=True))
    return wrong + [f"索引多出：序号 {pk}" for pk in sorted(surplus)]


def indexed_text(
    petition: Petition, requests: Sequence[str], people: Sequence[NamedPerson], scans: Sequence[str], number: str = ""
) -> str:
    """Return what the index keeps of a case.

    One row for each field, as folding leaves no line ends: no word reaches from one field into the next.
    """
    sent_by = [petition.external_number, petition.sender, petition.sender_number]
    by_sound = [spelling for p in people for spelling in spelled(fold_text(p.name))]
    before, after = list(requests), [*sent_by, *(p.name for p in people), *by_sound, *scans]
    # Subject and body come first and stay there, empty or not, then requests: `likely_repeats` compares the lines
    # before the number.
    return "\n".join(
        [
            fold_text(petition.subject),
            fold_text(petition.body),
            *filter(None, map(fold_text, before)),
            number or fold_text(petition.number),
            *filter(None, map(fold_text, after)),
        ]
    )


def _keep(petition_id: int, text: str, words: set[str], known: tuple[str, bool] | None) -> None:
    counted = petition_id % _COUNTED == 0 and (bool(known and known[1]) or gram_backend().may_update_gram_counts())
    gram_backend().write(petition_id, text, counted, words, None if known is None else grams(known[0]))
    new = pairs(text) if counted else set()
    old = pairs(known[0]) if known and known[1] else set()
    _count(new - old, 1)
    _count(old - new, -1)


def _count(changed: set[str], by: int) -> None:
    if not changed:
        return
    gram_backend().must_count()
    rows = sorted(changed)
    with connection.cursor() as cursor:
        if by > 0:
            cursor.executemany(
                f"INSERT INTO {_GRAM} (gram, documents) VALUES (%s, 1)"  # noqa: S608 - our own name
                f" ON CONFLICT (gram) DO UPDATE SET documents = {_GRAM}.documents + 1",
                [(gram,) for gram in rows],
            )
        else:
            # A pair nobody has any more goes altogether: it must not tell what a sealed report says.
            cursor.executemany(
                f"UPDATE {_GRAM} SET documents = documents - 1 WHERE gram = %s",  # noqa: S608 - our own name
                [(gram,) for gram in rows],
            )
            SearchGram.objects.filter(documents__lte=0).delete()


def _mark(petition_id: int, people: Sequence[NamedPerson], *, first_time: bool) -> None:
    wanted = marks(people)
    if not first_time:
        kept = SearchPerson.objects.filter(petition_id=petition_id)
        if set(kept.values_list("mark", flat=True)) == wanted:
            return
        kept.delete()
    _insert_marks(petition_id, wanted)


def _insert_marks(petition_id: int, wanted: set[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {SearchPerson._meta.db_table} (petition_id, mark) VALUES (%s, %s)",  # noqa: S608
            [(petition_id, m) for m in sorted(wanted)],
        )


def _batch(after: int, *, lock: bool = False) -> QuerySet[Petition]:
    petitions = Petition.objects.filter(pk__gt=after).order_by("pk")
    if lock:
        petitions = petitions.select_for_update()
    return petitions.prefetch_related("requests", "petitioners", "attachments__reading")[:_BATCH]


def _batches() -> Iterator[list[Petition]]:
    last = 0
    while batch := list(_batch(last)):
        yield batch
        last = batch[-1].pk


def named_person(person: Petitioner) -> NamedPerson:
    """Return a petitioner as search needs one."""
    try:
        return NamedPerson(person.full_name, person.phone, person.id_number)
    except DecryptionFailed:
        # `xinfang rebuild --check` names it; one person who can't be read must not keep the others out of the index.
        return NamedPerson(person.name)


def _of(petition: Petition) -> dict[str, Any]:
    return {
        "requests": [r.text for r in petition.requests.all()],
        "people": list(map(named_person, petition.petitioners.all())),
        "scans": [] if petition.sealed else searchable_scan_text(petition),
    }
