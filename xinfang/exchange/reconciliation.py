"""What they have against what we have: every difference by its key and in words."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from xinfang.exchange.protocol import RegionEntry


@dataclass(frozen=True)
class LocalMessage:
    """One message as we know it. `done`: accepted; `may_be_there`: sent at least once, no answer yet."""

    key: str
    number: str
    digest: str
    done: bool
    may_be_there: bool


@dataclass(frozen=True)
class ReconciliationDifference:
    """What is wrong with one key."""

    what: str
    key: str
    words: str


@dataclass(frozen=True)
class Reconciliation:
    """`late` are messages they have and whose receipt never came: settled by this very list."""

    ours: int
    theirs: int
    same: int
    late: tuple[RegionEntry, ...]
    differences: tuple[ReconciliationDifference, ...]

    @property
    def green(self) -> bool:
        """Whether both sides agree; what is only late is no difference."""
        return not self.differences

    def data(self) -> dict[str, Any]:
        """Return it as plain data, for JSON."""
        return {
            "ours": self.ours,
            "theirs": self.theirs,
            "same": self.same,
            "late": len(self.late),
            "green": self.green,
            "differences": [asdict(d) for d in self.differences],
        }


def reconcile_lists(
    ours: Iterable[LocalMessage], theirs: Iterable[RegionEntry], by_hand: Collection[str]
) -> Reconciliation:
    """Compare what was sent with what the other side has, by key, number and content.

    `by_hand`: numbers there that people typed in here; such an entry has none of the program's keys.
    """
    mine = {o.key: o for o in ours}
    seen: dict[str, RegionEntry] = {}
    differences: list[ReconciliationDifference] = []
    late: list[RegionEntry] = []
    same = count = 0
    for held in theirs:
        count += 1
        own = mine.get(held.key)
        if own is None:
            if held.number in by_hand:
                same += 1
            else:
                shown = held.key or held.number
                differences.append(ReconciliationDifference("unknown_here", shown, "对方有这一件，我们没有"))
            continue
        if held.key in seen:
            differences.append(ReconciliationDifference("twice_there", held.key, "对方有两份，请对方核实并删去一份"))
            continue
        seen[held.key] = held
        if own.digest and held.digest and own.digest != held.digest:
            differences.append(ReconciliationDifference("content_differs", held.key, "双方的内容不同（SM3 摘要不符）"))
        elif own.done and own.number and held.number != own.number:
            differences.append(
                ReconciliationDifference(
                    "number_differs", held.key, f"编号不同：我们记的是 {own.number}，对方是 {held.number}"
                )
            )
        elif own.done:
            same += 1
        elif own.may_be_there:
            late.append(held)
        else:
            differences.append(ReconciliationDifference("not_sent_by_us", held.key, "对方已有，而我们没有发送过"))
    for key, own in mine.items():
        if own.done and key not in seen:
            differences.append(ReconciliationDifference("missing_there", key, "我们记为已接收，对方没有"))
    return Reconciliation(sum(o.done for o in mine.values()), count, same, tuple(late), tuple(differences))
