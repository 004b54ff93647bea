"""A measurement that runs by itself: in a folder of its own, printing its figures and the targets it missed."""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def own_installation(**settings: str) -> Iterator[Path]:
    """Set Django up over an empty folder, with nothing of the caller's settings; give the folder, then delete it."""
    with tempfile.TemporaryDirectory(prefix="xinfang-bench-") as folder:
        for name in [n for n in os.environ if n.startswith("XINFANG_")]:
            del os.environ[name]
        os.environ.update(
            XINFANG_DATA=folder,
            XINFANG_LOG_LEVEL="ERROR",
            XINFANG_RATE_LIMITS="0",
            DJANGO_SETTINGS_MODULE="xinfang.config.settings",
            **settings,
        )
        import django

        django.setup()
        yield Path(folder)


def print_figures(found: Mapping[str, Any], digits: int, file: Path | None) -> None:
    """Print the figures, decimals to this many digits, and write them to the file where there is one."""
    for name, figure in found.items():
        print(f"{name:28} {figure if not isinstance(figure, float) else round(figure, digits)}")
    if file:
        file.write_text(json.dumps(found, ensure_ascii=False, indent=1))


def print_missed(missed: Sequence[str]) -> None:
    """Print which targets were missed."""
    for what in missed:
        print(f"MISSED: {what}")
