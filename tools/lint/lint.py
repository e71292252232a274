"""The home lint: python3 tools/lint [-v] [ROOT].

Prints the folder graph, the sizes and every error; -v prints the warnings too. Exits 1 when there is an error. A line
is exempt with a comment on it: lint: allow <rule> <reason>.
"""

import sys
from collections import Counter
from pathlib import Path

import layers
import libraries
import shape
import sizes
import words
from source import read_tree, unexplained


def main():
    arguments = [a for a in sys.argv[1:] if a != "-v"]
    verbose = "-v" in sys.argv[1:]
    root = Path(arguments[0] if arguments else Path(__file__).parents[2]).resolve()
    sources = read_tree(root)
    findings, report = run(sources, root)
    errors = [f for f in findings if f.error]
    warnings = [f for f in findings if not f.error]
    print(*report, sep="\n")
    if warnings:
        counts = Counter(f.rule for f in warnings)
        print("warnings:", ", ".join(f"{rule} {n}" for rule, n in sorted(counts.items())), "" if verbose else "(-v shows them)")
    for finding in (warnings if verbose else []) + errors:
        print(finding)
    print(f"lint: {len(sources)} files, {len(warnings)} warnings, {len(errors)} errors")
    return 1 if errors else 0


def run(sources, root):
    """(findings without the exempt ones, lines of the report)."""
    edges, findings = layers.check(sources, root)
    size_findings, lengths = sizes.check(sources)
    library_findings, used = libraries.check(sources)
    findings += size_findings + library_findings + list(libraries.check_documents(root, used)) + list(shape.check(sources))
    for source in sources:
        findings += words.check(source)
        findings += unexplained(source)
    by_path = {source.path: source for source in sources}
    findings = [f for f in findings if not _exempt(f, by_path.get(f.path))]
    return sorted(findings, key=lambda f: (f.path, f.line)), _report(sources, edges, lengths)


def _exempt(finding, source):
    if source is None:
        return False
    allowed = dict(source.allowed.get(finding.line, {}))
    if finding.rule == "file-size":
        for rules in source.allowed.values():
            allowed.update(rules)
    return bool(allowed.get(finding.rule))


def _report(sources, edges, lengths):
    product = [s for s in sources if s.is_cpp and s.path.startswith("src/") and not s.is_test]
    tests = [s for s in sources if s.is_cpp and (s.is_test or s.folder == "tests")]
    yield "folders:"
    yield from layers.draw(edges)
    files = [s.line_count for s in product]
    yield (
        f"sizes: {sum(files)} lines in {len(files)} files (median {sizes.percentile(files, 50)}, "
        f"p90 {sizes.percentile(files, 90)}, largest {max(files, default=0)}), "
        f"{sum(s.line_count for s in tests)} lines of tests"
    )
    yield (
        f"functions: {len(lengths)} (median {sizes.percentile(lengths, 50)}, p95 {sizes.percentile(lengths, 95)}, "
        f"longest {max(lengths, default=0)})"
    )
    shared = Counter()
    for source in product:
        if count := source.code.count("shared_ptr<"):
            shared[source.folder] += count
    yield "shared_ptr: " + (", ".join(f"{folder} {n}" for folder, n in sorted(shared.items())) or "none")
