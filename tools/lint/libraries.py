"""Which library may be included where. A new one needs a line here, in tools/packages.txt and docs/dependencies.md."""

import re
from pathlib import Path

from source import Finding

ANYWHERE = None
# include prefix: (Debian package, folders that may include it, may be in a header)
LIBRARIES = {
    "fmt/": ("libfmt-dev", ANYWHERE, True),
    "gtest/": ("libgtest-dev", ANYWHERE, True),
    "gmock/": ("libgmock-dev", ANYWHERE, True),
    "benchmark/": ("libbenchmark-dev", ("bench",), False),
    "openssl/": ("libssl-dev", ("runtime", "sip", "rtp", "http"), True),
    "nlohmann/json_fwd.hpp": ("nlohmann-json3-dev", ANYWHERE, True),
    "nlohmann/": ("nlohmann-json3-dev", ("model",), False),
    "boost/": ("libboost-dev", ("http",), False),
    "ares.h": ("libc-ares-dev", ("runtime",), False),
    "sqlite3.h": ("libsqlite3-dev", ("store",), True),
    "libpq-fe.h": ("libpq-dev", ("store",), True),
    "sodium.h": ("libsodium-dev", ("store",), False),
    "toml++/": ("libtomlplusplus-dev", ("app",), False),
    "CLI/": ("libcli11-dev", ("app", "cli"), False),
    "editline/": ("libedit-dev", ("cli",), False),
    "histedit.h": ("libedit-dev", ("cli",), False),
    "sndfile.h": ("libsndfile1-dev", ("media",), True),
    "spandsp.h": ("libspandsp-dev", ("media",), False),
    "srtp2/": ("libsrtp2-dev", (), False),
    "sofia-sip/": ("libsofia-sip-ua-dev", (), False),
    "osipparser2/": ("libosip2-dev", (), False),
    "opus/": ("libopus-dev", ("media",), True),
    "speex/": ("libspeexdsp-dev", ("media",), True),
    "gsm.h": ("libgsm1-dev", ("media",), True),
    "date/": ("libhowardhinnant-date-dev", ("base", "model"), False),
    "phonenumbers/": ("libphonenumber-dev", ("model",), False),
    "curl/": ("libcurl4-openssl-dev", ("http", "cli"), False),
    "pugixml.hpp": ("libpugixml-dev", ("endpoint", "surfaces"), False),
}
# The standard library's headers have no dot and no folder; these come with the kernel and the C library.
_SYSTEM = re.compile(
    r"^(?:sys|linux|netinet|arpa|net|asm|sanitizer)/|"
    r"^(?:unistd|fcntl|pty|utmp|poll|pthread|signal|errno|string|stdlib|stdio|stdint|stddef|time|pwd|grp|glob|dirent|netdb|termios|"
    r"limits|syslog|sched|spawn|getopt|locale|dlfcn|execinfo|cxxabi|malloc|immintrin|emmintrin|tmmintrin|smmintrin|cpuid|ifaddrs|wait|math|endian)\.h$"
)


def check(sources):
    """(findings, the Debian packages in use)."""
    findings, used = [], set()
    for source in sources:
        if not source.is_cpp:
            continue
        for line, name, quoted in source.includes():
            if quoted or _SYSTEM.match(name) or ("/" not in name and "." not in name):
                continue
            prefix = next((p for p in LIBRARIES if name.startswith(p)), None)
            if prefix is None:
                findings.append(Finding(source.path, line, "library", f"<{name}> is no library of this project"))
                continue
            package, folders, in_header = LIBRARIES[prefix]
            used.add(package)
            if folders is not ANYWHERE and source.folder not in folders and not source.is_test:
                text = f"<{name}> is wrapped in {', '.join(folders)}; {source.folder} uses the wrapper"
                findings.append(Finding(source.path, line, "library", text))
            if source.is_header and not in_header:
                text = f"<{name}> costs every reader of this header seconds; include it in a .cpp"
                findings.append(Finding(source.path, line, "heavy-header", text))
    return findings, used


def check_documents(root, used):
    """Every package is in docs/dependencies.md, and every library in use is installed by tools/packages.txt."""
    packages_file, document = Path(root) / "tools/packages.txt", Path(root) / "docs/dependencies.md"
    listed = packages(packages_file.read_text())
    told = document.read_text() if document.is_file() else ""
    for package in sorted(used - set(listed)):
        yield Finding("tools/packages.txt", 1, "package", f"{package} is used and not listed")
    known = {package for package, _, _ in LIBRARIES.values()}
    for package in sorted(set(listed) & known - used):
        yield Finding("tools/packages.txt", listed[package], "package", f"no file includes {package}", False)
    for package, line in listed.items():
        if f"`{package}`" not in told:
            yield Finding("tools/packages.txt", line, "package", f"{package} is not in docs/dependencies.md")


def packages(text):
    """name -> line of each package of tools/packages.txt."""
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        name = line.split("#")[0].strip()
        if name and not name.startswith("["):
            found.setdefault(name.lstrip("?"), number)
    return found
