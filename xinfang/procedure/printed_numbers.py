"""The numbers as they are printed: what each is for, its articles, where it comes from, and every version of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from .articles import Article, cite
from .dated_rules import Basis, Limit, LimitVersion
from .limits import ALL_LIMITS

ALWAYS = "不分日期"
NUMBER_HEADS = ("用于", "数字", "适用于", "依据", "性质")


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """One version of a number. `when` says for what begins when it holds; `in_force` whether for what begins today."""

    code: str
    label: str
    number: str
    when: str
    cites: tuple[Article, ...]
    basis: str
    basis_note: str
    setting: bool
    in_force: bool

    @property
    def only(self) -> bool:
        """Whether it never was another."""
        return self.when == ALWAYS


def printed_numbers() -> Iterator[PrintedNumber]:
    """Yield every version of every number, those of one number side by side, the earliest first."""
    for limit in ALL_LIMITS:
        for version in limit.versions:
            yield _printed(limit, version)


def _printed(limit: Limit, version: LimitVersion) -> PrintedNumber:
    # What the department has set is borrowed from nowhere any more.
    own = limit.setting and version.since is not None
    return PrintedNumber(
        limit.code,
        limit.label,
        str(version),
        limit.when(version) or ALWAYS,
        version.cites,
        Basis.SETTING.label if own else limit.basis.label,
        "" if own else limit.basis_note,
        limit.setting,
        version == limit.now,
    )


def number_rows() -> Iterator[tuple[str, ...]]:
    """Yield the numbers as a table."""
    for n in printed_numbers():
        yield n.label, n.number, n.when, cite(n.cites), "：".join(filter(None, (n.basis, n.basis_note)))
