"""The archive room's pages in a real browser, wide and on a phone.

No accessibility fault, nothing to scroll sideways for.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.browser import look
from tests.urls import url
from xinfang.procedure.step_codes import StepCode


@pytest.fixture
def numbers(live_server) -> dict[str, str]:
    """Files that wait, are kept, wait to be destroyed and were destroyed."""
    from tests.archive.test_disposal import archived, department, proposed, staff
    from tests.archive.test_volume_number import set_codes
    from tests.world import file_papers, file_receipt, register, set_up_authenticators, walk, who
    from xinfang.archive.actions import disposal
    from xinfang.archive.actions.counting import count_volumes
    from xinfang.cases.models import Petition
    from xinfang.core.clock import today

    department()
    set_up_authenticators()
    # The longest number there can be.
    set_codes(fonds_number="A01234", archive_category="ZYDA·XFAJ", archive_unit_code="BGSXFB")
    found = {"gone": archived(), "listed": archived(), "over": archived(), "kept": archived("permanent")}
    disposal.decide_disposal(
        proposed(found["gone"]), agree=True, opinion="", by=who("office_head"), staff=staff("office_head")
    )
    proposed(found["listed"])
    found["handing"] = register(today() - timedelta(days=9))
    walk(found["handing"], "closed", today() - timedelta(days=9), 0)
    file_papers(found["handing"], "handler")
    file_receipt(found["handing"], "handler")
    found["waiting"] = register(today() - timedelta(days=9))
    walk(found["waiting"], "submitted", today() - timedelta(days=9), 0)
    # Its pages are not those that were said: both numbers are shown.
    count_volumes(Petition.objects.filter(number=found["waiting"]))
    return found


PAGES = {
    "handler": (url("step", "{handing}", StepCode.SUBMIT_ARCHIVE),),
    "archivist": (
        url("archive"),
        url("archive-kept"),
        url("archive-catalogue"),
        url("step", "{waiting}", StepCode.ACCEPT_ARCHIVE),
        url("archive-ending"),
        url("archive-file", "{waiting}"),
        url("archive-package", "{kept}"),
        url("petition", "{gone}"),
    ),
    "office_head": (url("archive-disposals"), url("archive-file", "{gone}"), url("archive-package", "{kept}")),
}


@pytest.mark.parametrize("person", PAGES)
def test_pages_pass_axe_and_fit(person: str, numbers: dict[str, str], open_page: Callable, axe: Callable) -> None:
    from tests.journeys.people import Worker

    page = Worker(open_page, person).page
    for address in PAGES[person]:
        answer = page.goto(address.format(**numbers))
        assert answer.status == 200, address
        look(page, axe, f"{person}-{re.sub('[{}]', '', address.strip('/').replace('/', '-'))}")


def test_a_file_is_taken_and_its_package_downloaded(
    numbers: dict[str, str], open_page: Callable, tmp_path: Path
) -> None:
    from tests.journeys.people import Worker
    from xinfang.archive.dossier import standalone
    from xinfang.archive.models import ArchiveVolume

    page = Worker(open_page, "archivist").page
    page.goto(url("archive"))
    assert page.get_by_text("移交时填写 32 页").is_visible()
    page.get_by_role("button", name="接收归档").click()
    page.wait_for_url("**/archive/")
    assert page.get_by_text("没有等待接收的案卷").is_visible()
    file = ArchiveVolume.objects.get(petition__number=numbers["waiting"])
    page.goto(url("archive-package", numbers["waiting"]))
    page.get_by_label("理由").fill("移交档案馆")
    page.get_by_role("button", name="申请导出").click()
    other = Worker(open_page, "office_head").page
    other.goto(url("exports"))
    other.get_by_role("button", name="同意", exact=True).click()
    assert other.get_by_text("没有等待您审批的导出").is_visible()
    page.goto(url("archive-package", numbers["waiting"]))
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="导出", exact=True).click()
    assert download.value.suggested_filename == f"{file.volume}.zip"
    target = tmp_path / "file.zip"
    download.value.save_as(target)
    assert standalone.check(str(target))[1] == []
