"""How large things are: an aim that warns, a stop that fails."""

from collections import Counter

from functions import functions
from source import Finding

# what: (aim, stop)
FUNCTION = (45, 80)
SOURCE = (400, 800)
HEADER = (200, 400)
TYPESCRIPT = (150, 300)
PARAMETERS = (4, 6)
FOLDER = (25, 40)


def check(sources):
    """(findings, lengths of all functions outside tests)."""
    findings, lengths = [], []
    for source in sources:
        findings += _file(source)
        if source.is_cpp:
            for function in functions(source):
                findings += _function(source, function)
                if function.length and not source.is_test:
                    lengths.append(function.length)
    findings += _folders(sources)
    return findings, lengths


def _file(source):
    limits = (HEADER if source.is_header else SOURCE) if source.is_cpp else TYPESCRIPT
    yield from _judge(source.path, 1, "file-size", "lines", source.line_count, limits)


def _function(source, function):
    where = (source.path, function.first_line)
    yield from _judge(*where, "function-size", f"lines in {function.name}()", function.length, FUNCTION)
    yield from _judge(*where, "parameters", f"parameters of {function.name}()", function.parameters, PARAMETERS)


def _folders(sources):
    files = Counter("/".join(source.parts[:-1]) for source in sources if source.path.startswith("src/"))
    for folder, count in sorted(files.items()):
        yield from _judge(folder, 1, "folder-size", "files", count, FOLDER)


def _judge(path, line, rule, what, size, limits):
    aim, stop = limits
    if size > aim:
        over = size > stop
        yield Finding(path, line, rule, f"{size} {what}; {'at most' if over else 'aim for'} {stop if over else aim}", over)


def percentile(numbers, percent):
    if not numbers:
        return 0
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
