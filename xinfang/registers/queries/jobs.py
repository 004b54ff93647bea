"""Exports that are being made or lie ready."""

from datetime import datetime, timedelta

from xinfang.accounts.models import Staff
from xinfang.registers.models import ExportJob

SILENT = timedelta(minutes=5)
"""A writer that gave no sign for this long has died: a batch of rows takes seconds."""
SHOWN = 20
"""The newest of a person that are listed."""


def own_jobs(staff: Staff) -> list[ExportJob]:
    """Return the newest exports of this person, without the keys of their rows (1 query)."""
    rows = ExportJob.objects.filter(by=staff).select_related("request__answer__by", "request__made")
    return list(rows.defer("picked", "written")[:SHOWN])


def own_job(staff: Staff, pk: int) -> ExportJob | None:
    """Return an export of this person; None where there is none (1 query)."""
    return ExportJob.objects.filter(by=staff, pk=pk).select_related("request__answer__by", "request__made").first()


def job_of_request(request_pk: int) -> ExportJob | None:
    """Return the export that an approval is asked for (1 query)."""
    return ExportJob.objects.filter(request=request_pk).first()


def broken_off(job: ExportJob, now: datetime) -> bool:
    """Tell whether what wrote an export has died; it will be begun again."""
    return job.state == ExportJob.State.RUNNING and bool(job.alive_at and job.alive_at < now - SILENT)
