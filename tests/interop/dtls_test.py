"""Lines of profile webrtc: baresip agrees on keys by DTLS, with and without ICE, and talks with a plain baresip through xivod."""

import unittest

from baresip_case import ALICE_HZ, BRUNO_HZ, BaresipCase
from xivo_under_test import needs, wait_for

DTLS = "keys agreed on by DTLS"


@needs("baresip", "baresip")
class DtlsTest(BaresipCase):
    def setUp(self):
        self.xivo.set_line("101", profile="webrtc")
        self.addCleanup(self.xivo.set_line, "101", profile="phone")

    def browser(self, **options):
        """A phone that does what a browser does."""
        return self.phone("101", ALICE_HZ, mediaenc="dtls_srtp", **options)

    def trace(self):
        """The last call's, once it is on record."""
        records = self.xivo.rest("GET", "/call-records?limit=1")[1]["items"]
        if not records:
            return ""
        return "\n".join(entry["text"] for entry in self.xivo.rest("GET", f"/call-records/{records[0]['id']}")[1]["trace"]["entries"])

    def talk(self, caller, called, number):
        caller.forget()
        called.forget()
        caller.dial(number)
        one_hz, other_hz = (ALICE_HZ, BRUNO_HZ) if number == "102" else (BRUNO_HZ, ALICE_HZ)
        wait_for("the caller hears the called", self.hears(caller, other_hz), otherwise=caller.text)
        wait_for("the called hears the caller", self.hears(called, one_hz), otherwise=called.text)

    def test_a_plain_phone_cannot_call_from_a_line_of_a_browser(self):
        alice = self.phone("101", ALICE_HZ)
        alice.dial("102")
        wait_for("the call is refused", lambda: "488" in alice.text())
        self.nothing_left()
        wait_for("the log says why", lambda: "refused: encryption is to be by DTLS" in self.xivo.text())

    def test_a_line_of_a_browser_and_a_plain_one_call_each_other(self):
        for nat in ("", "ice"):
            with self.subTest(medianat=nat):
                alice = self.browser(medianat=nat)
                bruno = self.phone("102", BRUNO_HZ)
                for caller, called, number in ((alice, bruno, "102"), (bruno, alice, "101")):
                    self.talk(caller, called, number)
                    caller.hang_up()
                    self.nothing_left()
                    wait_for("its trace says how it was encrypted", lambda: DTLS in self.trace())
                self.remove(alice)
                self.remove(bruno)

    def test_two_lines_of_browsers_hear_each_other(self):
        self.xivo.set_line("102", profile="webrtc")
        self.addCleanup(self.xivo.set_line, "102", profile="phone")
        alice = self.browser(medianat="ice")
        bruno = self.phone("102", BRUNO_HZ, mediaenc="dtls_srtp", medianat="ice")
        self.talk(alice, bruno, "102")
        bruno.hang_up()
        self.nothing_left()
        wait_for("both legs were encrypted", lambda: self.trace().count(DTLS) == 2)

    def test_a_hold_keeps_the_keys(self):
        alice = self.browser(medianat="ice")
        bruno = self.phone("102", BRUNO_HZ)
        self.talk(alice, bruno, "102")
        self.hold_and_resume(alice, bruno)
        alice.hang_up()
        self.nothing_left()
        wait_for("keys were agreed on once", lambda: self.trace().count(DTLS) == 1, otherwise=self.trace)

    def test_the_echo_test_gives_the_own_tone_back(self):
        alice = self.browser(medianat="ice")
        alice.dial("*55")
        wait_for("alice hears herself", self.hears(alice, ALICE_HZ), 60, otherwise=alice.text)
        alice.hang_up()
        self.nothing_left()

    def test_pictures_go_through_encrypted_on_one_side(self):
        alice = self.browser(medianat="ice", camera=True)
        bruno = self.phone("102", BRUNO_HZ, camera=True)
        bruno.dial("101")
        wait_for("alice sees bruno", alice.sees, otherwise=alice.text)
        wait_for("bruno sees alice", bruno.sees, otherwise=bruno.text)
        bruno.hang_up()
        self.nothing_left()


if __name__ == "__main__":
    unittest.main()
