"""自治区系统交换: for the office, what waits and what was sent back, in a browser and on a phone."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.browser import look
from tests.journeys.people import Worker
from tests.urls import url
from tests.world import agree_to_export, as_, make_department, register, take
from xinfang.cases.models import AccessLogEntry, Petition
from xinfang.core.clock import today
from xinfang.exchange import file_package
from xinfang.exchange.actions import transfers
from xinfang.exchange.models import Incoming, Outgoing
from xinfang.exchange.protocol import ExchangeReceipt, RegionEntry
from xinfang.procedure.step_codes import StepCode

CAME = timedelta(days=30)
URL, PACKAGE = url("exchange"), url("exchange-package")


@pytest.fixture
def department(db) -> None:
    make_department()


def classified() -> str:
    number = register(today() - CAME)
    take(number, StepCode.CLASSIFY, "clerk", matter_class="claim", route="six", purpose="claim")
    return number


def something_of_everything() -> list[str]:
    numbers = [classified() for _ in range(6)]
    now = timezone.now()
    transfers.settle_receipt(ExchangeReceipt(f"{numbers[0]}-entry", accepted=True, number="NMXF1"), now)
    transfers.settle_receipt(ExchangeReceipt(f"{numbers[1]}-entry", refused="住址不完整"), now)
    Outgoing.objects.filter(key=f"{numbers[2]}-entry").update(state="dead", tries=14, reason="连接中断")
    Outgoing.objects.filter(key=f"{numbers[3]}-entry").update(tries=2, reason="对方答复 503")
    Incoming.objects.create(number="内信转〔2026〕7号", state="left", first_seen=now, reason="来文日期晚于收到日期")
    transfers.reconcile([RegionEntry(f"{numbers[0]}-entry", "NMXF1", ""), RegionEntry("foreign", "N", "")], now)
    transfers._remember("run", {"trouble": "对方没有按时答复"}, now)
    return numbers


@pytest.mark.usefixtures("department")
class TestPage:
    def test_it_is_the_offices(self) -> None:
        for name in ("clerk", "office_head"):
            assert as_(name).get(URL).status_code == 200
        for name in ("handler", "leader", "principal", "sealed", "admin", "auditor"):
            assert as_(name).get(URL).status_code == 404 and as_(name).get(PACKAGE).status_code == 404

    def test_everything_stands_there_in_few_queries(self, django_assert_max_num_queries) -> None:
        numbers = something_of_everything()
        client = as_("clerk")
        with django_assert_max_num_queries(22):
            text = client.get(URL).content.decode()
        for words in (
            "住址不完整",
            "连接中断",
            "503",
            "NMXF1",
            "内信转〔2026〕7号",
            "对方有这一件",
            "对方没有按时答复",
            *numbers,
        ):
            assert words in text
        for _ in range(15):
            classified()
        with django_assert_max_num_queries(22):
            client.get(URL)

    def test_an_empty_page_says_so(self) -> None:
        text = as_("clerk").get(URL).content.decode()
        assert "没有要交换的内容" in text and "还没有对过账" in text

    def test_a_recused_colleague_sees_nothing_of_the_case(self) -> None:
        number = classified()
        take(number, StepCode.RECUSE, "clerk", person="clerk2", reason="亲属")
        take(number, StepCode.RECUSE, "office_head", agree=True)
        assert number in as_("clerk").get(URL).content.decode()
        assert number not in as_("clerk2").get(URL).content.decode()
        transfers.settle_receipt(ExchangeReceipt(f"{number}-entry", refused="重复"), timezone.now())
        answer = as_("clerk2").post(URL, {"do": "again", "key": f"{number}-entry"})
        assert answer.status_code == 422 and Outgoing.objects.get().state == "refused"

    def test_a_sealed_case_is_not_named(self) -> None:
        number = classified()
        take(number, StepCode.CLASSIFY, "clerk", matter_class="report")
        assert number not in as_("clerk").get(URL).content.decode()

    def test_sending_again(self) -> None:
        numbers = something_of_everything()
        client = as_("clerk")
        for n in (1, 2):
            assert client.post(URL, {"do": "again", "key": f"{numbers[n]}-entry"}).status_code == 302
        states = dict(Outgoing.objects.values_list("petition__number", "state"))
        assert states[numbers[1]] == states[numbers[2]] == "waiting"
        wrong = client.post(URL, {"do": "again", "key": f"{numbers[0]}-entry"})
        assert wrong.status_code == 422 and "不用重新发送" in wrong.content.decode()
        assert client.post(URL, {"do": "again", "key": "none"}).status_code == 422
        assert client.post(URL, {}).status_code == 422

    def test_receipts_are_read_from_a_file(self) -> None:
        number = classified()
        client = as_("clerk")
        row = {"key": f"{number}-entry", "outcome": "accepted", "number": "NMXF9"}
        file = SimpleUploadedFile("r.json", json.dumps({"receipts": [row]}).encode())
        assert client.post(URL, {"do": "receipts", "file": file}).status_code == 302
        assert Petition.objects.get(number=number).external_number == "NMXF9"
        for wrong in (
            None,
            SimpleUploadedFile("r.json", b"<html>"),
            SimpleUploadedFile("r.json", b'{"receipts": [{}]}'),
        ):
            answer = client.post(URL, {"do": "receipts", **({"file": wrong} if wrong else {})})
            assert answer.status_code == 422

    def test_a_package_asks_who_and_why(self) -> None:
        number = classified()
        client = as_("clerk")
        answer = client.post(PACKAGE, {"reason": ""})
        assert answer.status_code == 422
        assert '<a href="#reason">请写明理由' in answer.content.decode()
        assert Outgoing.objects.get().state == "waiting"
        assert client.post(PACKAGE, {"reason": "送自治区信访局"}).status_code == 302
        assert Outgoing.objects.get().state == "waiting", "somebody else has to agree first"
        agree_to_export("office_head")
        answer = client.post(PACKAGE)
        readme = zipfile.ZipFile(io.BytesIO(answer.content)).read(file_package.README).decode()
        assert "乌兰于" in readme and "高娃同意" in readme and "用途：送自治区信访局" in readme
        assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
        assert [m.key for m in file_package.read_package_file(io.BytesIO(answer.content).getvalue())] == [
            f"{number}-entry"
        ]
        assert AccessLogEntry.objects.filter(petition__number=number, what="export", reason="送自治区信访局").exists()
        assert client.post(PACKAGE, {"reason": "再来一次的"}).status_code == 422

    def test_a_package_after_a_while_asks_for_the_password(self) -> None:
        from tests.casework.test_looking import away_for_ten_minutes

        classified()
        client = as_("clerk")
        away_for_ten_minutes(client)
        for answer in (client.get(PACKAGE), client.post(PACKAGE, {"reason": "送自治区信访局"})):
            assert answer.status_code == 302 and url("confirm") in answer["Location"]
        assert Outgoing.objects.get().state == "waiting"


@pytest.mark.django_db(transaction=True)
def test_it_reads_well_at_a_desk_and_on_a_phone(live_server, open_page, axe) -> None:
    make_department()
    something_of_everything()
    page = Worker(open_page, "clerk").page
    for address in (URL, PACKAGE):
        assert page.goto(address).status == 200
        look(page, axe, address.strip("/").replace("/", "-"))
