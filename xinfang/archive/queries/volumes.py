"""Lists of the archive room: what waits for it, what it keeps, and whose period ends."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from xinfang.archive.models import ArchiveVolume, DisposalList
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_with_damaged_text
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.procedure.archive import REMIND_MONTHS
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.steps.closing import AcceptArchive


def months_later(day: date, months: int) -> date:
    """Return the same day this many months later, or the last of that month.

    Raises:
        AssertionError: never, as every month has a 28th.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError  # every month has a 28th


def files_to_accept(actor: Actor) -> QuerySet[Petition]:
    """Return files that were handed over and wait to be taken or given back, the longest waiting first."""
    asked = visible_to(actor).filter(tasks__step=AcceptArchive.rule.code)
    # Their tasks came one after the other, whatever the end was.
    return asked.select_related("handling_unit", "handler").order_by("tasks__id")


def facts_of_files_to_accept(petitions: Sequence[Petition]) -> dict[int, Facts]:
    """Return the facts of files that wait, by primary key: they tell what belongs into a file (1 query).

    One that can't be read is left out.
    """
    return facts_with_damaged_text(petitions)


def kept_files(actor: Actor, beginning: str = "") -> QuerySet[ArchiveVolume]:
    """Return every file that is or was in the archive room, as far as this person sees its case.

    With `beginning`, only those whose own number or whose case's number begins so.
    """
    files = ArchiveVolume.objects.filter(petition__in=visible_to(actor).values("pk")).select_related("petition")
    if not beginning:
        return files
    return files.filter(volume__startswith=beginning) | files.filter(petition__number__startswith=beginning.upper())


def files_whose_period_ends(today: date, actor: Actor | None = None) -> QuerySet[ArchiveVolume]:
    """Return files whose period is over or ends within the next months, the oldest first.

    With `actor`, those whose cases this person sees; without, those of every case.
    """
    files = kept_files(actor) if actor else ArchiveVolume.objects.select_related("petition")
    until = months_later(today, REMIND_MONTHS)
    return files.filter(destroyed_on=None, until__lte=until).order_by("until", "petition_id")


def latest_disposal_lists(most: int) -> list[DisposalList]:
    """Return the newest lists of files to be destroyed, with their proposers and deciders (1 query)."""
    return list(DisposalList.objects.select_related("proposed_by", "decided_by")[:most])


def disposal_list(number: str) -> DisposalList | None:
    """Return the list of this number (1 query)."""
    return DisposalList.objects.filter(number=number).first()


def files_on(lists: Sequence[DisposalList], actor: Actor) -> dict[int, list[ArchiveVolume]]:
    """Return the files on each of these lists, by its primary key, as far as this person sees their cases (1 query)."""
    found: dict[int, list[ArchiveVolume]] = {made.pk: [] for made in lists}
    for file in kept_files(actor).filter(listed__in=lists).order_by("volume"):
        assert file.listed_id is not None
        found[file.listed_id].append(file)
    return found
