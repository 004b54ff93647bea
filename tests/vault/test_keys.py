"""The key folder: made once, for its owner only, rotated under running processes, never replaced in silence."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cases.racing import ROOT, environment, run
from xinfang.vault import keys
from xinfang.vault.keys import KeyMissing, keyring, version_of
from xinfang.vault.sm_ciphers import DecryptionFailed

NAMES = ["lookup.key", "master-00001.key"]


def key_files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("*.key"))


@pytest.mark.django_db
def test_the_first_start_makes_the_keys_for_their_owner_only(folder: Path) -> None:
    before = os.umask(0)
    try:
        keyring()
    finally:
        os.umask(before)
    assert key_files(folder) == NAMES
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_processes_that_start_together_make_one_set_of_keys(tmp_path: Path) -> None:
    env = environment(tmp_path)
    code = "import django; django.setup()\nfrom xinfang.vault.keys import keyring; print(keyring().fingerprints())"
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = {process.communicate(timeout=60)[0] for process in started}
    assert len(said) == 1 and "lookup" in said.pop()
    assert key_files(tmp_path / "keys") == NAMES


@pytest.mark.django_db
def test_a_first_start_cut_off_in_between_is_finished(folder: Path) -> None:
    kept = keyring().mark("phone", "13900000000")
    (folder / NAMES[1]).unlink()
    assert keyring().mark("phone", "13900000000") == kept
    assert key_files(folder) == NAMES


@pytest.mark.django_db
def test_a_record_key_is_wrapped_and_unwrapped(folder: Path) -> None:
    record_key, wrapped = keyring().new_key()
    assert (len(record_key), len(wrapped), version_of(wrapped)) == (16, 46, 1)
    assert record_key not in wrapped
    assert keyring().unwrap(wrapped) == record_key == keyring().unwrap(memoryview(wrapped))  # type: ignore[arg-type]
    assert keyring().new_key()[0] != record_key


@pytest.mark.django_db
def test_a_touched_wrapped_key_is_broken(folder: Path) -> None:
    _, wrapped = keyring().new_key()
    for at in range(2, len(wrapped)):
        with pytest.raises(DecryptionFailed):
            keyring().unwrap(wrapped[:at] + bytes((wrapped[at] ^ 1,)) + wrapped[at + 1 :])
    for length in range(len(wrapped)):
        with pytest.raises((DecryptionFailed, KeyMissing)):
            keyring().unwrap(wrapped[:length])


@pytest.mark.django_db
def test_a_key_can_not_pass_for_another_version(folder: Path) -> None:
    _, wrapped = keyring().new_key()
    assert keyring().rotate() == 2
    with pytest.raises(DecryptionFailed):
        keyring().unwrap(b"\0\2" + wrapped[2:])


@pytest.mark.django_db
def test_after_a_rotation_the_old_is_read_and_the_new_is_used(folder: Path) -> None:
    record_key, wrapped = keyring().new_key()
    mark = keyring().mark("phone", "13900000000")
    assert keyring().rotate() == 2
    ring = keyring()
    assert ring.versions == [1, 2] and ring.newest == 2
    assert ring.unwrap(wrapped) == record_key and not ring.is_newest(wrapped)
    again = ring.rewrap(wrapped)
    assert ring.unwrap(again) == record_key and ring.is_newest(again) and version_of(again) == 2
    assert version_of(ring.new_key()[1]) == 2
    assert ring.mark("phone", "13900000000") == mark


@pytest.mark.django_db
def test_another_process_sees_the_rotation_and_this_one_sees_its(folder: Path) -> None:
    env = {**environment(folder.parent), "XINFANG_KEYS": str(folder)}
    held, (record_key, wrapped) = keyring(), keyring().new_key()
    said = run(
        env,
        "from xinfang.vault.keys import keyring\n"
        f"k = keyring(); assert k.unwrap(bytes.fromhex('{wrapped.hex()}')).hex() == '{record_key.hex()}'\n"
        "k.rotate(); key, wrapped = keyring().new_key(); print(key.hex(), wrapped.hex())",
    )
    key, theirs = map(bytes.fromhex, said.split())
    assert held.newest == 1, "a keyring that somebody holds doesn't change under them"
    assert held.unwrap(theirs) == key, "but it opens what a newer master has wrapped"
    assert keyring().newest == 2


@pytest.mark.django_db
def test_a_settled_folder_is_not_read_again(folder: Path) -> None:
    keyring()
    long_ago = folder.stat().st_mtime_ns - 10 * 10**9
    os.utime(folder, ns=(long_ago, long_ago))
    assert keyring() is keyring()
    keyring().rotate()
    assert keyring().newest == 2


@pytest.mark.django_db
def test_rotations_at_once_make_a_version_each(folder: Path) -> None:
    keyring()
    with ThreadPoolExecutor(8) as pool:
        versions = sorted(pool.map(lambda _: keyring().rotate(), range(8)))
    assert versions == list(range(2, 10)) == keyring().versions[1:]


@pytest.mark.django_db
def test_marks_tell_kinds_and_texts_apart_and_need_the_key(folder: Path, settings) -> None:
    ring = keyring()
    said = {ring.mark(kind, text) for kind in ("phone", "id") for text in ("1", "2", "", "\ud800")}
    assert len(said) == 8 and {len(mark) for mark in said} == {64}
    assert ring.mark("a", "b\0c") != ring.mark("a", "b") and "1390" not in ring.mark("phone", "13900000000")
    with pytest.raises(ValueError):
        ring.mark("a\0b", "c")
    settings.KEYS_DIR = folder.parent / "others"
    assert keyring().mark("phone", "1") not in said


@pytest.mark.django_db
def test_no_text_form_shows_a_key(folder: Path) -> None:
    ring = keyring()
    masters, lookup = ring.bundle()
    shown = repr(ring) + str(ring) + str(ring.fingerprints())
    assert not [key for key in (*masters.values(), lookup) if key.hex() in shown or repr(key) in shown]


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*NAMES, ""])
def test_a_key_others_may_read_is_refused(folder: Path, name: str) -> None:
    keyring()
    (folder / name).chmod(0o744 if not name else 0o640)
    with pytest.raises(KeyMissing, match=r"chmod (600|700) "):
        keyring()


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_key_file_is_named_and_not_shown(folder: Path, name: str) -> None:
    keyring()
    text = (folder / name).read_text()
    key = text.split()[3]
    for wrong in ("", text[:-3], text.replace(key, key[::-1] if key != key[::-1] else "0" * 32), "\x00\xff" * 30):
        (folder / name).write_text(wrong)
        (folder / "touched").write_text(wrong)  # the folder changes as it does when a file is put back
        (folder / "touched").unlink()
        with pytest.raises(KeyMissing) as missing:
            keyring()
        assert name in str(missing.value) and "key recover" in str(missing.value)
        assert key not in str(missing.value)


@pytest.mark.django_db
def test_a_key_file_under_another_name_is_refused(folder: Path) -> None:
    keyring()
    (folder / "master-00001.key").rename(folder / "master-00002.key")
    with pytest.raises(KeyMissing, match="master-00002"):
        keyring()


@pytest.mark.django_db
def test_without_the_lookup_key_no_other_is_made(folder: Path) -> None:
    keyring()
    (folder / "lookup.key").unlink()
    with pytest.raises(KeyMissing, match=r"lookup\.key"):
        keyring()
    assert key_files(folder) == NAMES[1:]


@pytest.mark.django_db
def test_a_missing_old_master_is_told_with_its_version(folder: Path) -> None:
    _, wrapped = keyring().new_key()
    keyring().rotate()
    (folder / "master-00001.key").unlink()
    with pytest.raises(KeyMissing, match=r"第 1 版主密钥.*key recover"):
        keyring().unwrap(wrapped)


@pytest.mark.django_db
def test_a_folder_that_can_not_be_made_is_told(folder: Path) -> None:
    folder.parent.joinpath("keys").write_text("a file")
    with pytest.raises(KeyMissing, match="密钥文件夹"):
        keyring()


@pytest.mark.django_db
def test_a_full_disk_leaves_no_half_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(keys.os, "fsync", full)
        with pytest.raises(KeyMissing, match="磁盘空间"):
            keyring().rotate()
    assert sorted(file.name for file in folder.iterdir()) == ["lock", *NAMES]
    assert keyring().rotate() == 2


@pytest.mark.django_db
def test_many_marks_are_the_marks_of_each() -> None:
    many = keyring().marks_of_many("event text")
    contents = [b"", b"\0", "信".encode() * 500]
    assert [many(c) for c in contents] == [keyring().mark("event text", c) for c in contents]
    assert keyring().mark("event text", "信") == many("信".encode()) != keyring().mark("phone", "信")
