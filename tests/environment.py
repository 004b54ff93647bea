"""Settings read the environment once, so it is prepared before Django loads.

Nothing a developer has exported leaks in.

A plugin (`-p tests.environment`) and not part of conftest: a worker of pytest-xdist inherits the name of the settings,
so that pytest-django loads them before any conftest, and every worker would keep its files in the folder of the first
process.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# The whole suite is also run with XINFANG_FAST_PATHS=off, which changes no answer (decision 0020).
_KEPT = ("XINFANG_TEST_", "XINFANG_FAST_PATHS")
for _name in [n for n in os.environ if n.startswith("XINFANG_") and not n.startswith(_KEPT)]:
    del os.environ[_name]
DATA = Path(tempfile.mkdtemp(prefix="xinfang-test-"))
"""The data folder of this process."""
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
os.environ["XINFANG_DATA"] = str(DATA)
os.environ["XINFANG_MODE"] = "test"
os.environ["XINFANG_LOG_LEVEL"] = "WARNING"
os.environ["DJANGO_SETTINGS_MODULE"] = "xinfang.config.settings"
os.environ["DJANGO_LIVE_TEST_SERVER_ADDRESS"] = "127.0.0.1"
