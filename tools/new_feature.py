#!/usr/bin/env python3
"""./dev new-feature NAME: writes src/features/NAME, its line in CMakeLists.txt, and a first flow that fails.

The flow says what the feature has to do; the script does not do it yet. Run it with: ./dev test flow
"""

import re
import sys
from pathlib import Path

README = """# {name}

Dial `{code}`: what the caller then hears and may press.

States: what it waits for, one after the other, and what ends each. Prompts: names, and the package they come from.
Who may use it: known lines only.
"""

MODULE = """#include "call/feature.hpp"

namespace xivo::features::{name} {{
namespace {{

constexpr auto kPause = std::chrono::milliseconds(300);  // lets the sound path settle before the first word

// Answers; what comes then is yours to write. tests/flow/{name}.flow fails until it does.
call::Script run(call::FeatureContext context) {{
  co_await context.answer();
  co_await context.wait(kPause);
}}

}}  // namespace

const call::FeatureDescriptor& describe();

const call::FeatureDescriptor& describe() {{
  static const call::FeatureDescriptor descriptor = {{
      .name = "{name}",
      .title_fr = "{title}",
      .title_en = "{title}",
      .maturity = call::Maturity::WorkInProgress,
      .trust = call::Trust::KnownLines,
      .codes = {{"{code}"}},
      .run = run,
  }};
  return descriptor;
}}

}}  // namespace xivo::features::{name}
"""

FLOW = """# {code}, {title}.
phones alice=101
alice registers

test "the caller is told what this is"
  alice calls {code}
  expect alice talks
  expect alice hears an announcement
  alice hangs up
  expect record ANSWERED by caller feature {name} legs 1
  expect nothing left

test "hanging up at once leaves nothing behind"
  alice calls {code}
  alice hangs up
  expect nothing left
"""

NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
LINE = re.compile(r"^xivo_feature\((\w+)\)[^\n]*\n", re.MULTILINE)
CODE = re.compile(r'"(\*\d+)"')


class Refused(Exception):
    pass


def free_code(features):
    """The lowest of *60..*99 that no feature dials and that begins no other code."""
    taken = {code for path in features.glob("*/*.cpp") for code in CODE.findall(path.read_text())}
    for number in range(60, 100):
        code = f"*{number}"
        if not any(other.startswith(code) or code.startswith(other) for other in taken):
            return code
    raise Refused("no code from *60 to *99 is free; choose one in module.cpp")


def write(root, name):
    """Writes the files; returns their paths from `root`."""
    features = root / "src/features"
    folder, flow, build = features / name, root / f"tests/flow/{name}.flow", features / "CMakeLists.txt"
    if not NAME.fullmatch(name):
        raise Refused(f"'{name}' is no name: lower-case words joined by _, like call_back")
    if folder.exists() or flow.exists():
        raise Refused(f"{name} exists already")
    lines = list(LINE.finditer(build.read_text()))
    if not lines:
        raise Refused("src/features/CMakeLists.txt has no xivo_feature() line to add to")
    words = {"name": name, "title": name.replace("_", " ").capitalize(), "code": free_code(features)}
    folder.mkdir()
    written = {folder / "README.md": README, folder / "module.cpp": MODULE, flow: FLOW}
    for path, text in written.items():
        path.write_text(text.format(**words))
    text, end = build.read_text(), lines[-1].end()
    build.write_text(f"{text[:end]}xivo_feature({name})\n{text[end:]}")
    return [path.relative_to(root) for path in (*written, build)]


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: ./dev new-feature NAME")
    try:
        paths = write(Path(__file__).parents[1], sys.argv[1])
    except Refused as refused:
        sys.exit(f"xivo: {refused}")
    print("wrote", *paths, sep="\n  ")
    print("its first flow fails until the feature does what it says; see it with: ./dev test flow")


if __name__ == "__main__":
    main()
