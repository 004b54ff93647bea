"""Numbers per channel and year: unique under concurrency, gap-free by construction, never reused."""

from dataclasses import dataclass

from django.db import connection

from xinfang.archive.models import ArchivedFile, DisposalList
from xinfang.cases.models import Event, Petition
from xinfang.incidents.models import Incident
from xinfang.papers.models import Paper
from xinfang.personnel_decisions.models import Decision
from xinfang.procedure.words import NUMBER_PREFIX, Channel, Retention

from .models import NumberSeries

VOLUMES = {Retention.PERMANENT: "Y", Retention.YEARS_30: "D30", Retention.YEARS_10: "D10"}
"""How a 档号 writes the period (DA/T 22)."""
_VOLUME_SERIES = {f"XF-{code}": code for code in VOLUMES.values()}
_DISPOSALS = "XH"
_INCIDENTS = "TF"
_DECISIONS = "JC"


def next_number(channel: Channel, year: int) -> str:
    """The next number of this channel and year, e.g. LX2026000118.

    Must be called inside the transaction that uses the number: if that is refused, the number goes back with it.
    """
    prefix = NUMBER_PREFIX[channel]
    return f"{prefix}{year}{_next(prefix, year):06d}"


def _next(prefix: str, year: int) -> int:
    # One statement, as everybody who registers waits for it.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_numberseries (prefix, year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (prefix, year) DO UPDATE SET last = core_numberseries.last + 1 RETURNING last",
            [prefix, year],
        )
        return int(cursor.fetchone()[0])


def next_document_number(series: str, year: int) -> str:
    """The next 文号 of a series and year, e.g. 内科信告〔2026〕12号 (GB/T 9704-2012 7.2.5); call it as `next_number`."""
    while True:
        number = f"{series}〔{year}〕{_next(series, year)}号"
        # A reply's number may have been typed in by hand, as from the paper ledger of before.
        if not Paper.objects.filter(number=number).exists():
            return number


def next_volume(retention: Retention, year: int) -> str:
    """The next 档号 of a year and period, e.g. XF·2026-D30-0012; call it as `next_number`."""
    code = VOLUMES[retention]
    while True:
        volume = f"XF·{year}-{code}-{_next(f'XF-{code}', year):04d}"
        # A number may have been typed in by hand, as from the register of before.
        if not ArchivedFile.objects.filter(volume=volume).exists():
            return volume


def next_disposal(year: int) -> str:
    """The next number of a disposal list, e.g. XH2037-001; call it as `next_number`."""
    return f"{_DISPOSALS}{year}-{_next(_DISPOSALS, year):03d}"


def next_decision(year: int) -> str:
    """The next number of a decision about a unit or a member of staff, e.g. JC2026-0001; call it as `next_number`."""
    return f"{_DECISIONS}{year}-{_next(_DECISIONS, year):04d}"


def next_incident(year: int) -> str:
    """The next number of an urgent event, e.g. TF2026-003; call it as `next_number`."""
    return f"{_INCIDENTS}{year}-{_next(_INCIDENTS, year):03d}"


@dataclass(frozen=True)
class SeriesCheck:
    """What a series gave and what exists; `missing` would have to be explained."""

    prefix: str
    year: int
    last: int
    missing: tuple[str, ...]


def check_series() -> list[SeriesCheck]:
    """Every series compared with the petitions and papers that exist: for the auditor who asks about a gap."""
    found = []
    for series in NumberSeries.objects.order_by("year", "prefix"):
        if series.prefix in NUMBER_PREFIX.values():
            stem = f"{series.prefix}{series.year}"
            wanted = [f"{stem}{i:06d}" for i in range(1, series.last + 1)]
            have = set(Petition.objects.filter(number__startswith=stem).values_list("number", flat=True))
        elif series.prefix in _VOLUME_SERIES:
            stem = f"XF·{series.year}-{_VOLUME_SERIES[series.prefix]}-"
            wanted = [f"{stem}{i:04d}" for i in range(1, series.last + 1)]
            have = set(ArchivedFile.objects.filter(volume__startswith=stem).values_list("volume", flat=True))
        elif series.prefix == _DISPOSALS:
            stem = f"{_DISPOSALS}{series.year}-"
            wanted = [f"{stem}{i:03d}" for i in range(1, series.last + 1)]
            have = set(DisposalList.objects.filter(number__startswith=stem).values_list("number", flat=True))
        elif series.prefix == _DECISIONS:
            stem = f"{_DECISIONS}{series.year}-"
            wanted = [f"{stem}{i:04d}" for i in range(1, series.last + 1)]
            have = set(Decision.objects.filter(number__startswith=stem).values_list("number", flat=True))
        elif series.prefix == _INCIDENTS:
            stem = f"{_INCIDENTS}{series.year}-"
            wanted = [f"{stem}{i:03d}" for i in range(1, series.last + 1)]
            have = set(Incident.objects.filter(number__startswith=stem).values_list("number", flat=True))
        else:
            stem = f"{series.prefix}〔{series.year}〕"
            wanted = [f"{stem}{i}号" for i in range(1, series.last + 1)]
            have = set(Paper.objects.filter(number__startswith=stem).values_list("number", flat=True))
            # A reply has its number from the step on, and its paper a little later.
            replies = Event.objects.filter(code="issue_reply", data__document_number__startswith=stem)
            have.update(replies.values_list("data__document_number", flat=True))
            reports = Incident.objects.filter(report_number__startswith=stem)
            have.update(reports.values_list("report_number", flat=True))
        missing = tuple(n for n in wanted if n not in have)
        found.append(SeriesCheck(series.prefix, series.year, series.last, missing))
    return found
