"""Searches that somebody saved: their own only, asked again whole, and readable to nobody in the database."""

from datetime import date

import pytest

from tests.urls import url
from tests.world import as_, register
from xinfang.accounts.models import Staff
from xinfang.audit.models import AdminRecord
from xinfang.search.actions import MAX_SAVED, save_search
from xinfang.search.models import SavedSearch
from xinfang.search.saved_searches import UNREADABLE, read_saved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
MONDAY = date(2026, 3, 2)


def staff(username: str = "clerk") -> Staff:
    return Staff.objects.get(username=username)


def save(client, name: str, typed: str, **given: str):
    found = client.post(f"{url('petitions-find')}?{'&'.join(f'{k}={v}' for k, v in given.items())}", {"q": typed})
    kept = dict(client.get(found["Location"]).context["kept"])
    return client.post(url("search-saved"), {**kept, "name": name})


def test_words_filters_and_order_are_asked_again() -> None:
    letter = register(MONDAY)
    register(MONDAY, channel="phone", contact="phone")
    clerk = as_("clerk")
    sent = save(clerk, "特派员来信", "科技特派员", channel="letter", sort="fit-desc")
    assert "特派员" not in sent["Location"]
    assert "已存为常用查询“特派员来信”" in clerk.get(sent["Location"]).content.decode()
    # Another session of the same person, days later.
    again = as_("clerk")
    page = again.get(url("petitions"))
    (one,) = page.context["saved"]
    assert one.name == "特派员来信" and "常用查询（1）" in page.content.decode()
    assert "特派员来信" in again.get(url("search")).content.decode()
    opened = again.post(url("search-saved"), {"open": one.pk})
    assert "特派员" not in opened["Location"] and "channel=letter" in opened["Location"]
    shown = again.get(opened["Location"])
    assert [r["number"] for r in shown.context["rows"]] == [letter]
    assert shown.context["typed"] == "科技特派员" and shown.context["sort_words"] == "最相关在前"


def test_nobody_else_sees_opens_or_deletes_it() -> None:
    save(as_("clerk"), "甲", "补助")
    pk = SavedSearch.objects.get().pk
    other = as_("clerk2")
    assert other.get(url("petitions")).context["saved"] == []
    for sent in ({"open": pk}, {"delete": pk}, {"open": "x"}, {"delete": "99999999999999"}):
        page = other.post(url("search-saved"), sent, follow=True).content.decode()
        assert "没有这个常用查询" in page and SavedSearch.objects.count() == 1
    page = as_("clerk").post(url("search-saved"), {"delete": pk}, follow=True).content.decode()
    assert "已删除这个常用查询" in page and not SavedSearch.objects.exists()


def test_same_name_is_replaced_and_there_are_thirty_at_most() -> None:
    clerk = as_("clerk")
    save(clerk, " 甲 ", "补助")
    save(clerk, "甲", "特派员")
    (one,) = read_saved(staff())
    assert (one.name, one.words) == ("甲", "特派员")
    for n in range(MAX_SAVED - 1):
        save_search(f"查询{n}", "补助", {}, staff=staff())
    assert "最多保存 30 个常用查询" in save(clerk, "再来一个", "补助").client.get(url("petitions")).content.decode()
    assert "已存为" in save(clerk, "甲", "补助").client.get(url("petitions")).content.decode()
    assert SavedSearch.objects.count() == MAX_SAVED


def test_what_asks_nothing_is_not_saved() -> None:
    clerk = as_("clerk")
    for sent, said in (
        ({"name": " "}, "请给常用查询起一个名称"),
        ({"name": "甲", "words": "x"}, "没有文字，也没有条件"),
    ):
        assert said in clerk.post(url("search-saved"), sent, follow=True).content.decode()
    assert not SavedSearch.objects.exists()


def test_name_and_words_are_encrypted_and_in_no_log() -> None:
    save(as_("clerk"), "其木格的事", "其木格 15000000001")
    row = SavedSearch.objects.get()
    kept = bytes(row.sealed) + bytes(row.wrapped_key)
    assert "其木格".encode() not in kept and b"15000000001" not in kept
    assert not AdminRecord.objects.exists()
    SavedSearch.objects.update(sealed=b"x" * 60)
    page = as_("clerk").get(url("petitions"))
    assert [s.name for s in page.context["saved"]] == [UNREADABLE]
