"""The settings for mypy's plugin, which loads Django to know the models.

Whatever the environment says, and nothing is left behind.
"""

import os
from tempfile import TemporaryDirectory

for _name in [n for n in os.environ if n.startswith("XINFANG_")]:
    del os.environ[_name]
# mypy ends without looking back, so the folder goes as soon as the settings are read.
with TemporaryDirectory() as _folder:
    os.environ |= {"XINFANG_MODE": "test", "XINFANG_DATA": _folder}
    from xinfang.config.settings import *  # noqa: F403
