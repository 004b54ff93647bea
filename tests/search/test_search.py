"""Search: a number opens its case, words find what may be seen, nothing found helps on."""

from datetime import date

import pytest
from django.test import Client

from tests.urls import url
from tests.world import register, walk
from xinfang.accounts.models import Staff
from xinfang.search import finding
from xinfang.search import views as search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
MONDAY = date(2026, 3, 2)


def as_(username):
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def find(client, text, **more):
    sent = client.post(url("search"), {"q": text})
    assert len(text) < 3 or text not in sent["Location"]
    return client.get(sent["Location"], more)


def test_an_exact_number_opens_its_case():
    number = register(MONDAY)
    clerk = as_("clerk")
    for typed in (
        number,
        number.lower(),
        f" {number[:2]} {number[2:]} ",
        "".join(chr(ord(c) + 0xFEE0) for c in number),
    ):
        assert find(clerk, typed)["Location"] == url("petition", number)
    missing = find(as_("handler"), number)
    assert missing.status_code == 200 and f"没有找到编号 {number}" in missing.content.decode()


def test_names_phones_and_words(django_assert_max_num_queries):
    number = register(MONDAY, persons=[{"name": "㛃静堃", "phone": "15000000077"}])
    register(MONDAY, subject="建议简化高企认定材料", body="材料太多。", requests=[{"text": "简化"}])
    clerk = as_("clerk")
    for text in ("㛃静堃", "150 0000 0077", "科技特派员", "补助 发放"):
        found = clerk.post(url("search"), {"q": text})["Location"]
        with django_assert_max_num_queries(16):
            answer = clerk.get(found)
        assert [r["number"] for r in answer.context["rows"]] == [number], text
    assert "㛃静堃" not in find(clerk, "科技特派员").content.decode()


def test_only_what_i_may_see():
    number = register(MONDAY)
    assert find(as_("handler"), "科技特派员").context["rows"] == []
    walk(number, "signed", MONDAY)
    assert len(find(as_("handler"), "科技特派员").context["rows"]) == 1


def test_pages(monkeypatch):
    monkeypatch.setattr(search, "PAGE_SIZE", 2)
    made = [register(MONDAY) for _ in range(5)]
    clerk, seen, url = as_("clerk"), [], ""
    while url is not None:
        answer = clerk.get(url) if url else find(clerk, "科技特派员")
        seen += [r["number"] for r in answer.context["rows"]]
        url = answer.context["page"].get("next_url")
    assert seen == made[::-1]


def test_how_many_there_are_is_said(monkeypatch):
    monkeypatch.setattr(search, "PAGE_SIZE", 2)
    for _ in range(5):
        register(MONDAY)
    clerk = as_("clerk")
    assert "找到 5 件" in find(clerk, "科技特派员").content.decode()
    monkeypatch.setattr(search, "MOST_COUNTED", 4)
    monkeypatch.setattr(finding, "MOST_COUNTED", 4)
    assert "找到 4+ 件" in find(clerk, "科技特派员").content.decode()


def test_where_the_letter_has_it_is_shown_and_nothing_of_a_person():
    register(
        MONDAY,
        body="我的电话是15000000088，去年十月提交的结题材料一直没有回音。",
        persons=[{"name": "㛃静堃", "phone": "15000000077"}],
    )
    clerk = as_("clerk")
    (row,) = find(clerk, "结题材料").context["rows"]
    assert (row["excerpt"].before[-5:], row["excerpt"].word) == ("十月提交的", "结题材料")
    page = find(clerk, "结题材料").content.decode()
    assert "<mark>结题材料</mark>" in page and "15000000088" not in page
    assert "㛃静堃" not in find(clerk, "㛃静堃").content.decode().replace('value="㛃静堃"', "")
    assert "excerpt" not in find(clerk, "科技特派员").context["rows"][0], "the row shows the subject"


def test_nothing_found_offers_what_sounds_alike():
    register(MONDAY)
    clerk = as_("clerk")
    page = find(clerk, "科技特派圆").content.decode()
    assert "您是不是要找" in page and 'value="科技特派员"' in page
    assert "您是不是要找" not in find(as_("handler"), "科技特派圆").content.decode()


def test_an_adviser_is_shown_nothing_of_the_letter():
    number = register(MONDAY)
    walk(number, "advice_sought", MONDAY)
    found = find(as_("adviser"), "补助未按时发放").context["rows"]
    assert all("excerpt" not in row for row in found)


def test_the_list_of_all_cases_is_narrowed_by_words_and_filters(django_assert_max_num_queries):
    letter = register(MONDAY)
    register(MONDAY, subject="建议简化高企认定材料", body="材料太多。", requests=[{"text": "简化"}])
    call = register(MONDAY, channel="phone", contact="phone")
    clerk = as_("clerk")
    sent = clerk.post(f"{url('petitions-find')}?channel=letter&sort=received-desc", {"q": "科技特派员"})
    assert sent.status_code == 302 and "科技" not in sent["Location"] and "channel=letter" in sent["Location"]
    with django_assert_max_num_queries(18):
        page = clerk.get(sent["Location"])
    assert [r["number"] for r in page.context["rows"]] == [letter]
    assert "包含：科技特派员" in page.context["conditions"]
    words = page.context["words"]
    both = clerk.get(url("petitions"), {"words": words, "sort": "number"})
    assert {r["number"] for r in both.context["rows"]} == {letter, call}
    out = clerk.post(url("search-export", words), {"channel": "letter"})
    assert clerk.get(out["Location"]).context["count"] == 1
    none = as_("clerk2").get(url("petitions"), {"words": words})
    assert "已经过期" in none.content.decode() and len(none.context["rows"]) == 3
    assert "words" not in clerk.post(f"{url('petitions-find')}?words={words}", {"q": " "})["Location"]


def test_the_list_is_sorted_by_relevance_where_words_are_asked():
    often = register(MONDAY, subject="科技特派员", body="科技特派员和科技特派员。")
    seldom = register(MONDAY, subject="别的事", body="见到科技特派员。")
    clerk = as_("clerk")
    plain = clerk.get(url("petitions"), {"sort": "fit-desc"})
    assert "最相关在前" not in plain.content.decode(), "there is nothing to fit"
    words = clerk.post(f"{url('petitions-find')}?sort=fit-desc", {"q": "科技特派员"})["Location"]
    page = clerk.get(words)
    assert [r["number"] for r in page.context["rows"]] == [often, seldom]
    assert "最相关在前" in page.content.decode()
    out = clerk.post(url("search-export", page.context["words"]), {"sort": "fit-desc"})
    assert clerk.get(out["Location"]).context["count"] == 2


def test_nothing_asked_and_nothing_found_help_on():
    clerk = as_("clerk")
    assert "要找哪一件" in clerk.get(url("search")).content.decode()
    page = find(clerk, "<script>alert(1)</script>").content.decode()
    assert "没有找到" in page and "<script>alert" not in page


ODD = ("\x00", "%", "_", '"', "' OR 1=1 --", "*", "NEAR(", "𠅤" * 4000, "\u202e倒", "  ", "-", "补助 " * 99)


def test_whatever_is_typed_is_only_text():
    register(MONDAY)
    clerk = as_("clerk")
    for text in ODD:
        assert find(clerk, text).status_code == 200, text
    for before in ("x", "-1", "0", "99999999999999999999", "１"):
        assert find(clerk, "补助", before=before).status_code == 200, before
