"""The index follows the records, and can be checked against them and made again."""

import pytest
from django.db import transaction

from tests.search.letters import put, write_in
from xinfang.cases.models import Petition, Petitioner
from xinfang.search import index
from xinfang.search.finding import find_page
from xinfang.search.index import NamedPerson
from xinfang.search.models import SearchGram, SearchText


def hits(text: str) -> list[int]:
    return [p.pk for p in find_page(text, Petition.objects.all(), 100)]


def test_amended_petition_is_found_by_its_new_text_only(database) -> None:
    petition = write_in("反映评审", "专家应当回避", people=[NamedPerson("李青", "13800138000")])
    petition.subject, petition.body = "反映验收", "专家未到现场"
    petition.save()
    person = petition.petitioners.get()
    person.name, person.phone = "李清", "13800138001"
    person.save()
    put(petition)
    put(petition)
    assert hits("评审") == hits("回避") == hits("李青") == hits("13800138000") == []
    assert hits("验收") == hits("现场") == hits("李清") == hits("13800138001") == [petition.pk]
    assert index.check_index() == []


def test_refused_step_leaves_nothing(database) -> None:
    kept = write_in("反映评审")

    class Refused(Exception):
        pass

    with pytest.raises(Refused), transaction.atomic():
        kept.subject = "反映验收"
        put(kept)
        write_in("反映验收")
        raise Refused
    assert hits("验收") == []
    assert hits("评审") == [kept.pk]


def test_sealing_takes_every_word_out(database, monkeypatch) -> None:
    monkeypatch.setattr(index, "_COUNTED", 1)
    open_one = write_in("公开的事", "内容")
    petition = write_in("检举某人", "收受礼金", people=[NamedPerson("周明远", "13900139000")])
    assert SearchGram.objects.filter(gram="礼金", documents=1).exists()
    petition.sealed = True
    petition.save()
    put(petition)
    assert hits("礼金") == []
    assert not SearchText.objects.filter(petition_id=petition.pk).exists()
    # Those who may see it find it by keyed hashes of the whole name and number, which say nothing themselves.
    assert hits("13900139000") == hits("周明远") == [petition.pk]
    assert set(SearchGram.objects.values_list("gram", flat=True)) == index.pairs(
        SearchText.objects.get(pk=open_one.pk).text
    )
    assert index.check_index() == []


def test_counts_follow_the_texts(database, monkeypatch) -> None:
    monkeypatch.setattr(index, "_COUNTED", 1)
    first, _second = write_in("项目评审"), write_in("项目验收")
    count = dict(SearchGram.objects.values_list("gram", "documents"))
    assert (count["项目"], count["评审"], count["验收"]) == (2, 1, 1)
    first.subject = "项目验收"
    put(first)
    count = dict(SearchGram.objects.values_list("gram", "documents"))
    assert (count["项目"], count["验收"]) == (2, 2)
    assert "评审" not in count


def test_phones_and_id_numbers_are_not_kept_readable(database) -> None:
    petition = write_in("来电", people=[NamedPerson("李青", "13800138000", "65010019800101001X")])
    text = SearchText.objects.get(pk=petition.pk).text
    assert "13800138000" not in text
    assert "650100" not in text


def test_check_names_what_differs_and_rebuild_mends_it(database) -> None:
    same = write_in("反映评审", requests=["回避"], people=[NamedPerson("李青", "13800138000")])
    missing = write_in("反映验收", indexed=False)
    changed = write_in("反映奖补")
    Petition.objects.filter(pk=changed.pk).update(body="后来补充的内容")
    moved = write_in("来电", people=[NamedPerson("王红", "13800138001")])
    person = Petitioner.objects.get(petition=moved)
    person.phone = "13800138002"
    person.save()
    sealed = write_in("检举")
    Petition.objects.filter(pk=sealed.pk).update(sealed=True)
    gone = write_in("已不存在")
    gone.delete()
    assert index.check_index() == [
        f"索引缺少：{missing.number}",
        f"索引与记录不一致：{changed.number}",
        f"索引与记录不一致：{moved.number}",
        f"密封件的文字不应在索引中：{sealed.number}",
        f"索引多出：序号 {SearchText.objects.order_by('-pk')[0].pk}",
    ]
    told: list[int] = []
    assert index.rebuild_index(told.append) == 4
    assert told == [4]
    assert index.check_index() == []
    assert hits("反映") == [changed.pk, missing.pk, same.pk]
    assert hits("后来补充") == [changed.pk]
    assert hits("13800138002") == [moved.pk]
    assert hits("检举") == hits("已不存在") == []


def test_rebuild_goes_through_all_batches(database, monkeypatch) -> None:
    monkeypatch.setattr(index, "_BATCH", 3)
    ids = [write_in("反映评审", indexed=False).pk for _ in range(8)]
    assert index.rebuild_index() == 8
    assert hits("评审") == ids[::-1]
    assert index.check_index() == []


def test_removing_what_is_not_there_is_quiet(database) -> None:
    index.remove_from_index(123456)
    assert index.check_index() == []
