"""全部事项: filters, orders and pages, all in the address; what can't be is said, never an error."""

from datetime import date, timedelta
from itertools import chain, product

import pytest
from django.test import Client

from tests.urls import url
from tests.world import register, take, tell, walk
from xinfang.accounts.models import Staff
from xinfang.cases.models import Petition
from xinfang.casework.views import petitions
from xinfang.categories.models import Category
from xinfang.core.clock import today
from xinfang.core.pagination import MAX_COUNTED_ROWS
from xinfang.procedure.step_codes import StepCode
from xinfang.registers.columns import ON_SCREEN
from xinfang.web.list_pages import count_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def as_(username):
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def numbers(client, query=""):
    return [r["number"] for r in client.get(url("petitions") + query).context["rows"]]


@pytest.fixture
def four():
    """A late letter, one being handled, an answered visit of a group, one on the side."""
    late = register(ago(40))
    handled = register(ago(30), channel="online")
    walk(handled, "signed", ago(28), 0)
    visit = register(
        ago(10), channel="visit", group_size=2, source="bureau_assigned", sender="自治区信访局", sender_number="3"
    )
    done = register(ago(20), channel="phone")
    walk(done, "archived", ago(19), 0)
    return late, handled, visit, done


def test_every_filter(four):
    late, handled, visit, done = four
    take(
        handled,
        StepCode.SUPERVISE,
        "clerk",
        ground="overdue",
        text="请说明进展。",
        feedback_on=(today() + timedelta(3)).isoformat(),
    )
    tell(handled)
    top = Category.objects.create(code="01", name="科研管理", level=1)
    below = Category.objects.create(code="0102", name="项目验收", level=2, parent=top)
    Petition.objects.filter(number=visit).update(category=below)
    clerk = as_("clerk")
    for query, expected in {
        "?state=open": {late, handled, visit},
        "?state=ended": {done},
        "?state=handling": {handled},
        "?unit=funds": {handled, done},
        "?unit=none": {late, visit},
        "?channel=visit": {visit},
        "?source=bureau_assigned": {visit},
        "?category=01": {visit},
        "?category=0102": {visit},
        "?due=late": {late, visit},
        "?clock=notice": {late, visit},  # whose objection is due before the notice
        "?handler=handler": {handled, done},
        "?leader=leader&state=open": {handled},
        "?supervised=1": {handled},
        f"?since={ago(20)}&until={ago(10)}": {visit, done},
        f"?since={ago(20)}&channel=phone&state=archived": {done},
        "?state=filed": set(),
    }.items():
        found = set(numbers(clerk, query))
        if query == "?due=late":
            assert late in found and done not in found
        else:
            assert found == expected, query


def test_orders(four):
    late, handled, visit, done = four
    clerk = as_("clerk")
    assert numbers(clerk) == [visit, done, handled, late]
    assert numbers(clerk, "?sort=received") == [late, handled, done, visit]
    assert numbers(clerk, "?sort=number") == sorted(four)
    assert numbers(clerk, "?sort=number-desc") == sorted(four, reverse=True)
    dues = list(Petition.objects.order_by("next_due", "id").values_list("number", flat=True))
    assert numbers(clerk, "?sort=due") == dues
    assert numbers(clerk, "?sort=due-desc") == dues[::-1]


def test_by_unit_and_by_state(four):
    late, handled, visit, done = four
    clerk = as_("clerk")
    assert numbers(clerk, "?sort=unit") == [late, visit, handled, done]
    assert numbers(clerk, "?sort=unit-desc") == [done, handled, visit, late]
    assert numbers(clerk, "?sort=state") == [late, visit, handled, done]
    assert numbers(clerk, "?sort=state-desc") == [done, handled, visit, late]


def test_a_click_on_a_head_sorts_and_another_one_turns_it_round(four):
    clerk = as_("clerk")
    page = clerk.get(url("petitions") + "?state=open&sort=due")
    heads = page.context["heads"]
    assert heads["due"]["sorted"] == "ascending" and "sort=due-desc" in heads["due"]["url"]
    assert 'aria-sort="ascending"' in page.content.decode() and "state=open" in heads["unit"]["url"]
    assert heads["unit"]["url"].endswith("sort=unit") and heads["received"]["url"].endswith("sort=received-desc")
    turned = clerk.get(heads["due"]["url"]).context
    assert turned["heads"]["due"]["sorted"] == "descending" and turned["heads"]["due"]["url"].endswith("sort=due")
    assert [r["number"] for r in turned["rows"]] == numbers(clerk, "?state=open&sort=due")[::-1]
    for head in heads.values():
        assert clerk.get(head["url"]).context["notes"] == [], head


def test_columns_are_added_and_stay_from_page_to_page(four, monkeypatch):
    monkeypatch.setattr(petitions, "PAGE_SIZE", 3)
    page = as_("clerk").get(url("petitions") + "?col=handler&col=sender_number&col=phone&col=nonsense&sort=number")
    assert [c["label"] for c in page.context["added"]] == ["来文编号", "承办人"]
    said = {r["number"]: r["more"] for r in page.context["rows"]}
    assert said[four[2]] == ["3", ""] and set(map(len, said.values())) == {2}
    assert "巴特尔" in page.content.decode()
    assert "cols=sender_number+handler" in page.context["page"]["next_url"]
    assert "cols=sender_number+handler" in page.context["heads"]["due"]["url"]
    assert len(as_("clerk").get(f"{url('petitions')}?" + "&".join(f"col={c}" for c in ON_SCREEN)).context["added"]) == 8


def test_cases_can_be_selected_by_who_may_export_them(four):
    page = as_("clerk").get(url("petitions") + "?state=open").content.decode()
    assert page.count('name="case"') == 3 and "选中符合条件的全部 3 件" in page
    assert '<input type="hidden" name="state" value="open">' in page
    picked = as_("clerk").get(f"{url('list-export')}?state=open&case={four[0]}&case={four[2]}")
    assert picked.context["count"] == 2 and picked.context["words"] == "逐件选中 2 件"
    whole = as_("clerk").get(f"{url('list-export')}?state=open&all=1&case={four[0]}")
    assert whole.context["count"] == 3 and whole.context["words"] == "状态：未办结（全部）"
    advised = as_("adviser").get(url("petitions")).content.decode()
    assert 'name="case"' not in advised


def test_printed_list_says_what_it_is_of_and_who_printed_it(four):
    page = as_("clerk").get(url("petitions") + "?state=open").content.decode()
    assert '<p class="only-on-paper">条件：状态：未办结（全部）</p>' in page and "打印，仅供工作使用" in page
    receipt = as_("clerk").get(url("receipt", four[0])).content.decode()
    assert "仅供工作使用" not in receipt, "a petitioner takes it home"


def follow(client, address, which):
    """The numbers of this page and of those that follow, a list a page."""
    pages = []
    while address:
        answer = client.get(address)
        pages.append([r["number"] for r in answer.context["rows"]])
        address = answer.context["page"].get(which)
    return pages


def test_pages_forward_and_backward_show_each_case_once(monkeypatch):
    monkeypatch.setattr(petitions, "PAGE_SIZE", 3)
    made = [register(ago(d)) for d in (3, 3, 3, 3, 7, 7, 12)]
    clerk = as_("clerk")
    for counted, sort, query in product(
        (10_000, 2), petitions.SORT_WORDS, ("", "&state=open", "&unit=none&state=open")
    ):
        monkeypatch.setattr("xinfang.core.pagination.MAX_COUNTED_ROWS", counted)
        address = f"{url('petitions')}?sort={sort}{query}"
        forward = list(chain(*follow(clerk, address, "next_url")))
        assert sorted(forward) == sorted(made), address
        assert list(chain(*reversed(follow(clerk, f"{address}&end=1", "prev_url")))) == forward, address


def test_queries_stay_few(django_assert_max_num_queries, four):
    clerk = as_("clerk")
    for query in ("", "?state=open&sort=due", "?unit=funds&channel=online&sort=number", "?end=1"):
        with django_assert_max_num_queries(15):
            clerk.get(url("petitions") + query)


WRONG = (
    "since=2026-02-30", "until=0000-99-99", "since=9999-01-01", "since=%00", "since=２０２６", "since=" + "1" * 9000,
    "state=nonsense", "unit=x'--", "leader=%00", "handler=ghost", "channel=⚡", "source=0", "category=99", "due=-1",
    "clock=incident_office", "sort=password", "supervised=yes", "after=a_b_c", "before=2026-01-01_99999999999999999999",
)  # fmt: skip


def test_what_cannot_be_is_said_and_left_out():
    register(ago(1))
    clerk = as_("clerk")
    for query in WRONG:
        answer = clerk.get(f"{url('petitions')}?{query}")
        assert answer.status_code == 200 and len(answer.context["rows"]) == 1 and answer.context["notes"], query


def test_only_what_i_may_see(four):
    assert set(numbers(as_("handler"))) == {four[1], four[3]}
    assert set(numbers(as_("archivist"))) == {four[3]}
    assert numbers(as_("head2")) == numbers(as_("auditor")) == []
    assert "没有您可以查看的事项" in as_("auditor").get(url("petitions")).content.decode()


def test_empty_states_help(four):
    assert "没有符合条件的事项" in as_("clerk").get(f"{url('petitions')}?state=filed").content.decode()


def test_hostile_words_stay_words_and_names_do_not_break():
    register(ago(1), subject="<b onmouseover=alert(1)>", persons=[{"name": "<i>𠅤"}])
    page = as_("clerk").get(f"{url('petitions')}?since=<script>alert(1)</script>").content.decode()
    assert "<b onmouseover" not in page and "<script>alert" not in page
    assert '<span class="name">&lt;**</span>' in page


def test_a_long_list_is_counted_so_far():
    assert MAX_COUNTED_ROWS == 10_000
    assert count_text(10_000, True) == "共 1万+ 件" and count_text(1234, False) == "共 1,234 件"
