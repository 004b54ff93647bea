"""The catalogue of all volumes (案卷目录) by year and period, from what was counted before."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import Prefetch

from xinfang.archive.dossier.catalogue import VolumeEntry
from xinfang.archive.models import ArchiveVolume, BoundVolume
from xinfang.archive.queries.volumes import kept_files
from xinfang.archive.titles import volume_title
from xinfang.archive.volume_number import CODE_SETTINGS, archive_codes, parts_of
from xinfang.cases.models import Event, Petition
from xinfang.department.queries import settings_over_time
from xinfang.procedure.facts import Actor
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Retention
from xinfang.web.dates import chinese_date


def catalogue_files(actor: Actor, year: int | None, retention: Retention | None) -> list[ArchiveVolume]:
    """Return the files of a year and period, as far as this person sees their cases, by number (3 queries).

    The year is the one in the number, and of a number in another form the year in which the file was archived.
    """
    files = kept_files(actor).prefetch_related(
        "petition__petitioners",
        Prefetch("petition__bound_volumes", BoundVolume.current()),
    )
    if retention:
        files = files.filter(retention=retention.value)
    return [f for f in files.order_by("volume") if year is None or _year(f) == year]


def _year(file: ArchiveVolume) -> int:
    parts = parts_of(file.volume)
    return parts.year if parts else file.archived_on.year


def not_counted(files: Iterable[ArchiveVolume]) -> list[Petition]:
    """Return the cases whose volumes must be counted before they are listed with their pages (0 queries)."""
    return [f.petition for f in files if not f.destroyed_on and not f.petition.bound_volumes.all()]


def catalogue_entries(files: Iterable[ArchiveVolume]) -> Iterator[VolumeEntry]:
    """Yield each volume, the open one of a file before its sealed one (2 queries).

    What is on their covers is said with the same words; of a file that was destroyed, that it was.
    """
    files = list(files)
    steps = _archive_steps([f.petition for f in files])
    says = settings_over_time(*CODE_SETTINGS, "archive_unit")
    for file in files:
        compiled = steps.get((file.petition_id, StepCode.SUBMIT_ARCHIVE))
        checked = steps.get((file.petition_id, StepCode.ACCEPT_ARCHIVE))
        counted = {b.apart: b for b in file.petition.bound_volumes.all()}
        for apart in sorted(counted or {False}):
            bound = counted.get(apart)
            yield VolumeEntry(
                file=file.volume,
                apart=apart,
                number=file.petition.number,
                title=file.petition.subject
                if file.destroyed_on
                else volume_title(file.petition, file.petition.petitioners.all(), apart=apart),
                fonds_name=settings.DEPARTMENT,
                codes=archive_codes(file.archived_on, says),
                unit_name=says("archive_unit", file.archived_on),
                year=bound.year if bound else None,
                period=file.get_retention_display(),
                first=bound.first_day if bound else None,
                last=bound.last_day if bound else None,
                compiled_by=compiled.by.name if compiled and compiled.by else "",
                compiled_on=compiled.happened_on if compiled else None,
                checked_by=checked.by.name if checked and checked.by else "",
                checked_on=checked.happened_on if checked else None,
                items=bound.items if bound else None,
                pages=bound.pages if bound else None,
                remark=f"{chinese_date(file.destroyed_on)}销毁" if file.destroyed_on else "",
            )


def _archive_steps(petitions: Iterable[Petition]) -> dict[tuple[int, str], Event]:
    """Return the latest step of each case by which it was handed over and taken."""
    rows = Event.objects.filter(
        petition__in=petitions, code__in=(StepCode.SUBMIT_ARCHIVE, StepCode.ACCEPT_ARCHIVE), stage="done"
    )
    return {(e.petition_id, e.code): e for e in rows.select_related("by").order_by("petition", "seq")}
