"""Addresses that are remembered are the ones Django gives."""

import pytest
from django.urls import NoReverseMatch, get_script_prefix, reverse, set_script_prefix

from xinfang.core.addresses import address_of


@pytest.mark.parametrize(("route", "args"), [("inbox", ()), ("petition", ("LX2026000001",)), ("petition", ("编号",))])
def test_an_address_is_what_reverse_gives(route, args):
    assert address_of(route, *args) == address_of(route, *args) == reverse(route, args=args)


def test_a_server_below_a_path_has_addresses_of_its_own():
    before, at_the_root = get_script_prefix(), address_of("inbox")
    set_script_prefix("/letters/")
    try:
        assert address_of("inbox") == reverse("inbox") == "/letters" + at_the_root
    finally:
        set_script_prefix(before)
    assert address_of("inbox") == at_the_root


@pytest.mark.parametrize(("route", "args"), [("no-such-page", ()), ("petition", ())])
def test_no_such_route(route, args):
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            address_of(route, *args)
