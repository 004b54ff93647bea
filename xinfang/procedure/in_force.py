"""From when to when a rule holds: a condition, a paper that is owed, the words of an article.

A step follows the rules of the day on which it is taken (Asia/Shanghai); what was decided before is not asked again.
Numbers have their own versions (`dated_limits`).
"""

from dataclasses import dataclass
from datetime import date

from .dated_limits import in_chinese


@dataclass(frozen=True, slots=True)
class InForce:
    """The days on which something holds: from `since` to `until`, both included; None leaves that end open."""

    since: date | None = None
    until: date | None = None

    def on(self, day: date) -> bool:
        """Tell whether it holds on this day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @property
    def words(self) -> str:
        """When it holds, for print; empty where it always does."""
        since = f"自{in_chinese(self.since)}起" if self.since else ""
        until = f"至{in_chinese(self.until)}止" if self.until else ""
        return since + until


ALWAYS = InForce()
