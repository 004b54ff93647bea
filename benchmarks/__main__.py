"""`python -m benchmarks`: builds each size in a folder of its own, measures it, prints a table, may keep JSON."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .report import PARTS, correct, rows, text_table

HERE = Path(__file__).resolve().parent.parent


def _read(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", default="20000,200000", help="how many petitions, one population each")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions: shows that everything runs")
    parser.add_argument("--cold", action="store_true", help="with nothing of the database in memory when a part begins")
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts to measure, of {', '.join(PARTS)}")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--keep", type=Path, help="keep the databases below this folder, or measure those kept there")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run the benchmarks; the exit code is 0 if every target holds at the largest size.

    It is 1 if one doesn't, or numbers or copied rows are wrong.
    """
    options = _read(argv)
    results = []
    with tempfile.TemporaryDirectory(prefix="xinfang-bench-") as folder:
        base = options.keep or Path(folder)
        for size in options.sizes.split(","):
            print(f"{int(size):,} petitions", file=sys.stderr, flush=True)
            data, out = base / f"data-{size}", Path(folder) / f"{size}.json"
            environment = {k: v for k, v in os.environ.items() if not k.startswith("XINFANG_")} | {
                "XINFANG_DATA": str(data),
                "XINFANG_LOG_LEVEL": "ERROR",
                "XINFANG_RATE_LIMITS": "0",
                "DJANGO_SETTINGS_MODULE": "xinfang.config.settings",
            }
            mode = ",".join(name for name in ("quick", "cold") if getattr(options, name)) or "full"
            command = [sys.executable, "-m", "benchmarks.one_size", size, mode, options.only, str(out)]
            subprocess.run(command, check=True, cwd=HERE, env=environment)
            results.append(json.loads(out.read_text()))
    table = rows(results)
    print(text_table(results))
    if options.json:
        figures = [{**vars(r), "holds": r.holds, "growth": r.growth} for r in table]
        options.json.write_text(json.dumps({"figures": figures, "sizes": results}, ensure_ascii=False, indent=1))
    wrong = correct(results)
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    return 1 if wrong or any(r.holds is False for r in table) else 0


if __name__ == "__main__":
    sys.exit(main())
