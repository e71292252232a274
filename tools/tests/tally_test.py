"""Tests of the tally: python3 -m unittest discover -s tools/tests -p '*_test.py'."""

import sys
import unittest
import xml.etree.ElementTree as tree
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import tally  # noqa: E402


def case(output, status="run", failed=False):
    element = tree.Element("testcase", name="unit.x", status=status)
    if failed:
        tree.SubElement(element, "failure")
    tree.SubElement(element, "system-out").text = output
    return element


class Counting(unittest.TestCase):
    def test_a_failed_program_counts_its_cases(self):
        output = (
            "[       OK ] A.b (0 ms)\n[  FAILED  ] A.c (1 ms)\n[  FAILED  ] P/A.d/2, where GetParam() = 4 (0 ms)\n"
            "[  PASSED  ] 1 test.\n[  FAILED  ] 2 tests, listed below:\n[  FAILED  ] A.c\n"
            "[  FAILED  ] P/A.d/2, where GetParam() = 4\n\n 2 FAILED TESTS\n"
        )
        self.assertEqual(tally.count(case(output, "fail", failed=True)), (1, 2, ["A.c", "P/A.d/2"]))

    def test_a_program_that_crashed_counts_as_one_failure(self):
        self.assertEqual(tally.count(case("[ RUN      ] A.b\n", "fail", failed=True)), (0, 1, []))

    def test_a_passed_program_counts_its_cases_and_any_other_test_as_one(self):
        self.assertEqual(tally.count(case("[  PASSED  ] 68 tests.\n")), (68, 0, []))
        self.assertEqual(tally.count(case("all is well\n")), (1, 0, []))

    def test_counts_the_cases_of_python(self):
        self.assertEqual(tally.count(case("....\nRan 40 tests in 0.2s\n\nOK\n")), (40, 0, []))
        self.assertEqual(tally.count(case("Ran 3 tests in 1s\n\nOK (skipped=1)\n")), (2, 0, []))
        output = "Ran 9 tests in 1s\n\nFAILED (failures=1, errors=2, skipped=1)\n"
        self.assertEqual(tally.count(case(output, "fail", failed=True)), (5, 3, []))

    def test_counts_the_cases_of_node(self):
        self.assertEqual(tally.count(case("# tests 4\n# pass 4\n# fail 0\n")), (4, 0, []))
        self.assertEqual(tally.count(case("# tests 4\n# pass 3\n# fail 1\n", "fail", failed=True)), (3, 1, []))

    def test_a_skipped_test_counts_neither_way(self):
        self.assertEqual(tally.count(case("", "notrun")), (0, 0, []))
        self.assertEqual(tally.count(case("", "disabled")), (0, 0, []))

    def test_a_program_that_could_not_start_is_a_failure(self):
        self.assertEqual(tally.count(case("Unable to find executable", "notrun", failed=True)), (0, 1, []))

    def test_says_how_to_do_it_again(self):
        self.assertEqual(
            tally.again("build/asan", "unit.x", ["/b/x"], ["A.b", "A.c"]), "/b/x --gtest_filter=A.b:A.c"
        )
        self.assertEqual(
            tally.again("build/asan", "flow.a-b", [], []), r"ctest --test-dir build/asan -R '^flow\.a\-b$' --output-on-failure"
        )


if __name__ == "__main__":
    unittest.main()
