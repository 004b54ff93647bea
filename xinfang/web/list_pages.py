"""What lists share: the pager, and reading filters from an address."""

from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest

from xinfang.core.pagination import MAX_COUNTED_ROWS, KeysetPage
from xinfang.procedure.step_schema import read_date

CURSOR_PARAMETERS = ("after", "before", "end")


def list_address(path: str, given: Mapping[str, str]) -> str:
    """Return the address of a list with these filters; empty ones are left out."""
    query = urlencode({k: v for k, v in given.items() if v})
    return f"{path}?{query}" if query else path


def cursor_from(request: HttpRequest) -> tuple[str, str]:
    """Return (cursor, after|before|end) from ?after=…, ?before=…, ?end=1; from the beginning without them."""
    for direction in CURSOR_PARAMETERS:
        cursor = request.GET.get(direction, "")
        if cursor:
            return cursor[:60], direction
    return "", "after"


def pager_context(
    path: str, given: Mapping[str, str], page: KeysetPage, text: str = "", *, last: bool = True
) -> dict[str, str]:
    """Return the context of parts/pager.html for a page of a list."""
    urls: dict[str, str] = {"text": text}
    if page.more_before:
        urls["first_url"] = list_address(path, given)
        urls["prev_url"] = list_address(path, {**given, "before": page.first})
    if page.more_after:
        urls["next_url"] = list_address(path, {**given, "after": page.last})
        if last:
            urls["last_url"] = list_address(path, {**given, "end": "1"})
    return urls


def number_text(count: int, more: bool, unit: str = "件") -> str:
    """Return a number such as 1,234 件; with 万+ where counting stopped."""
    return f"{MAX_COUNTED_ROWS // 10_000}万+ {unit}" if more else f"{count:,} {unit}"


def count_text(count: int, more: bool, unit: str = "件") -> str:
    """Return a count such as 共 1,234 件; with 万+ where counting stopped."""
    return f"共 {number_text(count, more, unit)}"


def day_from(text: str, label: str, problems: list[str]) -> date | None:
    """Return a day from an address; what can't be one is a sentence for the page, not an error."""
    if not text.strip():
        return None
    try:
        return read_date(text, label)
    except ValueError as wrong:
        problems.append(f"{wrong}这一项没有用于筛选。")
        return None


def choice_from(text: str, label: str, known: Iterable[str], problems: list[str]) -> str:
    """Return a known word from an address, or nothing and a note."""
    if not text or text in known:
        return text
    problems.append(f"“{label}”没有“{text[:20]}”这一项，没有用于筛选。")
    return ""
