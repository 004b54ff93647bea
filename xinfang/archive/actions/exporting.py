"""Exporting the file of a case: who may, that it was done and why, and the package or volume as it is made."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.db import transaction

from xinfang.accounts.models import Staff
from xinfang.archive.dossier.gathering import Dossier, DossierPart, gather_dossier
from xinfang.archive.dossier.package import (
    DossierDamaged,
    FolderSink,
    PackageProgress,
    ZipSink,
    top_name,
    write_package,
    zip_stream,
)
from xinfang.archive.volume_number import SEALED_SUFFIX
from xinfang.cases.actions.access_log import log_access
from xinfang.cases.actions.export_approvals import use_approval
from xinfang.cases.models import ExportRequest, Petition
from xinfang.core.clock import today
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.words import TERMINAL_STATES, AccessKind, Role

__all__ = [
    "Dossier",
    "DossierDamaged",
    "DossierPart",
    "PackageProgress",
    "export_package",
    "file_stem",
    "gather_dossier",
    "parts_for",
    "stream_package",
    "top_name",
]


def parts_for(actor: Actor, facts: Facts) -> tuple[DossierPart, ...]:
    """Return the parts of a file that this person may export.

    Nobody but the head of the office opens what the adviser said (H13).
    """
    if facts.destroyed_on is not None or facts.state not in TERMINAL_STATES:
        return ()
    if facts.sealed:
        return (DossierPart.SEALED,) if actor.has(Role.SEALED_OFFICER) else ()
    parts = []
    if actor.has(Role.ARCHIVE_ROOM, Role.OFFICE_HEAD):
        parts.append(DossierPart.OPEN)
    if actor.has(Role.OFFICE_HEAD):
        parts.append(DossierPart.SEALED)
    return tuple(parts)


def file_stem(petition: Petition, facts: Facts, part: DossierPart) -> str:
    """Return what the file of a package is called: the 档号 of its volume, or the case's number."""
    return f"{facts.volume or petition.number}{SEALED_SUFFIX if part is DossierPart.SEALED else ''}"


def stream_package(petition: Petition, part: DossierPart, request: ExportRequest, *, staff: Staff) -> Iterator[bytes]:
    """Yield the package as a zip file, chunk by chunk; that the agreement to it is used is recorded first.

    Raises:
        DossierDamaged: something can't be read; raised before anything is sent.
        AdminChangeRefused: nobody agreed to it.
    """
    dossier = _ready(petition, part)
    with transaction.atomic():
        dossier = replace(dossier, mark=use_approval(request))
        log_access(petition, staff, AccessKind.EXPORT, request.reason, part=part.value)
    return zip_stream(dossier, part)


def export_package(petition: Petition, part: DossierPart, target: Path, *, reason: str) -> Iterator[PackageProgress]:
    """Write the package into a new zip file (a name that ends in .zip) or a new folder, from the server's command line.

    What was begun is removed again where it fails.

    Raises:
        DossierDamaged: something can't be read.
        FileExistsError: there is such a file or folder already.
        OSError: the disk doesn't take it.
    """
    dossier = _ready(petition, part)
    if target.exists():
        raise FileExistsError(target)
    fresh = target.with_name(f".{target.name}.new")
    log_access(petition, None, AccessKind.EXPORT, reason, part=part.value)
    try:
        if target.suffix.lower() == ".zip":
            day = dossier.day
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                sink = ZipSink(file, top_name(dossier, part), (day.year, day.month, day.day))
                yield from write_package(dossier, part, sink)
                sink.close()
                file.flush()
                os.fsync(file.fileno())
        else:
            yield from write_package(dossier, part, FolderSink(fresh))
        fresh.rename(target)
    except BaseException:
        if fresh.is_dir():
            shutil.rmtree(fresh, ignore_errors=True)
        else:
            fresh.unlink(missing_ok=True)
        raise


def _ready(petition: Petition, part: DossierPart) -> Dossier:
    dossier = gather_dossier(petition, today())
    if wrong := dossier.unreadable(part):
        raise DossierDamaged(wrong)
    return dossier
