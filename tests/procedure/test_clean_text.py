"""Texts without any sign that may be refused aren't looked at sign by sign: the fast look misses none of them."""

import sys
import unicodedata

from xinfang.procedure import step_schema


def test_the_fast_look_finds_every_sign_that_the_slow_one_refuses() -> None:
    for point in range(sys.maxunicode + 1):
        sign = chr(point)
        refused = (
            unicodedata.category(sign) in ("Cc", "Cs")
            or sign in step_schema._BIDI
            or step_schema._is_noncharacter(point)
        )
        assert refused == bool(step_schema._INVISIBLE.search(sign)), hex(point)
