"""The row of a file in the archive room, as the steps about it leave it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Model

from xinfang.archive.actions.destruction import erase_case, erase_rows
from xinfang.archive.models import ArchiveVolume
from xinfang.archive.volume_number import archive_codes, parts_of
from xinfang.cases.history import CaseHistory
from xinfang.cases.projection import Change, Derived, Projection, UndecidedStep
from xinfang.procedure.archive import ended_on, proposed_retention, retained_until
from xinfang.procedure.articles import DEPARTMENT_SETTING
from xinfang.procedure.facts import Facts
from xinfang.procedure.rules import Reason, Refused, Step
from xinfang.procedure.steps.closing import AcceptArchive
from xinfang.procedure.steps.retention import Destroy
from xinfang.procedure.words import Retention
from xinfang.trusted_time import queries as trusted_time

from .series import VOLUMES


class ArchiveVolumeRow(Projection):
    """The file's number, how long it is kept, and its end."""

    derived = (
        Derived(ArchiveVolume, (), ("volume", "retention", "archived_on", "until", "destroyed_on"), kept=("listed",)),
    )

    def rows(self, case: CaseHistory) -> Iterator[Model]:
        """Yield the row of a file that is in the archive."""
        values = _values(case.facts)
        if values:
            volume = case.facts.volume or case.petition.number
            yield ArchiveVolume(petition=case.petition, volume=volume, **values)

    def revise(self, case: CaseHistory, rows: Sequence[Model]) -> None:
        """Erase the text of rows where the file was destroyed."""
        if case.facts.destroyed_on is not None:
            erase_rows(rows)

    def complete(self, step: Step, context: UndecidedStep) -> Step:
        """Give a file its period and number, and let no file be destroyed while the clock is in doubt.

        Raises:
            Refused: the clock is in doubt, or the number is another file's.
        """
        if isinstance(step, AcceptArchive):
            return _numbered(step, context)
        if context.code == Destroy.rule.code and (doubt := trusted_time.clock_doubt(context.now)):
            # A file isn't destroyed before its time because the clock is ahead: nothing brings it back.
            raise Refused(
                [Reason("服务器时间可能有误，现在不能销毁案卷", (DEPARTMENT_SETTING,), doubt.sentence, "clock")]
            )
        return step

    def write(self, prepared: None, change: Change) -> None:
        """Bring the row up to date, and erase the case where its file was destroyed."""
        petition, before, facts = change.petition, change.before, change.facts
        if _in_the_archive(facts) == _in_the_archive(before):
            return
        if values := _values(facts):
            # A file of before numbers were unique has another in its row than in its events, and keeps it.
            if before.archived_on is None or before.volume != facts.volume:
                values["volume"] = facts.volume or petition.number
            ArchiveVolume.objects.update_or_create(petition=petition, defaults=values)
        if facts.destroyed_on is not None and before.destroyed_on is None:
            erase_case(petition)


def _values(facts: Facts) -> dict[str, object]:
    """Return the columns of a file that is in the archive, without its volume; empty where it isn't."""
    if facts.archived_on is None or facts.retention is None:
        return {}
    return {
        "retention": facts.retention.value,
        "archived_on": facts.archived_on,
        "until": retained_until(facts.retention, facts.archived_on),
        "destroyed_on": facts.destroyed_on,
    }


def _in_the_archive(facts: Facts) -> tuple[object, ...]:
    return (facts.archived_on, facts.volume, facts.retention, facts.destroyed_on)


def _numbered(step: AcceptArchive, context: UndecidedStep) -> AcceptArchive:
    """Return the step with its period and its 档号, where the archive room left them to the system.

    Raises:
        Refused: another file has this number.
    """
    facts = context.facts
    retention = step.retention or proposed_retention(facts)[0]
    volume = step.volume or facts.volume or _next_number(retention, facts, context.day)
    if ArchiveVolume.objects.filter(volume=volume).exclude(petition__number=facts.number).exists():
        raise Refused(
            [
                Reason(
                    f"档号 {volume} 已用于另一件",
                    (DEPARTMENT_SETTING,),
                    "请核对档号；不填则由系统取号。",
                    "volume_is_unique",
                )
            ]
        )
    return replace(step, volume=volume, retention=retention)


def _next_number(retention: Retention, facts: Facts, day: date) -> str:
    """Return the next 档号 of the year in which the case ended, with the codes that hold on this day."""
    number = parts_of(VOLUMES[retention].next((ended_on(facts) or day).year))
    assert number is not None
    return str(replace(number, codes=archive_codes(day)))


PROJECTIONS = (ArchiveVolumeRow,)
