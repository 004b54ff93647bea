"""The phrases that somebody may choose from."""

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from xinfang.accounts.models import Staff
from xinfang.phrases.models import Phrase
from xinfang.phrases.words import SHIPPED, PhraseUse, with_case_words

MAX_OF_A_USE = 30
"""So many phrases of one use for one person, and for the department."""


def phrases_of(staff: Staff | None) -> QuerySet[Phrase]:
    """Return this person's own phrases, those of the department for None (1 query)."""
    return Phrase.objects.filter(staff=staff)


def phrases_for(staff: Staff, uses: Iterable[PhraseUse], words: Mapping[str, str]) -> dict[PhraseUse, list[str]]:
    """Return the phrases for these uses with the words of a case put in (1 query).

    This person's own are in front, then the department's, then those of the program.
    """
    found: dict[PhraseUse, list[str]] = {use: [] for use in uses}
    if not found:
        return {}
    rows = Phrase.objects.filter(Q(staff=staff) | Q(staff=None), use__in=[u.value for u in found])
    own_first = sorted(rows.values_list("use", "text", "staff_id"), key=lambda row: row[2] is None)
    for use, text, _ in own_first:
        found[PhraseUse.of(use)].append(text)
    return {
        use: [
            said
            for text in dict.fromkeys([*own, *SHIPPED.get(use, ())])
            # Of a word that the case hasn't yet nothing can be written.
            if "{" not in (said := with_case_words(text, words))
        ]
        for use, own in found.items()
    }
