"""The command line against a real xivod, over its Unix socket as root or whoever runs it."""

import json
import os
import subprocess
import unittest

from xivo_under_test import BUILD, WAIT_S, Xivo


class CliTest(unittest.TestCase):
    def setUp(self):
        self.xivo = self.start()

    def start(self, *options):
        xivo = Xivo(*options)
        self.addCleanup(xivo.close)
        return xivo

    def run_xivo(self, *words, text=None, system=None):
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.xivo.folder)}
        socket = (system or self.xivo).var / "run" / "xivo.sock"
        return subprocess.run([str(BUILD / "cli/xivo"), "--socket", str(socket), *words], capture_output=True, text=True,
                              input=text, timeout=WAIT_S, env=environment)

    def done(self, *words, **more):
        ended = self.run_xivo(*words, **more)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended.stdout

    def test_a_user_from_first_to_last(self):
        wrong = self.run_xivo("user", "add", "--firstname", "Dora", "--email", "nowhere")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("--email: ", wrong.stderr)
        added = self.done("user", "add", "--firstname", "Dora", "--lastname", "Petit", "--email", "dora@example.com",
                          "--extension", "142@default", "--line", "dora")
        self.assertIn("+ line", added)
        self.assertIn("Dora", self.done("user", "list", "--search", "dora"))
        self.assertIn("142@default", self.done("user", "show", "dora@example.com"))
        tried = self.done("user", "set", "dora@example.com", "--lastname", "Grand", "--dry-run")
        self.assertIn('lastname: "Petit" -> "Grand"', tried)
        self.done("user", "set", "dora@example.com", "--lastname", "Grand", "--reason", "wedding")
        history = json.loads(self.done("config", "history", "--limit", "1", "--json"))["items"][0]
        self.assertEqual(history["message"], "wedding")
        self.done("config", "rollback", str(history["number"]), "--yes")
        self.assertIn("Petit", self.done("user", "list", "--email", "dora@example.com"))
        self.done("user", "remove", "dora@example.com", "--owned")
        self.assertNotIn("dora", self.done("line", "list"))

    def test_the_configuration_as_a_file(self):
        file = self.xivo.folder / "export.json"
        self.done("config", "export", str(file))
        self.assertNotIn('"secret"', file.read_text())
        self.assertIn("Nothing changes.", self.done("config", "apply", str(file), "--yes"))
        empty = self.start("--no-example")
        self.assertIn("+ user", self.done("config", "diff", str(file), system=empty))
        applied = self.run_xivo("config", "apply", str(file), "--yes", system=empty)
        self.assertEqual(applied.returncode, 0, applied.stderr)
        self.assertIn("3 secrets", applied.stderr)
        self.assertEqual(self.done("config", "export", system=empty), file.read_text())
        self.assertIn("Nothing changes.", self.done("config", "apply", str(file), "--yes", system=empty))

    def test_a_table_of_users(self):
        table = "firstname,exten,context,line_protocol\nEve,150,default,sip\nFred,15x,default,sip\n"
        wrong = self.run_xivo("user", "import", "-", "--yes", text=table)
        self.assertEqual(wrong.returncode, 1)
        self.assertIn('Row 3, column "exten": ', wrong.stderr)
        self.assertNotIn("Eve", self.done("user", "list"))
        self.assertIn("2 created", self.done("user", "import", "-", "--yes", text=table.replace("15x", "151")))
        exported = self.done("user", "export")
        self.assertIn("Nothing changes.", self.done("user", "import", "-", "--yes", "--update", text=exported))

    def test_the_console_is_where_it_was(self):
        self.assertIn("Lines:", self.done("status"))
        self.assertIn("echo", self.done("feature_code", "list"))
        self.assertIn("Name", self.done("sip", "show", "peers"))
        self.assertEqual(self.run_xivo("coffee").returncode, 1)
        self.assertIn("root", self.done("whoami"))


if __name__ == "__main__":
    unittest.main()
