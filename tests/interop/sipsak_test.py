"""sipsak, the administrators' Swiss army knife: a ping, registering with a digest, and more than it is polite to send."""

import subprocess
import unittest

from xivo_under_test import Xivo, needs, wait_for


@needs("sipsak", "sipsak")
class SipsakTest(unittest.TestCase):
    def setUp(self):
        self.xivo = Xivo()
        self.addCleanup(self.xivo.close)

    def sipsak(self, *arguments, user="101"):
        done = subprocess.run(["sipsak", *map(str, arguments), "-s", f"sip:{user}@127.0.0.1:{self.xivo.sip}"],
                              capture_output=True, text=True, errors="replace", timeout=25)
        return done.returncode, done.stdout + done.stderr

    def answers_a_ping(self):
        code, text = self.sipsak("-vv")
        self.assertEqual(code, 0, text)
        self.assertIn("200 OK", text)

    def register(self, secret):
        return self.sipsak("-U", "-C", "sip:101@127.0.0.1:9", "-a", secret, "-u", "101", "-x", 60, "-vv")

    def test_a_ping_is_answered(self):
        self.answers_a_ping()

    def test_a_phone_registers_with_its_secret(self):
        code, text = self.register(self.xivo.phones["101"]["secret"])
        self.assertEqual(code, 0, text)
        self.assertRegex(self.xivo.console("sip show peers"), r"(?m)^101 +127\.0\.0\.1 +D ")

    def test_a_wrong_secret_is_refused(self):
        code, text = self.register("wrong")
        self.assertNotEqual(code, 0, text)
        self.assertRegex(self.xivo.console("sip show peers"), r"(?m)^101 +\(Unspecified\) +D ")

    def test_a_flood_leaves_the_engine_answering(self):
        self.sipsak("-F", "-e", 2000)
        self.answers_a_ping()

    def test_requests_with_random_damage_leave_the_engine_answering(self):
        self.sipsak("-R", "-t", 200)
        self.answers_a_ping()


if __name__ == "__main__":
    unittest.main(verbosity=2)
