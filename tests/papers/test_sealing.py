"""The seal server: what it gives back is what is frozen, and without a good answer nothing is issued."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.papers import seal_server
from tests.papers.test_paper_actions import accepted, issue, signed
from tests.world import make_department, who
from xinfang.attachments import stores
from xinfang.attachments.models import Attachment
from xinfang.cases.models import Event
from xinfang.core.models import NumberSeries
from xinfang.papers import sealing
from xinfang.papers.actions import paper_texts as acts
from xinfang.papers.models import Paper
from xinfang.papers.ofd import pdf_as_ofd
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PaperKind, PaperStage
from xinfang.vault.sm_ciphers import sm3

pytestmark = pytest.mark.django_db
TOKEN = "t0ken"


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server that is a process of its own."""
    process = subprocess.Popen([sys.executable, seal_server.__file__, TOKEN], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    process.terminate()
    process.wait()


@pytest.fixture
def asked(server: str, settings) -> Callable[[str], None]:  # type: ignore[no-untyped-def]
    def ask(what: str, token: str = TOKEN) -> None:
        settings.SEAL_URL, settings.SEAL_TOKEN = f"{server}/{what}", token

    return ask


def content(attachment: Attachment | None) -> bytes:
    assert attachment is not None
    return b"".join(stores.read_attachment(attachment))


def test_the_sealed_file_is_frozen(asked: Callable[[str], None]) -> None:
    asked("seal")
    paper = issue(signed(accepted()), key="k")
    plain, kept = pdf_as_ofd(content(paper.pdf)), content(paper.ofd)
    assert kept == seal_server.with_seal(plain) != plain
    event = Event.objects.get(petition=paper.petition, code=StepCode.ISSUE_PAPER)
    assert event.data["ofd"] == sm3(kept).hex()


def test_what_stays_in_the_house_is_not_sealed(asked: Callable[[str], None]) -> None:
    asked("refuse")
    number = accepted()
    acts.make_paper(number, PaperKind.REGISTRATION_SHEET, by=who("clerk"))
    paper = acts.issue_paper(number, 1, by=who("clerk"))
    assert content(paper.ofd) == pdf_as_ofd(content(paper.pdf))


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("refuse", "印章已停用"),
        ("broken", "答复 500"),
        ("hang", "没有按时答复"),
        ("drip", "没有按时答复"),
        ("garbage", "不是可用的 OFD"),
        ("unsealed", "没有印章"),
        ("elsewhere", "没有印章"),
        ("changed", "不是原来的文书"),
    ],
)
def test_without_a_good_answer_nothing_is_issued(
    what: str, why: str, asked: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "SECONDS", 1.5)
    asked(what)
    paper = signed(accepted())
    before = (
        Event.objects.count(),
        Attachment.objects.count(),
        list(NumberSeries.objects.values_list("prefix", "last")),
    )
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        issue(paper, key="k")
    assert time.monotonic() - began < 10
    assert [r.code for r in refused.value.reasons] == ["sealed"] and why in str(refused.value)
    paper.refresh_from_db()
    assert (paper.stage, paper.number, paper.ofd) == (PaperStage.SIGNED.value, None, None)
    now = (Event.objects.count(), Attachment.objects.count(), list(NumberSeries.objects.values_list("prefix", "last")))
    assert now == before
    asked("seal")
    assert (issue(paper, key="k").number or "").endswith("1号")


def test_another_paper_is_not_taken_for_this_one(asked: Callable[[str], None]) -> None:
    asked("another")
    issue(signed(accepted()), key="k-1")
    with pytest.raises(Refused, match="不是原来的文书"):
        issue(signed(accepted()), key="k-2")
    assert Paper.objects.exclude(ofd=None).count() == 1


def test_a_wrong_token_and_no_server(asked: Callable[..., None], settings) -> None:  # type: ignore[no-untyped-def]
    asked("seal", token="wrong")
    with pytest.raises(sealing.NotSealed, match="401"):
        sealing.sealed(b"")
    settings.SEAL_URL = "http://127.0.0.1:9"
    with pytest.raises(sealing.NotSealed, match="没有按时答复"):
        sealing.sealed(b"")


def test_the_interface_is_written_down() -> None:
    said = (Path(__file__).parents[2] / "docs/sealing.md").read_text()
    assert f"within {sealing.SECONDS} seconds and {sealing.MAX_SEALED_BYTES // 2**20} MB" in said
