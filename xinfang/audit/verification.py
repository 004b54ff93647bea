"""What a verification found: how much was computed again, and every place that doesn't prove itself."""

from dataclasses import dataclass, field

MAX_BROKEN_NAMED = 40
"""This many broken places are named; the first is what matters."""


@dataclass(frozen=True)
class BrokenPlace:
    """A place where the records don't prove themselves. `what` is a sentence for the auditor."""

    chain: str
    place: str
    what: str


@dataclass
class VerificationReport:
    """What a verification found."""

    events: int = 0
    cases: int = 0
    looks: int = 0
    administrative: int = 0
    seals: int = 0
    unsealed: int = 0
    last_seal: str = ""
    seconds: float = 0.0
    broken: list[BrokenPlace] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """Sentences about what isn't broken and should be known all the same."""
    more: int = 0

    @property
    def whole(self) -> bool:
        """Whether no broken place was found."""
        return not self.broken

    def add(self, chain: str, place: object, what: str) -> None:
        """Name a broken place; after the first MAX_BROKEN_NAMED they are only counted."""
        if len(self.broken) < MAX_BROKEN_NAMED:
            self.broken.append(BrokenPlace(chain, str(place), what))
        else:
            self.more += 1

    def join(self, part: "VerificationReport") -> None:
        """Add what a part of the cases showed; parts come in the order of the cases."""
        self.cases += part.cases
        self.events += part.events
        for broken in part.broken:
            self.add(broken.chain, broken.place, broken.what)
        self.more += part.more
