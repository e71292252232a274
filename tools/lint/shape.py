"""What a file must have: a guard, a test beside it, a docstring on each public type."""

import re

from source import Finding

_TYPE = re.compile(r"^[ ]{0,2}(?:template[^\n]*\n[ ]*)?(?:class|struct|enum class|enum)[ ]+(?:\[\[\w+\]\][ ]+)?(\w+)(?!\s*(?:<|::|\w))[^;{()]*\{", re.MULTILINE)
# Not worth a test of its own: tables of kinds and wiring are tested through what uses them.
_NO_TWIN = re.compile(r"(?:^|/)(?:module|main|all)\.cpp$")


def check(sources):
    paths = {source.path for source in sources}
    for source in sources:
        if source.is_header and not source.text.lstrip().startswith("#pragma once"):
            if "#pragma once" not in source.text:
                yield Finding(source.path, 1, "guard", "#pragma once is missing")
        if source.is_header and not source.is_test:
            yield from _docstrings(source)
        if source.path.startswith("src/") and source.path.endswith(".cpp") and not source.is_test:
            if not _NO_TWIN.search(source.path) and not _has_twin(source, paths):
                yield Finding(source.path, 1, "twin", f"no {_stem(source)}_test.cpp in a tests folder above", False)


def _stem(source):
    return source.parts[-1].removesuffix(".cpp")


def _has_twin(source, paths):
    folders = source.parts[:-1]
    while len(folders) > 1:
        if "/".join([*folders, "tests", _stem(source) + "_test.cpp"]) in paths:
            return True
        folders = folders[:-1]
    return False


def _docstrings(source):
    lines = source.text.split("\n")
    for match in _TYPE.finditer(source.text):
        line = source.text_line(match.start())
        indent = len(match[0]) - len(match[0].lstrip(" "))
        above = lines[line - 2].strip() if line > 1 else ""
        if indent == 0 and not above.startswith("//") and "//" not in lines[line - 1]:
            yield Finding(source.path, line, "docstring", f"{match[1]} does not say what it promises", False)
