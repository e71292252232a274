"""Finds the functions of a C++ file by matching braces; good to a few percent, and quick."""

import bisect
import re
from dataclasses import dataclass

_TOKEN = re.compile(r"[{}();]")
_PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE)
_SCOPE = re.compile(r"^(?:inline\s+)?namespace\b|\b(?:class|struct|union|enum)\b[^()=]*$|\bextern\s*\"\"\s*$")
_CONTROL = re.compile(r"\b(?:if|for|while|switch|catch|do|else|try)\s*(?:\(|$)")
_INITIALISERS = re.compile(r"\)\s*(?:noexcept\s*)?:(?!:)")
_TEMPLATE = re.compile(r"^\s*(?:template\s*<[^{};]*?>\s*)+(?=[\w:\[~])", re.DOTALL)
_LABEL = re.compile(r"\b(?:public|private|protected)\s*:(?!:)")


@dataclass(frozen=True)
class Function:
    name: str
    first_line: int  # of its signature
    last_line: int  # of its closing brace; of the signature's end when it is only declared
    length: int  # lines from the opening to the closing brace
    parameters: int


def functions(source):
    """All functions with a body, and in a header also the ones only declared (length 0)."""
    return _Scanner(source).run()


class _Scanner:
    def __init__(self, source):
        self.source = source
        self.code = _PREPROCESSOR.sub(lambda m: "\n" * m[0].count("\n"), source.code)
        # Line numbers of the blanked text are the same as of the source's.
        self.line_starts = [m.end() for m in re.finditer("\n", self.code)]
        self.found = []

    def run(self):
        tokens = _TOKEN.finditer(self.code)
        scopes = []  # "scope", or "data" for an initialiser
        parens, head = 0, 0
        for token in tokens:
            at, sign = token.start(), token[0]
            if sign == "(":
                parens += 1
            elif sign == ")":
                parens = max(parens - 1, 0)
            elif parens > 0:
                continue
            elif sign == "{":
                text = self.code[head:at]
                kind = self._kind(text) if not scopes or scopes[-1] == "scope" else "data"
                if kind == "function":
                    end = self._skip_block(tokens)
                    self._add(text, head, at, end)
                    head = end + 1
                elif kind == "initialiser":
                    self._skip_block(tokens)  # the head goes on: a constructor's list
                else:
                    scopes.append(kind)
                    head = at + 1
            elif sign == "}":
                if scopes:
                    scopes.pop()
                head = at + 1
            elif sign == ";":
                if not scopes or scopes[-1] == "scope":
                    self._declared(self.code[head:at], head, at)
                head = at + 1
        return self.found

    @staticmethod
    def _kind(text):
        text = _TEMPLATE.sub("", _LABEL.sub("", text)).strip()
        if _SCOPE.search(text):
            return "scope"
        outside = _without_parens(text)
        if ")" not in text or _CONTROL.match(text) or re.search(r"(?<!operator)(?<![=!<>])=(?!=)", outside):
            return "data"
        if _INITIALISERS.search(text) and re.search(r"[\w>]\s*$", text) and not text.endswith(("const", "noexcept")):
            return "initialiser"
        return "function"

    @staticmethod
    def _skip_block(tokens):
        depth = 1
        for token in tokens:
            if token[0] == "{":
                depth += 1
            elif token[0] == "}":
                depth -= 1
                if depth == 0:
                    return token.start()
        return 0

    def _line(self, offset):
        return bisect.bisect_right(self.line_starts, offset) + 1

    def _add(self, text, head, opening, closing):
        first = self._line(head + len(text) - len(text.lstrip()))
        last = self._line(closing)
        name, parameters = _signature(text)
        self.found.append(Function(name, first, last, last - self._line(opening) + 1, parameters))

    def _declared(self, text, head, end):
        if not self.source.is_header or "(" not in text or re.match(r"\s*(?:using|typedef|friend|static_assert)\b", text):
            return
        if re.search(r"=(?!\s*(?:0|default|delete)\s*$)", _without_parens(text)):
            return
        first = self._line(head + len(text) - len(text.lstrip()))
        name, parameters = _signature(text)
        self.found.append(Function(name, first, self._line(end), 0, parameters))


def _without_parens(text):
    out, depth = [], 0
    for c in text:
        if c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
        elif depth == 0:
            out.append(c)
    return "".join(out)


def _signature(text):
    """(name, number of parameters) of a signature."""
    text = _TEMPLATE.sub("", _LABEL.sub("", text))
    match = re.search(r"(operator\s*(?:\(\)|[^\s(]+)|~?[\w:]+)\s*\(", text)
    if not match:
        return "?", 0
    depth, angle, count, something = 1, 0, 0, False
    for c in text[match.end() :]:
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth == 0:
                break
        elif c == "<":
            angle += 1
        elif c == ">":
            angle = max(angle - 1, 0)
        elif c == "," and depth == 1 and angle == 0:
            count += 1
        something = something or not c.isspace()
    return match[1], count + 1 if something else 0
