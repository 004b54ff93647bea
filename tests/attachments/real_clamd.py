"""A real ClamAV daemon on a socket of its own, with signatures of our own: the real ones are hundreds of megabytes."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VIRUS = b"only our own signatures know this as a virus " * 10
INSIDE = b"XINFANG-TEST-SIGNATURE-INSIDE-A-FILE"
"""Known by its bytes, anywhere in a file."""
_CACHE = Path(sys.prefix) / "clamd"


def _program() -> tuple[Path, dict[str, str]]:
    installed = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if installed:
        return Path(installed), {}
    fetched = subprocess.run([ROOT / "scripts/clamd", _CACHE], capture_output=True, text=True)
    if fetched.returncode:
        pytest.skip(f"clamd is not installed and can't be fetched: {fetched.stderr.strip()[-200:]}")
    folders = [str(p) for p in (_CACHE / "usr/lib").glob("*-linux-gnu")] + [
        str(p) for p in (_CACHE / "lib").glob("*-gnu")
    ]
    return _CACHE / "usr/sbin/clamd", {"LD_LIBRARY_PATH": ":".join(folders)}


@contextmanager
def daemon(folder: Path, *, most: str = "100M") -> Iterator[str]:
    """The path of the socket, as XINFANG_CLAMD takes it. `most` is the longest stream it accepts."""
    program, environment = _program()
    signatures = folder / "signatures"
    signatures.mkdir(parents=True)
    digest = hashlib.md5(VIRUS, usedforsecurity=False).hexdigest()
    (signatures / "test.hdb").write_text(f"{digest}:{len(VIRUS)}:Xinfang.Test.Whole\n")
    (signatures / "test.ndb").write_text(f"Xinfang.Test.Inside:0:*:{INSIDE.hex()}\n")
    socket = folder / "clamd.ctl"
    settings = folder / "clamd.conf"
    lines = {
        "DatabaseDirectory": signatures,
        "LocalSocket": socket,
        "TemporaryDirectory": folder,
        "Foreground": "yes",
        "LogVerbose": "yes",
        "StreamMaxLength": most,
        "MaxScanSize": "100M",
        "MaxFileSize": "100M",
    }
    if os.getuid() == 0:
        lines["User"] = "root"
    settings.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))
    process = subprocess.Popen(
        [program, "--config-file", settings],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        said = []
        assert process.stdout is not None
        # It says so itself when it listens; the test's own time limit ends a wait in vain.
        for line in process.stdout:
            said.append(line)
            if "Listening daemon" in line:
                break
        else:
            pytest.fail(f"clamd did not start: {''.join(said)[-2000:]}")
        yield str(socket)
    finally:
        process.terminate()
        process.communicate(timeout=30)
