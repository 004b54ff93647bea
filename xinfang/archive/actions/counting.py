"""Counting the leaves of volumes and keeping what was found, for lists that show many of them."""

from collections.abc import Iterable

import structlog
from django.db import transaction

from xinfang.archive.dossier.counting import counted_volumes
from xinfang.archive.dossier.gathering import gather_dossier
from xinfang.archive.models import BoundVolume, program_version
from xinfang.cases.models import Petition
from xinfang.core.clock import today

_log = structlog.get_logger(__name__)


def count_volumes(petitions: Iterable[Petition]) -> int:
    """Count the volumes of these cases as they would be bound now; return how many cases couldn't be counted.

    A case whose files can't be read keeps no count: its export says what is wrong with it.
    """
    failed = 0
    for petition in petitions:
        try:
            found = counted_volumes(gather_dossier(petition, today()))
        except Exception:  # whatever a disk or a damaged file does, the other cases are counted
            _log.exception("volume_not_counted", petition=petition.number)
            found, failed = (), failed + 1
        with transaction.atomic():
            BoundVolume.objects.filter(petition=petition).exclude(apart__in=[v.apart for v in found]).delete()
            # Two people may count at once; both find the same.
            BoundVolume.objects.bulk_create(
                (
                    BoundVolume(
                        petition=petition,
                        apart=v.apart,
                        revision=petition.revision,
                        program=program_version(),
                        items=v.items,
                        pages=v.pages,
                        first_day=v.first,
                        last_day=v.last,
                        year=v.year,
                    )
                    for v in found
                ),
                update_conflicts=True,
                unique_fields=["petition", "apart"],
                update_fields=["revision", "program", "items", "pages", "first_day", "last_day", "year"],
            )
    return failed
