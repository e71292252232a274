#!/usr/bin/env python3
"""Coverage by folder: coverage.py BUILD_FOLDER. Reads the counts that a --coverage build left behind, through gcov."""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def covered_lines(build_folder):
    """source path -> {line: whether any test ran it}."""
    lines = defaultdict(dict)
    counts = [str(path) for path in sorted(Path(build_folder).resolve().rglob("*.gcda"))]
    for start in range(0, len(counts), 20):
        shown = subprocess.run(
            ["gcov", "--json-format", "--stdout", *counts[start : start + 20]], capture_output=True, cwd=build_folder, check=True
        )
        for document in filter(None, shown.stdout.split(b"\n")):
            for file in json.loads(document)["files"]:
                path = Path(build_folder, file["file"]).resolve()
                if not path.is_relative_to(ROOT / "src") or "tests" in path.parts:
                    continue
                seen = lines[path.relative_to(ROOT)]
                for line in file["lines"]:
                    number = line["line_number"]
                    seen[number] = seen.get(number, False) or line["count"] > 0
    return lines


def main():
    lines = covered_lines(sys.argv[1])
    folders = defaultdict(lambda: [0, 0])
    for path, seen in lines.items():
        sums = folders[path.parts[1]]
        sums[0] += sum(seen.values())
        sums[1] += len(seen)
    for folder, (covered, total) in sorted(folders.items()):
        print(f"{folder:<12} {100 * covered / total:5.1f} %  {covered} of {total} lines")
    print("least covered:")
    worst = sorted((sum(seen.values()) / len(seen), path) for path, seen in lines.items() if len(seen) >= 20)
    for share, path in worst[:15]:
        print(f"  {100 * share:5.1f} %  {path}")


if __name__ == "__main__":
    main()
