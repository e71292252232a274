"""What tests with real telephones share: one xivod, baresips that end with their test, and what a call was like."""

import unittest

from xivo_under_test import Baresip, Xivo, has_ipv6, wait_for

ALICE_HZ = 440
BRUNO_HZ = 1000
CAROL_HZ = 1600


class BaresipCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.xivo = Xivo(ipv6=has_ipv6())
        cls.phones = []

    @classmethod
    def tearDownClass(cls):
        for phone in cls.phones:
            phone.close()
        cls.xivo.close()

    def phone(self, *arguments, **options):
        made = Baresip(self.xivo, *arguments, **options)
        self.phones.append(made)
        self.addCleanup(self.remove, made)
        return made

    def remove(self, phone):
        if phone in self.phones:
            self.phones.remove(phone)
            phone.close()

    def hears(self, phone, hz):
        return lambda: phone.hears(hz)

    def hold_and_resume(self, alice, bruno):
        """In a call of theirs, alice keeps bruno waiting for a moment."""
        alice.command("hold")
        wait_for("bruno hears music", lambda: not bruno.hears(ALICE_HZ))
        alice.command("resume")
        wait_for("alice hears bruno again", self.hears(alice, BRUNO_HZ))
        wait_for("bruno hears alice again", self.hears(bruno, ALICE_HZ))

    def nothing_left(self):
        wait_for("every call has ended", lambda: self.xivo.console("core show calls").startswith("0 active calls"))

    def encrypted_legs(self):
        """How many legs of the last call say in its trace that they are encrypted."""
        record = self.xivo.rest("GET", "/call-records?limit=1")[1]["items"][0]
        trace = self.xivo.rest("GET", f"/call-records/{record['id']}")[1]["trace"]
        self.assertNotIn("inline:", str(trace))
        return sum(entry["text"].startswith("SRTP, ") for entry in trace["entries"])
