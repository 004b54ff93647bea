"""Exporting the catalogue of all volumes (案卷目录): counted where that wasn't done yet, and on record who took it."""

from enum import Enum

from xinfang.accounts.models import Staff
from xinfang.archive.actions.counting import count_volumes
from xinfang.archive.dossier.catalogue_files import ListedVolume, catalogue_workbook, catalogue_xml
from xinfang.archive.queries.catalogue import catalogue_entries, catalogue_files, not_counted
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.core.clock import today
from xinfang.procedure.facts import Actor
from xinfang.procedure.words import Retention

MAX_COUNTED_AT_ONCE = 200
"""Cases that are counted while somebody waits for a page: some tenths of a second each."""


class CatalogueForm(Enum):
    """How the catalogue is written; the value is the ending of its file."""

    EXCEL = "xlsx"
    XML = "xml"

    @property
    def mime_type(self) -> str:
        """What a browser is told of it."""
        return (
            "application/xml"
            if self is CatalogueForm.XML
            else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )


def export_catalogue(
    form: CatalogueForm,
    *,
    year: int | None,
    retention: Retention | None,
    by: Actor,
    staff: Staff | None,
    most_counted: int | None = None,
) -> tuple[bytes, int]:
    """Return the catalogue of a year and period, all of them without one, and how many volumes it has.

    `staff` is None at the command line of the server.

    Raises:
        AdminChangeRefused: there are no such files, or more than `most_counted` would have to be counted first.
    """
    files = catalogue_files(by, year, retention)
    if not files:
        raise AdminChangeRefused("没有符合条件的案卷。请换一个年度或保管期限。")
    waiting = not_counted(files)
    if most_counted is not None and len(waiting) > most_counted:
        raise AdminChangeRefused(
            f"有 {len(waiting)} 卷还没有数过页数，一次最多数 {most_counted} 卷。请按年度和保管期限分开导出，"
            "或请系统管理员在服务器上运行 xinfang archive catalogue。"
        )
    if waiting:
        count_volumes(waiting)
        files = catalogue_files(by, year, retention)
    volumes = [ListedVolume(entry) for entry in catalogue_entries(files)]
    audit_log.record(
        staff,
        "导出案卷目录",
        f"{len(volumes)} 卷",
        form=form.value,
        year=year or "",
        retention=retention.value if retention else "",
    )
    made = catalogue_workbook(volumes) if form is CatalogueForm.EXCEL else catalogue_xml(volumes, today())
    return made, len(volumes)
