"""The code table of the exchange record (`data/codes.toml`), read once."""

import tomllib
from functools import cache
from importlib.resources import files

from xinfang.procedure.step_codes import StepCode


@cache
def code_table(name: str) -> dict[str, str]:
    """Return one table: the program's word to its code."""
    found = tomllib.loads(files("xinfang.exchange").joinpath("data/codes.toml").read_text(encoding="utf-8"))
    return {str(k): str(v) for k, v in found[name].items()}


@cache
def step_words() -> dict[str, str]:
    """Return as which 办理方式 a step is told, by its code. The table names steps as `StepCode` does."""
    return {StepCode[name.upper()]: word for name, word in code_table("steps").items()}


def region_code(name: str, word: object) -> str:
    """Return the code of a word; blank where there is none, never a guess."""
    return code_table(name).get(str(word or ""), "")


def word_for_code(name: str, wanted: str) -> str:
    """Return the program's word for a code that came in: the first that has it, blank where none has."""
    return next((w for w, c in code_table(name).items() if c == wanted), "")
