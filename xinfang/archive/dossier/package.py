"""The package of a file: BagIt (RFC 8493) with SM3 and SHA-256 manifests, written straight into a zip file or a folder.

Nothing is kept between: attachments are read chunk by chunk as they are written, so a file of any size needs the memory
of its largest attachment. Manifests come last, when everything has been read.
"""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Protocol

from django.conf import settings

from xinfang.archive.dossier.binding import VolumeBinder
from xinfang.archive.dossier.catalogue_files import (
    NAME,
    ListedVolume,
    catalogue_workbook,
    catalogue_xml,
    item_fields,
)
from xinfang.archive.dossier.event_records import events_data, seal_data
from xinfang.archive.dossier.gathering import Dossier, DossierPart
from xinfang.archive.dossier.items import DossierItem, file_name
from xinfang.procedure.archive import missing_pieces
from xinfang.procedure.errors import XinfangError

from . import standalone

README = "README.txt"
CHECKER = "check.py"
_PACKED = (
    "pdf",
    "jpg",
    "png",
    "gif",
    "webp",
    "heic",
    "avif",
    "docx",
    "xlsx",
    "pptx",
    "mp3",
    "aac",
    "m4a",
    "mp4",
    "3gp",
    "ofd",
)
"""Kinds that are compressed by themselves."""
_MODE = 0o600


class DossierDamaged(XinfangError):
    """Something of the file can't be read as it was kept. `sentences` name it; nothing usable was written."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class PackageProgress:
    """What was just done: the item's place among this many, and the pages bound so far."""

    title: str
    place: int
    items: int
    pages: int


class PackageSink(Protocol):
    """Where a package is written: names are paths inside it."""

    def file(self, name: str, kind: str) -> IO[bytes]:
        """Open a new file of this name in the package; `kind` is a code of `filecheck.KINDS` or empty."""


class ZipSink:
    """Into a zip file with one folder on top."""

    def __init__(self, target: "IO[bytes] | StreamBuffer", top: str, day: tuple[int, int, int]) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._top, self._when = top, (*day, 0, 0, 0)

    def file(self, name: str, kind: str) -> IO[bytes]:
        """Open a new file in the zip file, compressed unless its kind is compressed by itself."""
        info = zipfile.ZipInfo(f"{self._top}/{name}", self._when)
        info.compress_type = zipfile.ZIP_STORED if kind in _PACKED else zipfile.ZIP_DEFLATED
        info.external_attr = (0o100000 | _MODE) << 16
        return self._zip.open(info, "w", force_zip64=True)

    def close(self) -> None:
        """Write the end of the zip file."""
        self._zip.close()


class FolderSink:
    """Into a folder, which is made; readable by its owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700)

    def file(self, name: str, kind: str) -> IO[bytes]:
        """Open a new file in the folder, which nobody but its owner may read."""
        path = self._folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE), "wb")


class _Bag:
    """Writes files and remembers their digests."""

    def __init__(self, sink: PackageSink) -> None:
        self._sink = sink
        self.digests: dict[str, dict[str, str]] = {}
        self.octets = self.streams = 0

    def put(self, name: str, pieces: Iterable[bytes], kind: str = "") -> Iterator[bytes]:
        """Write one file; yield each chunk after it was written."""
        digests = {a: hashlib.new(a) for a in standalone.ALGORITHMS}
        with self._sink.file(name, kind) as target:
            for piece in pieces:
                for digest in digests.values():
                    digest.update(piece)
                target.write(piece)
                if name.startswith("data/"):
                    self.octets += len(piece)
                yield piece
        self.streams += name.startswith("data/")
        self.digests[name] = {a: d.hexdigest() for a, d in digests.items()}

    def text(self, name: str, text: str) -> None:
        for _ in self.put(name, [text.encode("utf-8")]):
            pass

    def manifest(self, prefix: str, algorithms: tuple[str, ...], names: list[str]) -> None:
        for algorithm in algorithms:
            lines = [f"{self.digests[n][algorithm]}  {_spelled(n)}\n" for n in names]
            self.text(f"{prefix}-{algorithm}.txt", "".join(lines))


def _spelled(name: str) -> str:
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def top_name(dossier: Dossier, part: DossierPart) -> str:
    """Return the folder in the zip file: the case's number, and that it is the sealed part."""
    return file_name(f"{dossier.petition.number}{'-sealed' if part is DossierPart.SEALED else ''}")


def write_package(dossier: Dossier, part: DossierPart, sink: PackageSink) -> Iterator[PackageProgress]:
    """Write the package; yield after each step how far it is.

    Raises:
        DossierDamaged: an attachment isn't what it was.
    """
    bag = _Bag(sink)
    bag.text("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    items = dossier.of(part)
    binders: dict[bool, VolumeBinder] = {}
    yield PackageProgress("开始", 0, len(items), 0)
    for place, item in enumerate(items, 1):
        content = yield from _put_item(bag, item, place, len(items))
        if item.bound:
            binder = binders.setdefault(item.apart, VolumeBinder())
            for _ in binder.take(item, content):
                yield PackageProgress(item.title, place, len(items), sum(b.pages for b in binders.values()))
    for apart, binder in binders.items():
        name = "data/sealed/密封卷.pdf" if apart else "data/卷宗.pdf"
        for _ in bag.put(name, [bound_pdf(dossier, binder, apart=apart)], "pdf"):
            yield PackageProgress("装订成卷", len(items), len(items), binder.pages)
        _catalogue(bag, dossier, binder, apart=apart)
    _records(bag, dossier, part)
    pages = sum(b.pages for b in binders.values())
    _tags(bag, dossier, part, pages)
    yield PackageProgress("完成", len(items), len(items), pages)


def _put_item(bag: _Bag, item: DossierItem, place: int, count: int) -> Any:
    """Write an item; return its content where it will be bound.

    Raises:
        DossierDamaged: the content isn't the one on record.
    """
    content = io.BytesIO()
    name = f"data/{item.path}"
    for piece in bag.put(name, item.read(), item.kind):
        if item.bound:
            content.write(piece)
        yield PackageProgress(item.title, place, count, 0)
    if item.digest and bag.digests[name]["sm3"] != item.digest:
        raise DossierDamaged([f"{item.title}：内容与登记的摘要不符。请从备份恢复。"])
    return content.getvalue()


def bound_pdf(dossier: Dossier, binder: VolumeBinder, *, apart: bool) -> bytes:
    """Return what a binder has taken as PDF, with cover, contents and 备考表 of this volume."""
    gaps = [] if apart else [f"缺{m.what}。" for m in missing_pieces(dossier.facts)]
    return binder.bind(
        dossier.entry(apart=apart),
        heading="信访案卷（密封卷）" if apart else "信访案卷",
        note="密封卷须由指定人员开启，开启的理由和时间记入查看记录。"
        if apart
        else "法律顾问意见等另行密封的材料在密封卷中，不在本卷。",
        gaps=gaps,
    )


def _catalogue(bag: _Bag, dossier: Dossier, binder: VolumeBinder, *, apart: bool) -> None:
    """Write the catalogue of a volume for other systems to read, with the numbers that are on its paper."""
    entry = replace(dossier.entry(apart=apart), items=len(binder.bound), pages=binder.pages)
    items = tuple(item_fields(b, bag.digests[f"data/{b.item.path}"]["sm3"]) for b in binder.bound)
    volume = ListedVolume(entry, items)
    stem = f"data/{'sealed/' if apart else ''}{NAME}"
    for ending, content in (("xlsx", catalogue_workbook([volume])), ("xml", catalogue_xml([volume], dossier.day))):
        for _ in bag.put(f"{stem}.{ending}", [content], ending):
            pass


def _records(bag: _Bag, dossier: Dossier, part: DossierPart) -> None:
    """Write the events: in the open part without what is kept apart, in the sealed part whole."""
    sealed = seal_data(dossier)
    for own, folder in ((DossierPart.OPEN, "data/records"), (DossierPart.SEALED, "data/sealed/records")):
        if part not in (own, DossierPart.BOTH) or not dossier.of(own):
            continue
        bag.text(f"{folder}/events.json", json.dumps(events_data(dossier, own), ensure_ascii=False, indent=1))
        if sealed:
            data, lines = sealed
            bag.text(f"{folder}/seal.json", json.dumps(data, ensure_ascii=False, indent=1))
            if lines:
                bag.text(f"{folder}/seal-hashes.txt", lines)


def _tags(bag: _Bag, dossier: Dossier, part: DossierPart, pages: int) -> None:
    payload = [n for n in bag.digests if n.startswith("data/")]
    facts = dossier.facts
    info = {
        "Source-Organization": settings.DEPARTMENT,
        "External-Identifier": _volume(dossier, part),
        "Internal-Sender-Identifier": dossier.petition.number,
        "Internal-Sender-Description": "信访案卷（密封部分）" if part is DossierPart.SEALED else "信访案卷",
        "Retention-Period": facts.retention.label if facts.retention else "未定",
        "Pages": str(pages),
        "Bagging-Date": dossier.day.isoformat(),
        "Payload-Oxum": f"{bag.octets}.{bag.streams}",
        "Bag-Software-Agent": "xinfang",
        **({"External-Description": dossier.mark} if dossier.mark else {}),
    }
    bag.text("bag-info.txt", "".join(f"{k}: {v}\n" for k, v in info.items()))
    bag.text(README, _readme(dossier, part))
    bag.text(CHECKER, Path(standalone.__file__).read_text("utf-8"))
    bag.manifest("manifest", standalone.ALGORITHMS, payload)
    bag.manifest("tagmanifest", standalone.TAG_ALGORITHMS, [n for n in bag.digests if not n.startswith("data/")])


def _volume(dossier: Dossier, part: DossierPart) -> str:
    """Return the 档号 of the volume in this part; of the open one where there are both."""
    return dossier.entry(apart=part is DossierPart.SEALED).volume


def _readme(dossier: Dossier, part: DossierPart) -> str:
    parts = {
        DossierPart.OPEN: "本包是普通卷；法律顾问意见等另行密封的材料不在其中，相应的办理记录只留 SM3 摘要。",
        DossierPart.SEALED: "本包是密封卷，须由指定人员开启。",
        DossierPart.BOTH: "本包含普通卷和密封卷；data/sealed 中的材料须由指定人员开启。",
    }
    mark = f"\n{dossier.mark}\n" if dossier.mark else ""
    return f"""信访案卷归档包
{mark}
档号：{_volume(dossier, part)}
编号：{dossier.petition.number}
{parts[part]}

一、里面有什么
data/卷宗.pdf（或 data/sealed/密封卷.pdf）：装订成卷的全部材料，PDF/A-2b，有封面、卷内目录、页码、卷内备考表和书签。
data/目录.xlsx、data/目录.xml（或 data/sealed 中的）：案卷和卷内文件的目录，与卷内目录一致，供档案系统读入。
data/originals：来信、证据、送达回证等原件，一个字节也没有改动。
data/papers：印发的文书（PDF、Word 和 OFD）；“据办理记录补印”的没有制作过正式文书。
data/withdrawn：撤下的附件和撤回的文书（如有），不装订。
data/records：办理过程记录；events.json 是每一步办理的内容（answers，个人信息略）和 SM3 摘要，seal.json 是盖在上面的封印。

二、不用信访系统怎样核验
本包符合 BagIt 1.0（RFC 8493），任何 BagIt 工具都能核验 SHA-256 清单。也可以：
1. 有 Python 3.8 以上的电脑：解压后在此文件夹中运行  python3 check.py
   它逐个比对 SM3 和 SHA-256，并重新计算办理记录的摘要链和封印。
2. Linux：解压后运行  sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt
3. 有 OpenSSL 的电脑：openssl dgst -sm3 文件名，与 manifest-sm3.txt 中的一行比对。

三、办理记录的摘要怎样算
每条记录的 SM3 = SM3(一行 JSON)，这一行是 ["xinfang-chain-1", 前一条的 SM3, 各栏…]，各栏即 events.json 中的 fields，
其中填写的文字只留标记，由其密文的带密钥摘要与记录相连；UTF-8 编码，不加空格，汉字不转义；最前一条之前是 64 个 0。改动、删去、增加或调换任何一条，其后都对不上。
封印是同样方法得到的一行，盖住当日全部记录；seal-hashes.txt 列出它所盖的摘要。请与本厅另存的封印比对序号和 SM3。
"""


class StreamBuffer(io.RawIOBase):
    """What a zip file is written into when it is sent at once: holds what was written since it was last asked."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        """Return True, as zipfile asks."""
        return True

    def write(self, data: Any) -> int:
        """Keep what zipfile writes until it is taken."""
        self._waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Return what was written since the last call."""
        found, self._waiting = b"".join(self._waiting), []
        return found


def zip_stream(dossier: Dossier, part: DossierPart) -> Iterator[bytes]:
    """Yield the package as a zip file, chunk by chunk as it is made.

    An error cuts it off, and a zip file without its end can't be opened.
    """
    pipe = StreamBuffer()
    day = dossier.day
    sink = ZipSink(pipe, top_name(dossier, part), (day.year, day.month, day.day))
    for _ in write_package(dossier, part, sink):
        if piece := pipe.taken():
            yield piece
    sink.close()
    yield pipe.taken()
