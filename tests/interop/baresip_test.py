"""Real telephones: baresip calls baresip through xivod, and each hears the other's tone."""

import unittest

from baresip_case import ALICE_HZ, BRUNO_HZ, CAROL_HZ, BaresipCase
from xivo_under_test import Baresip, has_ipv6, needs, wait_for


@needs("baresip", "baresip")
class BaresipTest(BaresipCase):
    def test_an_unknown_number_is_announced_and_refused(self):
        alice = self.phone("101", ALICE_HZ)
        alice.dial("199")
        wait_for("the call is refused", lambda: "404" in alice.text())
        wait_for("the call is on record", lambda: "199" in self.xivo.console("calls last 1"))
        self.nothing_left()

    def scored_legs(self):
        """The legs of the one call, once both have talked for some seconds."""
        calls = self.xivo.rest("GET", "/calls")[1]["items"]
        legs = calls[0]["legs"] if calls else []
        return legs if len(legs) == 2 and all(leg["quality"] for leg in legs) else None

    def test_two_phones_hear_each_other(self):
        alice = self.phone("101", ALICE_HZ)
        bruno = self.phone("102", BRUNO_HZ)
        alice.dial("102")
        wait_for("alice hears bruno", self.hears(alice, BRUNO_HZ))
        wait_for("bruno hears alice", self.hears(bruno, ALICE_HZ))
        self.assertIn("1 active call\n", self.xivo.console("core show calls"))
        self.assertIn("SIP/101-", self.xivo.console("core show channels"))
        legs = wait_for("the quality of both is known", self.scored_legs)
        self.assertTrue(all(leg["quality"]["mos_hundredths"] > 400 for leg in legs), legs)
        self.assertIn("RTPAUDIOQOS=loss=0.0%", self.xivo.console(f"core show channel {legs[0]['channel']}"))
        alice.hang_up()
        self.nothing_left()

    @unittest.skipUnless(has_ipv6(), "this machine has no ::1")
    def test_a_phone_of_ipv6_and_one_of_ipv4_hear_each_other(self):
        alice = self.phone("101", ALICE_HZ, ip="::1")
        bruno = self.phone("102", BRUNO_HZ)
        for caller, number in ((alice, "102"), (bruno, "101")):
            caller.dial(number)
            wait_for("alice hears bruno", self.hears(alice, BRUNO_HZ))
            wait_for("bruno hears alice", self.hears(bruno, ALICE_HZ))
            caller.hang_up()
            self.nothing_left()

    def test_two_phones_over_tcp_hear_each_other(self):
        alice = self.phone("101", ALICE_HZ, transport="tcp")
        bruno = self.phone("102", BRUNO_HZ, transport="tcp")
        bruno.dial("101")
        wait_for("alice hears bruno", self.hears(alice, BRUNO_HZ))
        wait_for("bruno hears alice", self.hears(bruno, ALICE_HZ))
        alice.hang_up()
        self.nothing_left()

    def test_a_phone_over_tls_and_one_over_udp_call_each_other(self):
        alice = self.phone("101", ALICE_HZ, transport="tls")
        bruno = self.phone("102", BRUNO_HZ)
        self.assertRegex(self.xivo.console("sip show peer 101"), "Reg. Contact : .*;transport=tls")
        for caller, number in ((alice, "102"), (bruno, "101")):
            caller.dial(number)
            wait_for("alice hears bruno", self.hears(alice, BRUNO_HZ))
            wait_for("bruno hears alice", self.hears(bruno, ALICE_HZ))
            caller.hang_up()
            self.nothing_left()

    def test_new_certificates_end_no_call(self):
        alice = self.phone("101", ALICE_HZ, transport="tls")
        alice.dial("*55")
        wait_for("alice hears herself", self.hears(alice, ALICE_HZ), 60)
        (self.xivo.var / "tls" / "self-signed.pem").unlink()
        self.assertIn("read anew", self.xivo.console("module reload tls"))
        self.assertIn("1 active call\n", self.xivo.console("core show calls"))
        alice.hang_up()
        self.nothing_left()
        bruno = self.phone("102", BRUNO_HZ, transport="tls")
        bruno.dial("101")
        wait_for("a phone with the new certificate and one with the old hear each other", self.hears(alice, BRUNO_HZ))
        bruno.hang_up()
        self.nothing_left()

    def test_the_echo_test_gives_the_own_tone_back(self):
        carol = self.phone("103", CAROL_HZ)
        carol.dial("*55")
        wait_for("carol hears herself", self.hears(carol, CAROL_HZ), 60)
        carol.hang_up()
        self.nothing_left()

    def transcoded(self, ours, theirs):
        alice = self.phone("101", ALICE_HZ, codec=ours)
        bruno = self.phone("102", BRUNO_HZ, codec=theirs)
        alice.dial("102")
        wait_for("alice hears bruno", self.hears(alice, BRUNO_HZ))
        wait_for("bruno hears alice", self.hears(bruno, ALICE_HZ))
        self.hold_and_resume(alice, bruno)
        alice.hang_up()
        self.nothing_left()

    def test_a_law_and_g722_hear_each_other(self):
        self.transcoded("PCMA", "G722")

    def test_a_law_and_opus_hear_each_other(self):
        self.transcoded("PCMA", "opus")

    def test_opus_and_g722_hear_each_other(self):
        self.transcoded("opus", "G722")

    def test_the_echo_test_works_in_wideband(self):
        for codec in ("G722", "opus"):
            with self.subTest(codec):
                carol = self.phone("103", CAROL_HZ, codec=codec)
                carol.dial("*55")
                wait_for("carol hears herself", self.hears(carol, CAROL_HZ), 60)
                carol.hang_up()
                self.nothing_left()
                self.remove(carol)

    def test_encrypted_and_plain_phones_hear_each_other(self):
        for caller, setting in (("101", "srtp"), ("101", "srtp-mand"), ("102", "srtp-mand")):
            with self.subTest(caller=caller, mediaenc=setting):
                self.xivo.set_line("101", encryption="required" if setting == "srtp-mand" else "optional")
                alice = Baresip(self.xivo, "101", ALICE_HZ, mediaenc=setting)
                bruno = Baresip(self.xivo, "102", BRUNO_HZ)
                try:
                    (alice if caller == "101" else bruno).dial("102" if caller == "101" else "101")
                    wait_for("alice hears bruno", self.hears(alice, BRUNO_HZ))
                    wait_for("bruno hears alice", self.hears(bruno, ALICE_HZ))
                    alice.hang_up()
                    self.nothing_left()
                    wait_for("one leg was encrypted", lambda: self.encrypted_legs() == 1)
                finally:
                    alice.close()
                    bruno.close()
        self.xivo.set_line("101", encryption="no")

    def test_two_encrypted_phones_hear_each_other(self):
        for number in ("101", "102"):
            self.xivo.set_line(number, encryption="required")
            self.addCleanup(self.xivo.set_line, number, encryption="no")
        alice = self.phone("101", ALICE_HZ, mediaenc="srtp-mand")
        bruno = self.phone("102", BRUNO_HZ, mediaenc="srtp-mand")
        alice.dial("102")
        wait_for("alice hears bruno", self.hears(alice, BRUNO_HZ))
        wait_for("bruno hears alice", self.hears(bruno, ALICE_HZ))
        alice.hang_up()
        self.nothing_left()
        wait_for("both legs were encrypted", lambda: self.encrypted_legs() == 2)

    def test_two_phones_with_cameras_see_each_other(self):
        alice = self.phone("101", ALICE_HZ, camera=True)
        bruno = self.phone("102", BRUNO_HZ, camera=True)
        alice.dial("102")
        wait_for("alice sees bruno", alice.sees, otherwise=alice.text)
        wait_for("bruno sees alice", bruno.sees, otherwise=bruno.text)
        wait_for("alice hears bruno", self.hears(alice, BRUNO_HZ))
        alice.hang_up()
        self.nothing_left()

    def test_pictures_are_encrypted_on_the_side_that_wants_it(self):
        self.xivo.set_line("101", encryption="required")
        self.addCleanup(self.xivo.set_line, "101", encryption="no")
        alice = self.phone("101", ALICE_HZ, camera=True, mediaenc="srtp-mand")
        bruno = self.phone("102", BRUNO_HZ, camera=True)
        bruno.dial("101")
        wait_for("alice sees bruno", alice.sees, otherwise=alice.text)
        wait_for("bruno sees alice", bruno.sees, otherwise=bruno.text)
        bruno.hang_up()
        self.nothing_left()

    def test_a_phone_without_a_camera_is_called_by_one_with_one(self):
        alice = self.phone("101", ALICE_HZ, camera=True)
        bruno = self.phone("102", BRUNO_HZ)
        alice.dial("102")
        wait_for("alice hears bruno", self.hears(alice, BRUNO_HZ))
        wait_for("bruno hears alice", self.hears(bruno, ALICE_HZ))
        self.assertFalse(alice.sees())
        alice.hang_up()
        self.nothing_left()

    def test_a_plain_phone_cannot_call_from_a_line_that_requires_encryption(self):
        self.xivo.set_line("103", encryption="required")
        self.addCleanup(self.xivo.set_line, "103", encryption="no")
        carol = self.phone("103", CAROL_HZ)
        carol.dial("101")
        wait_for("the call is refused", lambda: "488" in carol.text())
        self.nothing_left()

    def test_phones_are_listed_as_asterisk_lists_them(self):
        self.phone("101", ALICE_HZ)
        peers = self.xivo.console("sip show peers")
        self.assertRegex(peers, r"(?m)^101 +127\.0\.0\.1 +D ")
        self.assertRegex(peers, r"(?m)^102 +\(Unspecified\) +D ")
        self.assertRegex(peers, r"(?m)^3 sip peers \[")


if __name__ == "__main__":
    unittest.main(verbosity=2)
