"""One file of the tree, as the checks see it."""

import bisect
import re
from dataclasses import dataclass, field
from pathlib import Path

SUFFIXES = {".cpp", ".hpp", ".ts", ".tsx"}
SKIPPED_FOLDERS = {"build", "var", "node_modules", "dist", ".git", "corpus", "generated"}

_NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<mark>[^(\s"]*)\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<!\w)'(?:\\.|[^'\\\n])+'",
    re.DOTALL,
)
_ALLOW = re.compile(r"lint: allow ([a-z-]+)[ \t]*([^\n*]*)")
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:<([^>\n]+)>|"([^"\n]+)")', re.MULTILINE)


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    rule: str
    text: str
    error: bool = True

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


@dataclass
class Source:
    path: str  # from the root of the tree, e.g. src/sip/uri.cpp
    text: str
    code: str = field(init=False)  # comments and the insides of strings blanked, lines kept
    allowed: dict = field(init=False)  # line -> {rule: reason}

    def __post_init__(self):
        self.code = _NOT_CODE.sub(_blank, self.text)
        self._code_lines = _line_starts(self.code)
        self._text_lines = _line_starts(self.text)
        self.allowed = {}
        for match in _ALLOW.finditer(self.text):
            self.allowed.setdefault(self.text_line(match.start()), {})[match[1]] = match[2].strip()

    def code_line(self, offset):
        return bisect.bisect_right(self._code_lines, offset)

    def text_line(self, offset):
        return bisect.bisect_right(self._text_lines, offset)

    @property
    def line_count(self):
        return self.text.count("\n")

    @property
    def parts(self):
        return self.path.split("/")

    @property
    def folder(self):
        """Its layer: "sip" of src/sip/parse/uri.cpp; "cli", "tests", "bench" outside src."""
        parts = self.parts
        return parts[1] if parts[0] == "src" and len(parts) > 2 else parts[0]

    @property
    def is_header(self):
        return self.path.endswith(".hpp")

    @property
    def is_test(self):
        return "tests" in self.parts

    @property
    def is_cpp(self):
        return self.path.endswith((".cpp", ".hpp"))

    def includes(self):
        """(line, name, quoted) of each include."""
        for match in _INCLUDE.finditer(self.text):
            yield self.text_line(match.start()), match[1] or match[2], match[1] is None


def _blank(match):
    text = match[0]
    lines = "\n" * text.count("\n")
    return (" " if text.startswith("/") else '""') + lines


def _line_starts(text):
    starts, at = [0], text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts


def read_tree(root):
    """All sources under `root`, sorted by path; committed or not."""
    root = Path(root)
    found = []
    for top in ("src", "cli", "tests", "bench", "web"):
        _walk(root / top, found)
    return [
        Source(str(path.relative_to(root)), path.read_text(encoding="utf-8", errors="replace")) for path in sorted(found)
    ]


def _walk(folder, found):
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.is_symlink():
            continue
        if entry.is_dir():
            if entry.name not in SKIPPED_FOLDERS:
                _walk(entry, found)
        elif entry.suffix in SUFFIXES:
            found.append(entry)


def unexplained(source):
    """An exemption without a reason is an error itself."""
    for line, rules in source.allowed.items():
        for rule, reason in rules.items():
            if not reason:
                yield Finding(source.path, line, "allow", f"say why: lint: allow {rule} <reason>")
