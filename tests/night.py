"""What only `make deep` tries whole: the suite that every change runs has half an hour."""

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest

T = TypeVar("T")

AT_NIGHT = os.environ.get("NIGHT") == "1"

only_at_night = pytest.mark.skipif(not AT_NIGHT, reason="for the night: make deep")
"""A longer or second form of something that the suite tries by day too."""


def at_night_or(whole: Sequence[T], by_day: Sequence[T]) -> Sequence[T]:
    """All of it at night, these by day."""
    return whole if AT_NIGHT else by_day
