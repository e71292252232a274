"""The order of the folders: who may include whom. The table is DESIGN.md section 2."""

import re
from collections import Counter
from pathlib import Path

from source import Finding

# folder: (number, what it may include)
TABLE = {
    "base": (0, ""),
    "runtime": (1, "base"),
    "model": (1, "base"),
    "sip": (2, "base runtime"),
    "sdp": (2, "base"),
    "rtp": (2, "base runtime"),
    "http": (2, "base runtime"),
    "store": (2, "base runtime model"),
    "media": (3, "base runtime rtp"),
    "call": (4, "base runtime model media"),
    "endpoint": (5, "base runtime model sip sdp media call"),
    "features": (5, "base runtime model media call"),
    "surfaces": (6, "base runtime model http store call"),
    "app": (7, "base runtime model sip sdp rtp http store media call endpoint features surfaces"),
}
# Not layers: programs. Nobody includes them. A client of ours is no part of the engine.
PROGRAMS = {
    "cli": "base runtime model http surfaces",
    "tests": " ".join(TABLE),
    "bench": " ".join(TABLE),
}
# Folders whose parts do not know each other. A part of surfaces is included by its own name: "console/interpreter.hpp".
SEPARATE_PARTS = ("features", "surfaces")

_LAYER_LINE = re.compile(r"xivo_layer\(\s*(\w+)([^)]*)\)")
_KEYWORDS = {"PUBLIC", "PRIVATE", "LIBS", "PRIVATE_LIBS", "TEST_LAYERS", "TEST_LIBS"}


def allowed_from(folder):
    return set(TABLE[folder][1].split())


def check(sources, root):
    edges, findings = Counter(), []
    surfaces = {source.parts[2] for source in sources if source.folder == "surfaces" and len(source.parts) > 3}
    for source in sources:
        if source.is_cpp:
            findings += _check_includes(source, edges, surfaces)
    for folder in TABLE:
        for path in sorted((Path(root) / "src" / folder).glob("**/CMakeLists.txt")):
            findings += _check_build(folder, path.relative_to(root), path.read_text())
    return edges, findings


def _check_includes(source, edges, surfaces):
    for line, name, quoted in source.includes():
        if "../" in name or name.startswith("./"):
            yield Finding(source.path, line, "include", f'write "{name}" from the folder root')
            continue
        if not quoted:
            continue
        path = name.split("/")
        if path[0] in surfaces:
            path = ["surfaces", *path]
        target = path[0]
        if "/" not in name or target not in TABLE:
            if source.parts[0] == "src" and not source.is_test:
                yield Finding(source.path, line, "include", f'"{name}" names no folder of src')
            continue
        if target != source.folder and not source.is_test:
            edges[source.folder, target] += 1
        problem = _problem(source, path)
        if problem:
            yield Finding(source.path, line, "layer", f"{source.folder} includes {name}: {problem}")


def _problem(source, name):
    folder, target = source.folder, name[0]
    if folder in PROGRAMS:
        return None if target in PROGRAMS[folder].split() else f"{folder} may include: {PROGRAMS[folder]}"
    if target == folder:
        apart = folder in SEPARATE_PARTS and len(name) > 2 and len(source.parts) > 3 and name[1] != source.parts[2]
        return f"two parts of {folder} do not know each other" if apart else None
    if folder not in TABLE:
        return "an unknown folder; give it a line in tools/lint/layers.py"
    if "detail" in name[1:]:
        return f"the inside of {target}"
    if target in allowed_from(folder):
        return None
    if source.is_test and TABLE[target][0] <= TABLE[folder][0]:
        return None  # a test may build its subject's surroundings out of anything that is not above
    return f"{folder} may include: {TABLE[folder][1] or 'nothing of ours'}"


def _check_build(folder, path, text):
    for match in _LAYER_LINE.finditer(text):
        group = None
        for word in match[2].split():
            if word in _KEYWORDS:
                group = word
            elif group in ("PUBLIC", "PRIVATE") and word not in allowed_from(folder):
                yield Finding(str(path), text.count("\n", 0, match.start()) + 1, "layer", f"{folder} may not link {word}")


def draw(edges):
    """The folder graph as text: one line a folder, with the number of includes."""
    for folder, (number, _) in TABLE.items():
        targets = [f"{to} {n}" for (start, to), n in sorted(edges.items()) if start == folder]
        if targets:
            yield f"  {number} {folder:<9} -> {', '.join(targets)}"
    for folder in PROGRAMS:
        targets = [f"{to} {n}" for (start, to), n in sorted(edges.items()) if start == folder]
        if targets:
            yield f"  - {folder:<9} -> {', '.join(targets)}"
