"""Text in Mongolian script is shown in its own direction: from top to bottom, its lines from left to right."""

import re
from itertools import groupby

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
_LETTER = re.compile("[\u1820-\u18aa]")


def has_mongolian(text: str) -> bool:
    """Tell whether there is a letter of the traditional script in it."""
    return _LETTER.search(text) is not None


@register.filter
def upright(text: str) -> str | SafeString:
    """Return a text whose lines in Mongolian script are set upright; others stay as they are."""
    if not has_mongolian(text):
        return text
    return format_html_join("", "{}", ((_run(found, list(lines)),) for found, lines in _runs(text)))


def _runs(text: str) -> "groupby[bool, str]":
    return groupby(text.split("\n"), key=has_mongolian)


def _run(is_mongolian: bool, lines: list[str]) -> str | SafeString:
    words = "\n".join(lines)
    return (
        format_html('<span class="mongolian" lang="mn-Mong" tabindex="0">{}</span>', words) if is_mongolian else words
    )
