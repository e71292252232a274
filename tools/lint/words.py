"""Calls and words that have no place here, with what to use instead."""

import re

from source import Finding

_FREE = r"(?<![\w.:>~])(?:std::|::)?"


def _call(names):
    return re.compile(_FREE + r"(?:" + names + r")\s*\(")


# (rule, pattern, instead, folders where it is at home, also in tests)
BANNED = (
    ("locale", _call("tolower|toupper|setlocale|is(?:digit|alpha|alnum|space|xdigit|upper|lower|print|punct)"), "text::", (), True),
    ("number", _call("ato[ifl]l?|sto(?:i|l|ul|ll|ull|f|d|ld)|strto(?:l|ul|ll|ull|f|d)|sscanf"), "text::parse_decimal", (), True),
    ("unbounded", _call("v?sprintf|strcpy|strcat|strtok|gets|alloca"), "fmt::format, std::string", (), True),
    ("regex", re.compile(r"\bstd::w?regex\b"), "a parser of one pass", (), True),
    ("clock", re.compile(r"\b(?:system|steady|high_resolution)_clock::now\b|" + _FREE + r"(?:gettimeofday|clock_gettime|time)\s*\(\s*(?:nullptr|NULL|0|&)"), "runtime::Clock", ("runtime",), False),
    ("local-time", _call("localtime|mktime|gmtime|ctime|asctime"), "chrono, model's time zones", (), True),
    ("sleep", re.compile(_FREE + r"(?:u?sleep|nanosleep)\s*\(|\bsleep_(?:for|until)\b"), "TimerWheel", (), True),
    ("thread", re.compile(r"\bstd::(?:j?thread\b(?!::id)|async\b)|\bpthread_create\b"), "Loop, WorkerPool", ("runtime",), False),
    ("mutex", re.compile(r"\bstd::(?:\w*mutex|condition_variable\w*|lock_guard|unique_lock|scoped_lock|shared_lock)\b"), "Loop::post", ("runtime",), False),
    ("resolve", _call("getaddrinfo|gethostbyname|gethostbyaddr|getnameinfo"), "a resolver on a worker", (), True),
    ("random", re.compile(_FREE + r"(?:s?rand|rand_r|srandom|[dlm]rand48)\s*\(|\bstd::random_device\b"), "runtime::Rng", (), True),
    ("raw-new", re.compile(r"(?<!operator )(?<!>\()\bnew\s+[A-Za-z_:(]"), "std::make_unique", (), True),
    ("raw-delete", re.compile(r"\bdelete(?:\s*\[\s*\])?\s+[A-Za-z_*(]"), "std::unique_ptr", (), True),
    ("goto", re.compile(r"\bgoto\s+\w+\s*;"), "a function", (), True),
)
_UNFINISHED = re.compile(r"\b(?:TODO|FIXME)\b")
_THROW = re.compile(r"\bthrow\b")


def check(source):
    if not source.is_cpp:
        return
    for rule, pattern, instead, homes, in_tests in BANNED:
        if source.folder in homes or (not in_tests and (source.is_test or source.folder in ("tests", "bench"))):
            continue
        for match in pattern.finditer(source.code):
            word = " ".join(match[0].rstrip("( ").split())
            yield Finding(source.path, source.code_line(match.start()), rule, f"{word}: use {instead}")
    for match in _UNFINISHED.finditer(source.text):
        yield Finding(source.path, source.text_line(match.start()), "unfinished", f"{match[0]}: do it or open an issue")
    if source.folder not in ("app", "cli") and not source.is_test:
        for match in _THROW.finditer(source.code):
            yield Finding(source.path, source.code_line(match.start()), "throw", "throw: return a Result", False)
