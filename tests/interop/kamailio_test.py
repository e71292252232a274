"""A Kamailio stands between the phones and XiVO, as in companies that have a border: registering, calls both ways, and
every request of a dialog by its route set."""

import os
import pathlib
import shutil
import socket
import subprocess
import unittest

from sipp_runner import SippMixin
from xivo_under_test import Baresip, Xivo, free_port, needs, tone_share, wait_for

CONFIG = pathlib.Path(__file__).parent / "kamailio" / "kamailio.cfg"
ALICE_HZ = 440
BRUNO_HZ = 1000


class Kamailio:
    def __init__(self, xivo):
        self.port = free_port()
        self.folder = xivo.folder / "kamailio"
        self.folder.mkdir()
        program = shutil.which("kamailio") or "/usr/sbin/kamailio"
        listen = f"127.0.0.1:{self.port}"
        self.log = open(self.folder / "log", "w")
        self.process = subprocess.Popen(
            [program, "-f", str(CONFIG), "-DD", "-E", "-m", "32", "-M", "4", "-Y", str(self.folder), "-w", str(self.folder),
             "-l", f"udp:{listen}", "-l", f"tcp:{listen}", "-A", f'XIVO_URI="sip:127.0.0.1:{xivo.sip}"', "-A",
             'XIVO_HOST="127.0.0.1"', "-A", f"XIVO_PORT={xivo.sip}"],
            stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True)
        wait_for("kamailio listens", self._ready)

    def _ready(self):
        assert self.process.poll() is None, "kamailio ended:\n" + self.text()
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def text(self):
        return (self.folder / "log").read_text(errors="replace")

    def close(self):
        self.process.terminate()  # the first process ends its children
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)  # a session of its own: nobody else is in this group
            self.process.wait(5)
        self.log.close()


@needs("kamailio", "kamailio")
class KamailioTest(SippMixin, unittest.TestCase):
    def setUp(self):
        self.xivo = Xivo()
        self.addCleanup(self.xivo.close)
        self.proxy = Kamailio(self.xivo)
        self.addCleanup(self.proxy.close)

    def hears(self, phone, hz):
        return lambda: len(phone.heard()) > 8000 and tone_share(phone.heard(), hz) > 0.5

    def nothing_left(self):
        wait_for("every call has ended", lambda: self.xivo.console("core show calls").startswith("0 active calls"))
        self.assertNotIn("OFF THE ROUTE SET", self.proxy.text())

    def called_along_its_path(self):
        """The phone's calls came with the Path of its registration as their Route (RFC 3327)."""
        self.assertIn("BY ITS PATH: INVITE", self.proxy.text())

    @needs("sipp", "sip-tester")
    def test_a_call_through_the_proxy_is_ended_by_the_caller(self):
        port = free_port()
        self.register("102", port, through=self.proxy.port)
        phone = self.start("uas_behind_proxy", "102", port=port)
        self.succeeds(self.start("call", "102", "101", through=self.proxy.port))
        self.succeeds(phone)
        self.called_along_its_path()
        self.nothing_left()

    @needs("sipp", "sip-tester")
    def test_a_call_through_the_proxy_is_put_on_hold_and_taken_back(self):
        port = free_port()
        self.register("102", port, through=self.proxy.port)
        phone = self.start("uas_behind_proxy", "102", port=port)
        self.succeeds(self.start("hold", "102", "101", through=self.proxy.port))
        self.succeeds(phone)
        self.nothing_left()

    @needs("sipp", "sip-tester")
    def test_a_caller_behind_the_proxy_gives_up(self):
        port = free_port()
        self.register("102", port, through=self.proxy.port)
        phone = self.start("uas_cancelled", "102", port=port)
        self.succeeds(self.start("cancel", "102", "101", through=self.proxy.port))
        self.succeeds(phone)
        self.nothing_left()

    @needs("sipp", "sip-tester")
    def test_a_busy_phone_behind_the_proxy_is_busy(self):
        port = free_port()
        self.register("102", port, through=self.proxy.port)
        phone = self.start("uas_busy", "102", port=port)
        self.succeeds(self.start("busy", "102", "101", through=self.proxy.port))
        self.succeeds(phone)
        self.nothing_left()

    @needs("baresip", "baresip")
    def test_two_phones_behind_the_proxy_hear_each_other_and_either_hangs_up(self):
        alice = Baresip(self.xivo, "101", ALICE_HZ, proxy=self.proxy.port)
        self.addCleanup(alice.close)
        bruno = Baresip(self.xivo, "102", BRUNO_HZ, proxy=self.proxy.port)
        self.addCleanup(bruno.close)
        for caller, number, ends in ((alice, "102", bruno), (bruno, "101", bruno)):
            caller.dial(number)
            wait_for("alice hears bruno", self.hears(alice, BRUNO_HZ))
            wait_for("bruno hears alice", self.hears(bruno, ALICE_HZ))
            ends.hang_up()
            self.nothing_left()


if __name__ == "__main__":
    unittest.main(verbosity=2)
