"""Linphone, whose SIP, SDP and RTP are neither ours nor baresip's, calls and is called; both hear the other's tone."""

import unittest

from linphone_phone import Linphone
from xivo_under_test import Baresip, Xivo, needs, tone_share, wait_for

LINPHONE_HZ = 700
BARESIP_HZ = 1000


@needs("linphonec", "linphone-cli")
@needs("baresip", "baresip")
class LinphoneTest(unittest.TestCase):
    def setUp(self):
        self.xivo = Xivo()
        self.addCleanup(self.xivo.close)

    def linphone(self, number, **options):
        made = Linphone(self.xivo, number, LINPHONE_HZ, **options)
        self.addCleanup(made.close)
        return made

    def baresip(self, number, **options):
        made = Baresip(self.xivo, number, BARESIP_HZ, **options)
        self.addCleanup(made.close)
        return made

    def hears(self, phone, hz):
        # Its file says at which rate it was recorded only when it is closed; it is that of the codec.
        def is_heard():
            samples = phone.heard()
            return len(samples) > 8000 and any(tone_share(samples, hz, rate) > 0.5 for rate in (8000, 16000, 48000))

        return is_heard

    def they_talk(self, linphone, baresip):
        wait_for("baresip hears linphone", self.hears(baresip, LINPHONE_HZ))
        wait_for("linphone hears baresip", self.hears(linphone, BARESIP_HZ))

    def nothing_left(self):
        wait_for("every call has ended", lambda: self.xivo.console("core show calls").startswith("0 active calls"))

    def test_linphone_calls_and_hangs_up(self):
        linphone, baresip = self.linphone("101"), self.baresip("102")
        linphone.dial("102")
        self.they_talk(linphone, baresip)
        linphone.hang_up()
        self.nothing_left()

    def test_linphone_is_called_and_the_other_hangs_up(self):
        linphone, baresip = self.linphone("101"), self.baresip("102")
        baresip.dial("101")
        linphone.answer()
        self.they_talk(linphone, baresip)
        baresip.hang_up()
        self.nothing_left()

    def test_linphone_is_told_that_there_is_no_such_number(self):
        linphone = self.linphone("101")
        linphone.dial("199")
        wait_for("the call is refused", lambda: " error." in linphone.text())
        self.nothing_left()


if __name__ == "__main__":
    unittest.main(verbosity=2)
