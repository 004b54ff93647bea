"""The chapters of the manual: whom each is for, its text, and the sections in it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from xinfang.procedure.facts import Actor
from xinfang.procedure.words import Role

from .marks import Block, ManualHeading, blocks_of

TEXT = Path(__file__).parent / "text"
CHAPTERS: dict[str, tuple[Role, ...]] = {
    "all": (),
    "clerk": (Role.RECEPTION, Role.COUNTER, Role.OFFICE, Role.OFFICE_HEAD),
    "leader": (Role.PRINCIPAL_LEADER, Role.LEADER),
    "head": (Role.UNIT_HEAD,),
    "handler": (Role.HANDLER,),
    "adviser": (Role.LEGAL_ADVISER,),
    "archive": (Role.ARCHIVE_ROOM,),
    "duty": (Role.DUTY_DESK, Role.SUPPORT_CENTRE),
    "auditor": (Role.AUDITOR,),
    "sealed": (Role.SEALED_OFFICER,),
    "admin": (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR),
}
"""In the order of the manual; the first is for everybody."""


@dataclass(frozen=True)
class Chapter:
    """A chapter with its blocks, and its sections as (name, title)."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    sections: tuple[tuple[str, str], ...]

    def is_for(self, actor: Actor) -> bool:
        """Tell whether it is about a duty that this person holds."""
        return actor.has(*CHAPTERS[self.name]) if CHAPTERS[self.name] else False


@cache
def chapters() -> tuple[Chapter, ...]:
    """Return all chapters, read once."""
    return tuple(_read(name) for name in CHAPTERS)


@cache
def chapter_of_section() -> dict[str, str]:
    """Return the chapter of each section, by the section's name."""
    return {name: c.name for c in chapters() for name, _ in c.sections}


def text_of(name: str) -> str:
    """Return the text of a chapter as it is written."""
    return (TEXT / f"{name}.md").read_text(encoding="utf-8")


def _read(name: str) -> Chapter:
    blocks = tuple(blocks_of(text_of(name)))
    headings = [b for b in blocks if isinstance(b, ManualHeading)]
    sections = tuple((h.name, h.text) for h in headings if h.level == 2)
    return Chapter(name, next(h.text for h in headings if h.level == 1), blocks, sections)
