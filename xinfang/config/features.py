"""The features of the program, one entry each, from the lowest layer up. All that is found by name follows from it.

A feature is the package `xinfang.NAME`. It is a Django app, and where it has them, its `urls`, `commands`,
`projections`, `navigation` and `page_frame_part` are found here and nowhere else (`core/features.py`).
"""

FEATURES = (
    "core",
    "web",
    "audit",
    "notifications",
    "accounts",
    "calendars",
    "categories",
    "department",
    "help",
    "phrases",
    "trusted_time",
    "cases",
    "registers",
    "attachments",
    "papers",
    "search",
    "matters",
    "archive",
    "incidents",
    "personnel_decisions",
    "reception",
    "supervision",
    "exchange",
    "figures",
    "ledgers",
    "mailbox",
    "petitioner_news",
    "casework",
    "proof",
    "window",
    "backup",
    "portability",
    "monitoring",
    "operations",
)
APPS = tuple(f"xinfang.{name}" for name in FEATURES)
