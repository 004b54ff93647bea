"""文号: the numbers of papers, one series a kind of paper and year, e.g. 内科信告〔2026〕12号 (GB/T 9704-2012 7.2.5)."""

from xinfang.cases.queries.visible_petitions import reply_numbers
from xinfang.core.numbering import Series
from xinfang.procedure.papers import PAPERS

from .models import Paper


def _used(stem: str) -> list[str]:
    # A reply has its number from the step on, and its paper a little later.
    papers = Paper.objects.filter(number__startswith=stem).values_list("number", flat=True)
    return [*(n for n in papers if n), *reply_numbers(stem)]


def _typed(number: str) -> bool:
    return Paper.objects.filter(number=number).exists()


BY_PREFIX = {
    prefix: Series(prefix, prefix + "〔{year}〕{n}号", _used, _typed)
    for prefix in sorted({kind.series for kind in PAPERS.values() if kind.series})
}
SERIES = tuple(BY_PREFIX.values())


def number_is_used(number: str) -> bool:
    """Tell whether a paper, or a reply whose paper isn't made yet, has this 文号."""
    return number in _used(number)


def next_document_number(prefix: str, year: int) -> str:
    """Take the next 文号 of a series and year; called as `Series.next`."""
    return BY_PREFIX[prefix].next(year)
