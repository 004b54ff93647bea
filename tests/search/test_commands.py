"""`xinfang search` and `xinfang repeats`: a line of answer for each line of input."""

import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from tests.world import make_department, register, walk
from xinfang.operations.main import main

MONDAY = date(2026, 3, 2)
LETTER = {"subject": "再次反映科技特派员补助", "body": "本人担任科技特派员，补助至今没有发放。"}


def run(monkeypatch, capsys, *arguments: str, typed: str) -> tuple[int, list[str], str]:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    code = main(list(arguments))
    said = capsys.readouterr()
    return code, said.out.splitlines(), said.err


@pytest.fixture
def numbers(db) -> list[str]:
    make_department()
    return [register(MONDAY), register(MONDAY, subject="建议简化材料", body="材料太多。", requests=[{"text": "简化"}])]


def test_search_says_what_one_person_may_see(numbers, monkeypatch, capsys):
    walk(numbers[0], "signed", MONDAY)
    typed = "科技特派员\n材料太多\n没有这样的话\n\n科技特派员 或 材料太多\n"
    code, lines, _ = run(monkeypatch, capsys, "search", "--json", "--by", "clerk", typed=typed)
    assert code == 0 and [json.loads(line) for line in lines] == [
        {"total": 1, "numbers": numbers[:1]},
        {"total": 1, "numbers": numbers[1:]},
        {"total": 0, "numbers": []},
        {"total": 0, "numbers": []},
        {"total": 2, "numbers": numbers[::-1]},
    ]
    _, lines, _ = run(monkeypatch, capsys, "search", "--json", "--by", "handler", typed=typed)
    assert [json.loads(line)["total"] for line in lines] == [1, 0, 0, 0, 1]
    _, lines, _ = run(monkeypatch, capsys, "search", "--by", "clerk", typed=typed)
    assert lines[:3] == [f"1 件：{numbers[0]}", f"1 件：{numbers[1]}", "0 件：没有找到"]
    assert run(monkeypatch, capsys, "search", "--by", "nobody_here", typed=typed)[0] != 0


def test_repeats_say_why(numbers, monkeypatch, capsys):
    person = {"name": "其木格", "phone": "15000000001"}
    typed = json.dumps({**LETTER, "persons": [person]}) + "\n" + json.dumps({"subject": "毫不相干的一件事情"}) + "\n"
    code, lines, _ = run(monkeypatch, capsys, "repeats", "--json", typed=typed)
    first, second = (json.loads(line)["candidates"] for line in lines)
    assert code == 0 and second == []
    assert first[0]["number"] == numbers[0] and first[0]["group"] == "likely" and first[0]["external_number"] == ""
    assert first[0]["reasons"][0] == "同人：电话相同" and any(r.startswith("共同文字：") for r in first[0]["reasons"])
    _, lines, _ = run(monkeypatch, capsys, "repeats", "--by", "handler", "--json", typed=typed)
    assert [json.loads(line)["candidates"] for line in lines] == [[], []], "a handler sees neither case yet"
    _, lines, _ = run(monkeypatch, capsys, "repeats", typed=typed)
    assert lines[0].startswith("第1行：") and lines[1].startswith(f"  {numbers[0]} 很可能同事：")


@pytest.mark.parametrize("typed", ["不是JSON", "[1]", '{"persons": "其木格"}', '{"persons": ["其木格"]}'])
def test_what_is_no_letter_is_named_by_its_line(numbers, monkeypatch, capsys, typed):
    code, lines, err = run(monkeypatch, capsys, "repeats", "--json", typed=json.dumps(LETTER) + "\n" + typed + "\n")
    assert code == 2 and len(lines) == 1 and "第2行" in err


@pytest.mark.django_db(transaction=True)
def test_the_same_answer_in_every_process():
    """The order of a set is another one in each process: neither scores nor order may follow it."""
    make_department()
    for n in range(6):
        register(
            MONDAY, subject=f"科技特派员补助第{n}次", body="本人担任科技特派员，补助未按时发放，请说明原因并补发。"
        )
    program = (
        "import os, sys; from pathlib import Path; from django.conf import settings;"
        "settings.KEYS_DIR = Path(os.environ['READ_KEYS']);"
        "settings.DATABASES['default']['NAME'] = os.environ['READ_DATABASE'];"
        "from xinfang.operations.main import main; sys.exit(main(['repeats', '--json']))"
    )
    answers = set()
    for seed in ("1", "2", "3"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=json.dumps(LETTER),
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "XINFANG_DATABASE_URL": "",
                "READ_DATABASE": str(settings.DATABASES["default"]["NAME"]),
                "READ_KEYS": str(settings.KEYS_DIR),
            },
        )
        answers.add(done.stdout)
    assert len(answers) == 1 and len(json.loads(answers.pop())["candidates"]) == 6
