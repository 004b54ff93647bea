"""The way by file.

Messages go as a zip that is carried there; receipts and the other side's list of what it has come back as files. The
zip holds one JSON file a message under messages/, the records once more as tables (`record_tables`), and manifest.txt:
one row a file, its SM3 and its name.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from xinfang.exchange.protocol import (
    PROTOCOL_FORMAT,
    ExchangeMessage,
    ExchangeReceipt,
    InvalidExchangeData,
    RegionEntry,
    held_of,
    read_json,
    receipt_of,
)
from xinfang.exchange.record_tables import record_tables
from xinfang.vault.sm_ciphers import sm3

MANIFEST = "manifest.txt"
README = "README.txt"
_MESSAGES = "messages/"
MAX_PACKAGE_BYTES = 64 * 1024 * 1024
_TELLS = f"""信访事项交换数据包（{PROTOCOL_FORMAT}）

messages/ 下每个文件是一条消息（UTF-8 编码的 JSON），文件名就是它的键。同一个键重复收到，按一条处理。
tables/ 下是其中的信访件记录和信访人的表格（.csv、.xlsx），内容相同，供人查看、用表格导入。
{MANIFEST} 每行是一个文件的 SM3 摘要和文件名，收到后请先核对。
回执请写成一个 JSON 文件：{{"receipts": [{{"key": "…", "outcome": "accepted", "number": "自治区系统编号"}},
{{"key": "…", "outcome": "refused", "reason": "退回原因"}}]}}。
内含个人信息，请按规定保管和传递，用后删除。
"""


def write_package_file(messages: Iterable[ExchangeMessage], mark: str = "") -> bytes:
    """Return the package as the bytes of a zip file; `mark` tells who exported it and who agreed."""
    tells = f"{_TELLS}{mark}\n" if mark else _TELLS
    whole = io.BytesIO()
    lines = []
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        packed = list(messages)
        for message in packed:
            name = f"{_MESSAGES}{message.key}.json"
            made.writestr(name, message.content)
            lines.append(f"{message.digest}  {name}\n")
        for name, content in record_tables(packed, mark):
            made.writestr(name, content)
            lines.append(f"{sm3(content).hex()}  {name}\n")
        made.writestr(README, tells)
        lines.append(f"{sm3(tells.encode()).hex()}  {README}\n")
        made.writestr(MANIFEST, "".join(lines))
    return whole.getvalue()


def read_package_file(data: bytes) -> list[ExchangeMessage]:
    """Return the messages of a package, each checked against the manifest.

    Raises:
        InvalidExchangeData: the package is damaged, too big or no package.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(i.file_size for i in package.infolist()) > MAX_PACKAGE_BYTES:
                raise InvalidExchangeData("数据包过大")
            listed = dict(_lines(package.read(MANIFEST).decode()))
            names = {i.filename for i in package.infolist()} - {MANIFEST}
            if names != set(listed):
                raise InvalidExchangeData("清单和文件不一致")
            found = {name: package.read(name) for name in sorted(names)}
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, ValueError, NotImplementedError):
        raise InvalidExchangeData("不是完整的交换数据包") from None
    for name, content in found.items():
        if sm3(content).hex() != listed[name]:
            raise InvalidExchangeData(f"{name} 与清单的摘要不符")
    return [
        ExchangeMessage(name.removeprefix(_MESSAGES).removesuffix(".json"), content)
        for name, content in found.items()
        if name.startswith(_MESSAGES)
    ]


def _lines(text: str) -> Iterable[tuple[str, str]]:
    for line in text.splitlines():
        digest, _, name = line.partition("  ")
        yield name, digest


def read_receipts(data: bytes) -> list[ExchangeReceipt]:
    """Return the receipts of a file.

    Raises:
        InvalidExchangeData: it can't be read, with the place of the first receipt that is wrong.
    """
    return [_at(i, receipt_of, row) for i, row in enumerate(_list(data, "receipts"), 1)]


def read_held(data: bytes) -> list[RegionEntry]:
    """Return the other side's list of what it has: {"entries": [{key, number, digest}]}.

    Raises:
        InvalidExchangeData: it can't be read, with the place of the first entry that is wrong.
    """
    return [_at(i, held_of, row) for i, row in enumerate(_list(data, "entries"), 1)]


def _list(data: bytes, name: str) -> list[Mapping[str, Any]]:
    if len(data) > MAX_PACKAGE_BYTES:
        raise InvalidExchangeData("文件过大")
    rows = read_json(data).get(name)
    if not isinstance(rows, list) or not all(isinstance(r, Mapping) for r in rows):
        raise InvalidExchangeData(f"文件中没有 {name} 列表")
    return rows


def _at(place: int, reading: Any, row: Mapping[str, Any]) -> Any:
    try:
        return reading(row)
    except InvalidExchangeData as e:
        raise InvalidExchangeData(f"第 {place} 条：{e}") from None
