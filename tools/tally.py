#!/usr/bin/env python3
"""Counts what a ctest run did: tally.py BUILD_FOLDER JUNIT_FILE.

Prints one line a test program: name, passed, failed, how to do it again; separated by tabs. A program of GoogleTest,
of Python's unittest or of Node's test runner counts each of its cases, any other test counts as one.
"""

import json
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as tree

FAILED_CASE = re.compile(r"^\[  FAILED  \] ([\w/]+\.[\w/]+)(?:, where .*)?(?: \(\d+ ms\))?$", re.MULTILINE)
PASSED_CASES = re.compile(r"^\[  PASSED  \] (\d+) tests?\.", re.MULTILINE)
NODE_CASES = re.compile(r"^# (pass|fail) (\d+)$", re.MULTILINE)
PYTHON_CASES = re.compile(r"^Ran (\d+) tests? in .*\n\n(?:OK|FAILED)(?: \((.*)\))?$", re.MULTILINE)


def commands(build_folder):
    """The command line of each test, by name."""
    shown = subprocess.run(["ctest", "--test-dir", build_folder, "--show-only=json-v1"], capture_output=True, check=True)
    return {test["name"]: test.get("command", []) for test in json.loads(shown.stdout)["tests"]}


def count(case):
    """(passed, failed, names of failed GoogleTest cases) of one JUnit test case."""
    output = case.findtext("system-out") or ""
    failed_cases = sorted(set(FAILED_CASE.findall(output)))
    passed = sum(int(n) for n in PASSED_CASES.findall(output))
    broken_cases = 0
    for total, rest in PYTHON_CASES.findall(output):
        numbers = {key: int(n) for key, n in re.findall(r"(\w+)=(\d+)", rest)}
        broken_cases += numbers.get("failures", 0) + numbers.get("errors", 0)
        passed += int(total) - numbers.get("failures", 0) - numbers.get("errors", 0) - numbers.get("skipped", 0)
    for verdict, number in NODE_CASES.findall(output):
        if verdict == "pass":
            passed += int(number)
        else:
            broken_cases += int(number)
    status = case.get("status")
    broken = case.find("failure") is not None or status == "fail"
    if not broken and status in ("notrun", "disabled"):
        return 0, 0, []
    if not broken:
        return max(passed, 1), 0, []
    return passed, max(len(failed_cases), broken_cases, 1), failed_cases


def again(build_folder, name, command, failed_cases):
    if failed_cases and command:
        # XML is read with its entities, so names are as GoogleTest prints them.
        return shlex.join([*command, "--gtest_filter=" + ":".join(failed_cases)])
    return f"ctest --test-dir {build_folder} -R '^{re.escape(name)}$' --output-on-failure"


def main():
    build_folder, junit_file = sys.argv[1:]
    known = commands(build_folder)
    for case in tree.parse(junit_file).getroot().iter("testcase"):
        name = case.get("name")
        passed, failed, failed_cases = count(case)
        print(name, passed, failed, again(build_folder, name, known.get(name), failed_cases), sep="\t")


if __name__ == "__main__":
    main()
