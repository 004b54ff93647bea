"""Every test of the vault has a key folder of its own."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    """Where the keys will be; nothing is there yet."""
    settings.KEYS_DIR = tmp_path / "keys"
    return settings.KEYS_DIR
