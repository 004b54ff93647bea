"""The folder of a case: what it says and how it went as JSON, and its files under their own names."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from xinfang.attachments.models import Attachment
from xinfang.attachments.stores import read_attachment
from xinfang.backup.file_format import BackupMember
from xinfang.cases.access import CaseView, ViewScope
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import events_of, facts_of
from xinfang.casework.commands.case_json import case_as_json
from xinfang.papers.models import Paper

CASES = "cases/"
_MAX_NAME = 60
"""Characters of a file's name; file systems take 255 bytes."""


def readable_cases() -> Iterator[Petition]:
    """Yield the cases that have a folder: neither sealed nor destroyed, in the order of their registration."""
    yield from Petition.objects.filter(sealed=False).exclude(wrapped_key=None).order_by("pk").iterator(chunk_size=100)


def file_path(attachment: Attachment) -> str:
    """Return where an attachment lies in the export: behind its number, under its own name."""
    stem, dot, ending = attachment.name.rpartition(".")
    name = f"{stem[:_MAX_NAME]}{dot}{ending}" if stem and len(ending) <= 8 else attachment.name[:_MAX_NAME]
    return f"{CASES}{attachment.petition.number}/files/{attachment.place:03d}-{name.replace('/', '_')}"


def case_folder(petition: Petition, paths: dict[str, str]) -> Iterator[BackupMember]:
    """Yield the members of a case's folder; `paths` gets where the content of each address lies.

    Raises:
        DecryptionFailed: something of the case can't be read.
    """
    events = tuple(events_of(petition))
    view = CaseView(petition, facts_of(petition, events), events, ViewScope.FULL, None)
    attachments = list(petition.attachments.select_related("petition").order_by("place"))
    where = {a.pk: file_path(a) for a in attachments if a.wrapped_key is not None}
    said = case_as_json(view, in_plain=True)
    said["files"] = [
        {
            "number": a.place, "name": a.name, "what": a.what, "size": a.size, "sm3": a.digest,
            "path": where.get(a.pk, ""), "withdrawn": a.withdrawal_id is not None,
        }
        for a in attachments
    ]  # fmt: skip
    said["papers"] = [_paper(p, where) for p in petition.made_papers.order_by("place")]
    text = json.dumps(said, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)
    yield f"{CASES}{petition.number}/case.json", [text.encode("utf-8", "replace")]
    for a in attachments:
        # The same content twice in a case lies there once, under one key.
        if a.pk in where:
            paths.setdefault(a.address, where[a.pk])
            yield where[a.pk], read_attachment(a)


def _paper(paper: Paper, where: dict[int, str]) -> dict[str, Any]:
    files = {"pdf": paper.pdf_id, "word": paper.word_id, "ofd": paper.ofd_id}
    return {
        "kind": paper.kind, "label": paper.label, "number": paper.number or "", "stage": paper.stage,
        "issued_on": paper.issued_on, "left_on": paper.left_on, "pages": paper.pages,
        "files": {kind: where.get(pk, "") for kind, pk in files.items() if pk},
    }  # fmt: skip
