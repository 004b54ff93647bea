"""The receipt checked on the petitioner's own device with the network off: the program that does so, and the files."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from tests.window.test_receipt_proof import (
    AT,
    HOSTILE,
    as_receipt,
    inside,
    other_character,
    signed_by_another,
    small,
    with_data,
)  # fmt: skip
from xinfang.vault.sm_ciphers import sm3
from xinfang.vault.standalone import TABLES
from xinfang.window.receipt_file import checker_file, joined, receipt_file
from xinfang.window.receipt_proof import check_receipt, short_receipt
from xinfang.window.receipts import ArrivedFile, key_number, public_key, public_key_id

keys = pytest.mark.django_db
"""The first key of a folder is made where a database is at hand."""
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Device:
    """A browser without any network."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(offline=True, locale="zh-CN")
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self.context.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.context.set_default_timeout(10_000)

    def open(self, file: Path) -> Page:
        page = self.context.new_page()
        page.goto(file.as_uri())
        return page


@pytest.fixture
def device(browser: Browser) -> Iterator[Device]:
    device = Device(browser)
    yield device
    device.context.close()
    assert device.errors == [] and all(url.startswith("file:") for url in device.asked)


@pytest.fixture(scope="module")
def program(browser: Browser) -> Iterator[Page]:
    """The modules as they are in a saved file, on an empty page."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.add_script_tag(content=joined("sm3.js", "p256.js", "receipt_proof.js"))
    yield page
    context.close()


def said_by(page: Page) -> str:
    return page.locator("[data-check-result]").inner_text()


def write(folder: Path, data: bytes | str, name: str = "回执.html") -> Path:
    file = folder / name
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return file


def test_sm3_as_the_standard_prints_it(program: Page) -> None:
    """GB/T 32905-2016, annex A."""
    digests = program.evaluate("['abc', 'abcd'.repeat(16)].map((text) => sm3(new TextEncoder().encode(text)))")
    assert digests == [
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
    ]


def test_sm3_of_every_length_around_a_block_and_in_pieces(program: Page) -> None:
    data = bytes(range(256)) * 2
    lengths = [*range(200), 255, 256, 257, 511, 512]
    whole = program.evaluate(
        "([data, lengths]) => lengths.map((n) => sm3(Uint8Array.from(data).subarray(0, n)))", [list(data), lengths]
    )
    assert whole == [hashlib.new("sm3", data[:n]).hexdigest() for n in lengths]
    pieces = program.evaluate(
        """([data, sizes]) => sizes.map((size) => {
            const digest = new Sm3();
            for (let n = 0; n < data.length; n += size) digest.update(Uint8Array.from(data.slice(n, n + size)));
            return digest.hex();
        })""",
        [list(data), [1, 3, 63, 64, 65, 200]],
    )
    assert set(pieces) == {sm3(data).hex()}


# The numbers that hypothesis draws are small ones and edges too, which random keys never are.
NUMBERS = st.one_of(st.integers(1, ORDER - 1), st.integers(1, 5), st.integers(ORDER - 5, ORDER - 1))


@settings(max_examples=40, deadline=None)
@given(scalar=NUMBERS, digest=st.binary(min_size=32, max_size=32), other=NUMBERS)
def test_p256_agrees_with_the_library(program: Page, scalar: int, digest: bytes, other: int) -> None:
    key = ec.derive_private_key(scalar, ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()
    signature = key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))
    r, s = decode_dss_signature(signature)
    turned = digest[:-1] + bytes([digest[-1] ^ 1])
    asked = [
        (point, digest.hex(), signature.hex()),
        (point, digest.hex(), encode_dss_signature(r, ORDER - s).hex()),
        (point, turned.hex(), signature.hex()),
        (point, digest.hex(), encode_dss_signature(r, other).hex()),
        (point, digest.hex(), encode_dss_signature(other, s).hex()),
        (point, digest.hex(), encode_dss_signature(r, s + ORDER).hex()),
        (point, digest.hex(), encode_dss_signature(0, s).hex()),
        (point, digest.hex(), encode_dss_signature(r, 0).hex()),
    ]
    told = program.evaluate("(asked) => asked.map((one) => isSigned(...one))", asked)
    assert told == [_library(*map(bytes.fromhex, one)) for one in asked] and told[:2] == [True, True]


def _library(point: bytes, digest: bytes, signature: bytes) -> bool:
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    try:
        key.verify(signature, digest, ec.ECDSA(Prehashed(hashes.SHA256())))
    except Exception:
        return False
    return True


def test_a_key_that_is_no_point_and_a_signature_in_another_spelling_are_refused(program: Page) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()
    digest = "00" * 32
    signature = key.sign(bytes(32), ec.ECDSA(Prehashed(hashes.SHA256()))).hex()
    off = point[:-2] + f"{int(point[-2:], 16) ^ 1:02x}"
    wrong = [
        (off, digest, signature), ("04" + "00" * 64, digest, signature), ("04" + "ff" * 64, digest, signature),
        (point.upper(), digest, signature), ("", digest, signature), (point, digest, ""), (point, digest, "30"),
        (point, digest, signature.upper()), (point, digest, signature + "00"), (point, digest, "3081" + signature[2:]),
        (point, "0", signature), (point[:-2], digest, signature),
    ]  # fmt: skip
    assert program.evaluate("(asked) => asked.some((one) => isSigned(...one))", wrong) is False
    assert program.evaluate("(one) => isSigned(...one)", (point, digest, signature)) is True


@keys
@pytest.mark.parametrize("short", [False, True], ids=["receipt", "QR code"])
def test_one_changed_character_fails_wherever_it_is(program: Page, short: bool) -> None:
    written = short_receipt("LX2026000001", AT, as_receipt(small()).digest) if short else small()
    changed = [written[:p] + other_character(c) + written[p + 1 :] for p, c in enumerate(written)]
    asked = [[written, *changed], public_key()]
    states = program.evaluate("([all, key]) => all.map((one) => checkReceipt(readReceipt(one), key).state)", asked)
    assert states[0] == "right" and "right" not in states[1:]
    assert states == [check_receipt(one).verdict.value for one in asked[0]], "the same answer as at the server"


@keys
def test_with_only_the_file_and_no_network_it_proves_itself(device: Device, tmp_path: Path) -> None:
    data = "补助通知".encode() * 1000
    arrived = [ArrivedFile("通知.txt", len(data), sm3(data).hex())]
    page = device.open(write(tmp_path, receipt_file(as_receipt(small(HOSTILE, arrived=arrived)))))
    said = said_by(page)
    assert "内容一字未改" in said and public_key_id() in said and "2026年11月30日 14:05:00" in said
    assert HOSTILE.replace("\u2028", "") in said.replace("\u2028", "") and arrived[0].digest in said
    assert page.title() == "信访回执 LX2026000001"
    page.locator("#compare").set_input_files(write(tmp_path, data, "我的通知.txt"))
    page.get_by_text("与回执上第1个文件“通知.txt”完全相同").wait_for()
    page.locator("#compare").set_input_files(write(tmp_path, data + b"x", "改过的.txt"))
    page.get_by_text("“改过的.txt”与回执上的文件都不同").wait_for()


@keys
def test_with_one_character_changed_the_file_says_so_and_shows_nothing_of_it(device: Device, tmp_path: Path) -> None:
    saved = receipt_file(as_receipt(small("请求补发"))).decode()
    text = inside(saved)["text"]
    key = public_key()
    other_key = key[:40] + other_character(key[40]) + key[41:]
    for wrong in (with_data(saved, text=text.replace("补发", "不发")), with_data(saved, key=other_key)):
        said = said_by(device.open(write(tmp_path, wrong)))
        assert "签名不对" in said and "请求" not in said
    assert "不是信访回执" in said_by(device.open(write(tmp_path, with_data(saved, signature=7))))


@keys
def test_a_forged_file_shows_another_keys_number_and_the_departments_checker_refuses_it(
    device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = receipt_file(as_receipt(small())).decode()
    signature, key = signed_by_another(inside(true)["text"], monkeypatch)
    forged = with_data(true, signature=signature, key=key)
    said = said_by(device.open(write(tmp_path, forged)))
    assert key_number(key) in said and public_key_id() not in said and "核对：一样，才是本厅签发的" in said
    page = device.open(write(tmp_path, checker_file("某厅"), "核对.html"))
    assert public_key_id() in page.content()
    brought = ((forged, "不是本厅签发的"), (true, "签名正确：是本厅签发的"), ("x", "不是信访回执"))
    for place, (file, words) in enumerate(brought):
        page.locator("#file").set_input_files(write(tmp_path, file, f"拿来的{place}.html"))
        page.locator(".verdict-words").get_by_text(words).wait_for()
    code = short_receipt("LX2026000001", AT, as_receipt(small()).digest)
    for text, words in (
        (small(), "签名正确"), (small().replace("请求", "要求"), "签名不对"), (code, "二维码只有编号"), ("", "不是信访回执"),
    ):  # fmt: skip
        page.locator("[name=text]").fill(text)
        page.get_by_role("button", name="核对").click()
        page.locator("[data-check-result]").get_by_text(words).wait_for()


@keys
def test_a_night_seal_is_checked_offline_as_at_the_server(program: Page) -> None:
    event = "ab" * 32
    line_of = '["xinfang-chain-1","{p}","seal",7,"2026-11-30","2026-11-30 16:00:00.000000",1,1,0,2,"{d}"]'
    events, looks, log = TABLES
    covers = f"{events}\n{event}\n{looks}\n{'cd' * 32}\n{log}\n"
    hashed = f"{events}\n{event}{looks}\n{'cd' * 32}{log}\n"
    line = line_of.replace("{p}", "0" * 64).replace("{d}", sm3(hashed.encode()).hex())
    proof: dict[str, Any] = {"line": line, "hash": sm3(line.encode()).hex(), "covers": covers}
    receipt = as_receipt(small(event=event))
    seals = [
        proof, {**proof, "covers": covers.replace("cd", "ce")}, {**proof, "covers": covers.replace(log, log[1:])},
        {**proof, "line": line.replace("2026-11-30", "2026-11-29")}, {**proof, "hash": "0" * 64}, {}, 7, [],
        {**proof, "covers": covers.replace(event, "ef" * 32)}, {**proof, "covers": covers[:-1]},
    ]  # fmt: skip
    saved = receipt_file(receipt).decode()
    files = [with_data(saved, seal=seal) for seal in seals]
    found = program.evaluate(
        "([all, key]) => all.map((one) => checkReceipt(readReceipt(one), key).seal)", [files, public_key()]
    )
    here = [check_receipt(one).seal for one in files]
    assert here[0] is not None and found[0] == {"number": 7, "day": "2026-11-30", "hash": proof["hash"]}
    assert here[1:] == [None] * len(seals[1:]) and all(one == {"wrong": True} for one in found[1:])
    assert json.loads(line)[3] == here[0].number


@keys
def test_the_program_has_no_address_in_it_and_loads_nothing() -> None:
    for saved in (receipt_file(as_receipt(small())).decode(), checker_file("某厅").decode()):
        assert not re.search(r"https?:|\bimport\b|\bexport\b|fetch|XMLHttp|crypto\.subtle|\bsrc=|\bhref=", saved)
