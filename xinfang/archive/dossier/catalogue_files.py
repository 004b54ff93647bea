"""Catalogues for other systems to read: an Excel workbook and XML, of volumes (案卷级) and of items (卷内文件级).

In the workbook every cell is written as text or number, never as a formula, whatever somebody called their file.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree as ET

from xlsxwriter import Workbook

from xinfang.archive.dossier.binding import BoundItem
from xinfang.archive.dossier.catalogue import VolumeEntry

NAME = "目录"
"""What the files of a catalogue are called, without their ending."""
_NUMBERS = ("年度", "件数", "页数", "序号")
_TAGS = {"机构（问题）": "机构或问题"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDE = ("题名", "文件", "SM3", "备注")


@dataclass(frozen=True, slots=True)
class ListedVolume:
    """A volume with its items as they are bound; without items where the catalogue is one of volumes."""

    entry: VolumeEntry
    items: tuple[Mapping[str, str], ...] = ()


def item_fields(b: BoundItem, sm3: str) -> dict[str, str]:
    """Return what a catalogue says of an item, by label; `sm3` is the digest of its file in the package."""
    i = b.item
    return {
        "序号": str(i.place),
        "文号": i.number,
        "责任者": i.author,
        "题名": i.title,
        "日期": i.day_text,
        "页次": b.pages_text,
        "页数": str(b.last - b.first + 1),
        "密级": i.level,
        "备注": b.remark,
        "文件": i.path,
        "格式": i.kind,
        "SM3": sm3,
    }


def catalogue_xml(volumes: Iterable[ListedVolume], day: date) -> bytes:
    """Return a catalogue as XML in UTF-8; `day` is when it was made."""
    root = ET.Element("案卷目录", {"导出日期": day.isoformat()})
    for volume in volumes:
        node = ET.SubElement(root, "案卷")
        _write(node, volume.entry.fields())
        if volume.items:
            below = ET.SubElement(node, "卷内文件")
            for item in volume.items:
                _write(ET.SubElement(below, "文件"), item, {"文件": "文件名"})
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def _write(node: ET.Element, fields: Mapping[str, str], tags: Mapping[str, str] = _TAGS) -> None:
    for label, text in fields.items():
        ET.SubElement(node, tags.get(label, label)).text = _NOT_XML.sub("", text)


def catalogue_workbook(volumes: Sequence[ListedVolume]) -> bytes:
    """Return a catalogue as an Excel workbook: a sheet of the volumes, and one of their items where there are any."""
    book = io.BytesIO()
    with Workbook(book, {"in_memory": True}) as workbook:
        _sheet(workbook, "案卷目录", [v.entry.fields() for v in volumes])
        items = [{"档号": v.entry.volume, **item} for v in volumes for item in v.items]
        if items:
            _sheet(workbook, "卷内文件目录", items)
    return book.getvalue()


def _sheet(workbook: Workbook, name: str, rows: Sequence[Mapping[str, str]]) -> None:
    sheet = workbook.add_worksheet(name)
    head = workbook.add_format({"bold": True, "bottom": 1, "align": "center"})
    for column, label in enumerate(rows[0] if rows else ("档号", "题名")):
        sheet.write_string(0, column, label, head)
        sheet.set_column(column, column, 46 if label in _WIDE else 16)
    sheet.freeze_panes(1, 1)
    for line, row in enumerate(rows, 1):
        for column, (label, text) in enumerate(row.items()):
            if label in _NUMBERS and text.isdigit():
                sheet.write_number(line, column, int(text))
            else:
                sheet.write_string(line, column, text)
