"""What the web server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinfang.config.settings")
application = get_wsgi_application()

# What the program itself is made of lives as long as the process: the collector need not look through it again and again,
# and a page's own objects are mostly gone before it would look.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
