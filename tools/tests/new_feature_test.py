"""Tests of ./dev new-feature."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import new_feature  # noqa: E402


class NewFeature(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "src/features/echo").mkdir(parents=True)
        (self.root / "tests/flow").mkdir(parents=True)
        self.build = self.root / "src/features/CMakeLists.txt"
        self.build.write_text("# The list.\nxivo_feature(announcement)\nxivo_feature(echo)\n\n# What follows.\n")
        self.echo = self.root / "src/features/echo/module.cpp"
        self.echo.write_text('      .codes = {"*60", "*612"},\n')

    def test_refuses_bad_names_and_writes_nothing(self):
        for name in ("", "Parking", "call-back", "../x", "_a", "a__b", "1a", "a b"):
            with self.assertRaises(new_feature.Refused, msg=name):
                new_feature.write(self.root, name)
        self.assertEqual(len(list((self.root / "src/features").iterdir())), 2)

    def test_refuses_a_feature_that_exists(self):
        with self.assertRaises(new_feature.Refused):
            new_feature.write(self.root, "echo")

    def test_adds_its_line_after_the_last(self):
        new_feature.write(self.root, "parking")
        self.assertEqual(
            self.build.read_text(),
            "# The list.\nxivo_feature(announcement)\nxivo_feature(echo)\nxivo_feature(parking)\n\n# What follows.\n",
        )

    def test_takes_a_code_that_collides_with_none(self):
        new_feature.write(self.root, "parking")
        self.assertIn('.codes = {"*62"}', (self.root / "src/features/parking/module.cpp").read_text())
        self.assertIn("alice calls *62", (self.root / "tests/flow/parking.flow").read_text())

    def test_names_every_file_it_wrote(self):
        for path in new_feature.write(self.root, "call_back"):
            self.assertTrue((self.root / path).is_file(), path)
        self.assertIn("namespace xivo::features::call_back {", (self.root / "src/features/call_back/module.cpp").read_text())


if __name__ == "__main__":
    unittest.main()
