"""The pages that were said when a file was handed over, beside those of the volume as it would be bound."""

from pathlib import Path

import pikepdf
import pytest

from tests.archive.test_package import CAME, exported, photograph, two_pages
from tests.papers.test_word_reading import FORMS
from tests.urls import url
from tests.world import as_, file_papers, file_receipt, make_department, noon, register, take, walk, who
from xinfang.archive.actions.counting import count_volumes
from xinfang.archive.dossier.counting import counted_volumes
from xinfang.archive.dossier.gathering import DossierPart, gather_dossier
from xinfang.archive.models import BoundVolume
from xinfang.archive.queries.page_counts import BoundPages, pages_as_bound
from xinfang.attachments.actions.attach import attach_checked
from xinfang.attachments.models import Attachment
from xinfang.cases.models import Petition
from xinfang.core import file_store
from xinfang.core.clock import today
from xinfang.papers.ofd import render_ofd
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material

pytestmark = pytest.mark.django_db


def file_to_hand_over() -> str:
    make_department()
    number = register(CAME)
    broken = b"%PDF-1.7\nthis is no PDF"
    for name, kind, data in (
        ("来信.txt", "txt", "请求补发".encode()),
        ("照片.jpg", "jpg", photograph()),
        ("申请表.pdf", "pdf", two_pages()),
        ("坏的.pdf", "pdf", broken),
        ("复函.ofd", "ofd", render_ofd(FORMS["letter"])),
    ):
        what = Material.LETTER if kind == "txt" else Material.EVIDENCE
        attach_checked(number, data, name, kind, what=what, by=who("clerk"), now=noon(CAME))
    walk(number, "closed", CAME, 0)
    file_papers(number, "handler")
    file_receipt(number, "handler")
    return number


def words(answer) -> str:
    return answer.content.decode()


def test_what_is_counted_is_what_is_bound(tmp_path: Path) -> None:
    number = file_to_hand_over()
    counted = {v.apart: v for v in counted_volumes(gather_dossier(Petition.objects.get(number=number), today()))}
    target = exported(number, tmp_path, DossierPart.BOTH)
    for apart, name in ((False, "data/卷宗.pdf"), (True, "data/sealed/密封卷.pdf")):
        with pikepdf.open(target / name) as pdf, pdf.open_outline() as outline:
            # Cover and a page of contents before, the 备考表 behind.
            assert (counted[apart].items, counted[apart].pages) == (len(outline.root), len(pdf.pages) - 3)


def test_handing_over_begins_with_the_pages_as_bound_and_the_same_ones_are_found_afterwards() -> None:
    number = file_to_hand_over()
    client = as_("handler")
    page = client.get(url("step", number, StepCode.SUBMIT_ARCHIVE))
    bound = pages_as_bound(Petition.objects.get(number=number))
    assert bound and bound.opened > 10 and bound.apart == 2
    assert f"按现有材料装订为 {bound.words}" in words(page) and f'value="{bound.total}"' in words(page)
    assert not BoundVolume.objects.exists(), "looking writes nothing"
    sent = {"key": page.context["key"], "seen": page.context["petition"].revision, "complete": "on"}
    answer = client.post(url("step", number, StepCode.SUBMIT_ARCHIVE), {**sent, "pages": str(bound.total)})
    assert answer.status_code == 302
    assert pages_as_bound(Petition.objects.get(number=number)) == bound
    room = as_("archivist")
    card = room.get(url("archive")).context["cards"][0]
    assert (card["counted"], card["differs"]) == (True, "")
    assert "页数不一致" not in words(room.get(url("step", number, StepCode.ACCEPT_ARCHIVE)))


def test_a_difference_is_shown_to_the_archive_room_with_both_numbers(django_assert_max_num_queries) -> None:
    number = file_to_hand_over()
    take(number, StepCode.SUBMIT_ARCHIVE, "handler", complete=True, pages=99)
    room = as_("archivist")
    page = room.get(url("archive"))
    assert page.context["cards"][0]["counted"] is False and "现在核对" in words(page), (
        "taken past the page: not counted"
    )
    bound = pages_as_bound(Petition.objects.get(number=number))
    assert bound
    said = f"移交时填写 99 页，按现有材料装订为 {bound.words}，相差 {99 - bound.total} 页。"
    assert said in words(room.get(url("archive-file", number)))
    assert said in words(room.get(url("step", number, StepCode.ACCEPT_ARCHIVE)))

    take(number, StepCode.RETURN_ARCHIVE, "archivist", reason="页数不符")
    client = as_("handler")
    form = client.get(url("step", number, StepCode.SUBMIT_ARCHIVE)).context
    sent = {"key": form["key"], "seen": form["petition"].revision, "complete": "on", "pages": "98"}
    assert client.post(url("step", number, StepCode.SUBMIT_ARCHIVE), sent).status_code == 302
    with django_assert_max_num_queries(15):
        page = room.get(url("archive"))
    assert "移交时填写 98 页" in words(page) and "现在核对" not in words(page)


def test_a_file_that_cannot_be_read_keeps_nobody_from_the_page() -> None:
    number = file_to_hand_over()
    attachment = Attachment.objects.get(petition__number=number, place=3)
    file_store.path_of(attachment.address).write_bytes(b"damaged")
    page = as_("handler").get(url("step", number, StepCode.SUBMIT_ARCHIVE))
    assert page.status_code == 200 and "按现有材料装订" not in words(page)


def test_large_files_are_not_read_while_somebody_waits_for_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    number = file_to_hand_over()
    monkeypatch.setattr("xinfang.archive.queries.page_counts.MAX_OCTETS_READ", 100)
    assert pages_as_bound(Petition.objects.get(number=number)) is None
    assert count_volumes([Petition.objects.get(number=number)]) == 0
    assert pages_as_bound(Petition.objects.get(number=number)), "counted when it was handed over"


def test_the_words_of_a_comparison() -> None:
    assert BoundPages(12, 0).words == "12 页"
    assert BoundPages(12, 2).words == "14 页（普通卷 12 页、密封卷 2 页）"
    assert BoundPages(12, 2).against(14) == ""
    assert BoundPages(12, 2).against(32).endswith("相差 18 页。")
