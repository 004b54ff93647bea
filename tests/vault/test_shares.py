"""The keys come back from any k of n shares, from fewer never, and a typo is found where it was made."""

from itertools import combinations
from pathlib import Path

import pytest

from xinfang.vault import key_shares
from xinfang.vault.key_shares import WrongShares, decode_shares, recover_keys, split_keys
from xinfang.vault.keys import KeyMissing, install_keys, keyring

pytestmark = pytest.mark.django_db


@pytest.fixture
def five(folder: Path) -> list[str]:
    """Five shares, of which three restore two masters and the lookup key."""
    keyring().rotate()
    return split_keys(5, 3)


def test_any_three_of_five_in_any_order_restore_the_keys(five: list[str]) -> None:
    wanted = keyring().bundle()
    for some in combinations(five, 3):
        assert decode_shares(some) == decode_shares(reversed(some)) == wanted
    assert decode_shares(five) == decode_shares(five[1:]) == wanted


def test_no_two_restore_anything(five: list[str]) -> None:
    for some in combinations(five, 2):
        with pytest.raises(WrongShares, match="需要 3 份，目前只有 2 份"):
            decode_shares(some)


def test_two_shares_that_claim_to_suffice_open_nothing(five: list[str]) -> None:
    """Not the count that is written on a share, but the mathematics keeps two from being enough."""
    for some in combinations(five, 2):
        forged = []
        for line, text in enumerate(some, 1):
            share = key_shares._read(line, text)
            forged.append(
                key_shares._written(key_shares._Share(share.made, share.index, 2, 5, share.part, share.bundle))
            )
        with pytest.raises(WrongShares, match="改动"):
            decode_shares(forged)


def test_no_share_holds_a_key(five: list[str]) -> None:
    masters, lookup = keyring().bundle()
    for text in five:
        share = key_shares._read(1, text)
        for key in (*masters.values(), lookup):
            assert key not in share.part + share.bundle
            assert key.hex() not in repr(share)


def test_what_was_lost_is_restored_and_opens_what_was_wrapped(five: list[str], folder: Path) -> None:
    record_key, wrapped = keyring().new_key()
    mark = keyring().mark("id", "110101199001010000")
    before = {file.name: file.read_text() for file in folder.glob("*.key")}
    folder.rename(folder.parent / "lost")
    assert recover_keys(["", five[4], "\n", five[0] + "\n", five[2]]) == [1, 2]
    assert {file.name: file.read_text() for file in folder.glob("*.key")} == before
    assert keyring().unwrap(wrapped) == record_key
    assert keyring().mark("id", "110101199001010000") == mark


def test_a_recovery_cut_off_in_between_is_finished(five: list[str], folder: Path) -> None:
    for missing in (["lookup.key"], ["lookup.key", "master-00001.key"]):
        for name in missing:
            (folder / name).unlink()
        with pytest.raises(KeyMissing):
            keyring()
        recover_keys(five)
        assert keyring().versions == [1, 2]


def test_other_keys_are_never_overwritten(five: list[str], folder: Path) -> None:
    for file in folder.glob("*.key"):
        file.rename(folder.parent / file.name)
    keyring()  # new ones, as the database holds nothing
    before = {file.name: file.read_text() for file in folder.iterdir()}
    with pytest.raises(KeyMissing, match="已有另外的密钥"):
        recover_keys(five)
    assert {file.name: file.read_text() for file in folder.iterdir()} == before


def test_newer_keys_are_never_taken_back(five: list[str]) -> None:
    keyring().rotate()
    with pytest.raises(KeyMissing, match="master-00003"):
        recover_keys(five)
    assert keyring().versions == [1, 2, 3]


def test_every_typo_is_named_with_its_line_and_group(five: list[str]) -> None:
    text, missed = five[1], 0
    for at in range(4, len(text)):
        if text[at] == "-":
            continue
        wrong = text[:at] + ("7" if text[at] != "7" else "8") + text[at + 1 :]
        with pytest.raises(WrongShares, match="第 2 行") as told:
            decode_shares([five[0], wrong, five[2]])
        missed += f"第 {text[:at].count('-')} 组" not in str(told.value)
        assert text[at - 3 : at + 4] not in str(told.value)
    # One letter checks a group, so that one typo in 32 is only told by its line.
    assert missed <= len(text) // 10


def test_bits_that_say_nothing_are_read_too(five: list[str]) -> None:
    """The last letter holds bits that no byte needs; a typo in them was taken if the check letter happened to fit."""
    whole, _, last = five[1].rpartition("-")
    place, told = whole.count("-") + 1, 0
    for letter in set(key_shares._LETTERS) - {last[-2]}:
        group = last[:-2] + letter
        with pytest.raises(WrongShares, match="第 2 行"):
            decode_shares([five[0], f"{whole}-{group}{key_shares._check(place, group)}", five[2]])
        told += 1
    assert told == 31


@pytest.mark.parametrize(
    "spoil",
    [
        lambda s: s[:-9],
        lambda s: s[:40] + s[41:],
        lambda s: s.replace(s[4:12], s[13:21], 1),
        lambda s: s[:4] + s[13:22] + s[4:13] + s[22:],
        lambda s: s[:4] + s[13:],
        lambda s: s + "-" + s[4:12],
        lambda s: "XF1-",
        lambda s: s[4:],
        lambda s: "人民",
    ],
)
def test_what_is_left_out_added_or_exchanged_is_found(five: list[str], spoil) -> None:
    with pytest.raises(WrongShares, match="第 1 行"):
        decode_shares([spoil(five[0]), five[1], five[2]])


def test_letters_that_look_alike_and_other_habits_are_understood(five: list[str]) -> None:
    typed = [
        five[0].lower(),
        five[1][:4] + five[1][4:].replace("0", "O").replace("1", "l"),
        " ".join(five[2].translate({ord("-"): "－"})),
    ]
    assert decode_shares(typed) == decode_shares(five)
    assert not set("".join(five)) & set("OILU")


def test_the_same_share_twice_is_named(five: list[str]) -> None:
    with pytest.raises(WrongShares, match="第 3 行与第 1 行是同一份"):
        decode_shares([five[0], five[1], five[0]])


def test_shares_of_another_time_are_named(five: list[str]) -> None:
    with pytest.raises(WrongShares, match="第 3 行与第 1 行不是同一次制作"):
        decode_shares([five[0], five[1], split_keys(5, 3)[2]])


def test_nothing_restores_nothing() -> None:
    with pytest.raises(WrongShares, match="没有读到份额"):
        decode_shares(["", "\n"])


@pytest.mark.parametrize(("of", "need"), [(1, 1), (5, 1), (3, 4), (31, 3), (0, 0)])
def test_shares_that_make_no_sense_are_refused(folder: Path, of: int, need: int) -> None:
    with pytest.raises(ValueError, match="份额应为"):
        split_keys(of, need)


@pytest.mark.parametrize(("of", "need"), [(2, 2), (3, 2), (30, 30)])
def test_other_numbers_of_shares(folder: Path, of: int, need: int) -> None:
    keyring()
    assert decode_shares(split_keys(of, need)[-need:]) == keyring().bundle()


def test_many_rotations_fit_into_a_share(folder: Path) -> None:
    for _ in range(40):
        keyring().rotate()
    made = split_keys(3, 2)
    assert decode_shares(made[1:]) == keyring().bundle()


def test_a_second_install_of_the_same_keys_changes_nothing(five: list[str], folder: Path) -> None:
    before = {file.name: file.stat().st_ino for file in folder.glob("*.key")}
    install_keys(*keyring().bundle())
    assert {file.name: file.stat().st_ino for file in folder.glob("*.key")} == before
