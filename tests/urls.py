"""Addresses by the names of their routes: a test writes an address out only where the address is what it is about."""

from typing import Any

from django.urls import reverse


def url(name: str, *args: Any) -> str:
    """The address of a route. Braces stay as they are, for what `format` puts in later."""
    return reverse(name, args=args).replace("%7B", "{").replace("%7D", "}")


def raw_url(name: str, *args: Any) -> str:
    """The address of a route with anything at all in its places, as a stranger may type it."""
    marks = {str(9_000_000_000 + n): str(arg) for n, arg in enumerate(args)}
    address = reverse(name, args=list(marks))
    for mark, arg in marks.items():
        address = address.replace(mark, arg)
    return address
