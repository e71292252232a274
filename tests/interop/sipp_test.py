"""The basic flows with SIPp, whose scenarios say message by message what must come."""

import pathlib
import subprocess
import unittest

from xivo_under_test import Xivo, free_port, wait_for

SCENARIOS = pathlib.Path(__file__).parent / "sipp"


class SippTest(unittest.TestCase):
    def setUp(self):
        self.xivo = Xivo()
        self.addCleanup(self.xivo.close)

    def start(self, scenario, number, *more, port=0, calls=1, transport="u1"):
        phone = self.xivo.phones.get(more[0] if more else number, {"account": "", "secret": ""})
        named = ["-sn", "uas"] if scenario == "uas" else ["-sf", str(SCENARIOS / f"{scenario}.xml")]
        port = port or free_port()
        arguments = ["sipp", f"127.0.0.1:{self.xivo.sip}", *named, "-i", "127.0.0.1", "-p", str(port), "-mp",
                     str(30000 + port % 20000 // 2 * 2), "-s", number, "-key", "user", phone["account"], "-key", "secret",
                     phone["secret"], "-au", phone["account"], "-ap", phone["secret"], "-key", "contact_port",
                     str(more[1] if len(more) > 1 else port), "-m", str(calls), "-nostdin", "-timeout", "15", "-t", transport,
                     "-trace_err", "-error_file", str(self.xivo.folder / f"sipp-{scenario}-{port}.err")]
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   cwd=self.xivo.folder)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def succeeds(self, process):
        output, _ = process.communicate(timeout=40)
        errors = "".join(f.read_text() for f in self.xivo.folder.glob("sipp-*.err"))
        self.assertEqual(process.returncode, 0, errors + output[-1500:])

    def register(self, number, contact_port):
        self.succeeds(self.start("register", number, number, contact_port))

    def test_an_unknown_number_gets_404(self):
        self.succeeds(self.start("unknown", "199", "101"))

    def test_an_unregistered_phone_gets_480(self):
        self.succeeds(self.start("absent", "102", "101"))

    def test_a_busy_phone_gets_486(self):
        port = free_port()
        self.register("102", port)
        phone = self.start("uas_busy", "102", port=port)
        self.succeeds(self.start("busy", "102", "101"))
        self.succeeds(phone)

    def test_a_caller_that_gives_up_gets_487(self):
        port = free_port()
        self.register("102", port)
        phone = self.start("uas_cancelled", "102", port=port)
        self.succeeds(self.start("cancel", "102", "101"))
        self.succeeds(phone)

    def test_a_call_is_answered_and_ended_by_the_caller(self):
        port = free_port()
        self.register("102", port)
        phone = self.start("uas", "102", port=port, calls=20)
        self.succeeds(self.start("call", "102", "101", calls=20))
        self.succeeds(phone)
        wait_for("every call has ended", lambda: self.xivo.console("core show calls").startswith("0 active calls"))
        self.assertIn("20 calls processed", self.xivo.console("core show calls"))

    def test_a_call_over_tcp(self):
        port = free_port()
        self.register("102", port)
        phone = self.start("uas", "102", port=port)
        self.succeeds(self.start("call", "102", "101", transport="t1"))
        self.succeeds(phone)


if __name__ == "__main__":
    unittest.main(verbosity=2)
