"""The basic flows with SIPp, whose scenarios say message by message what must come."""

import unittest

from sipp_runner import SippMixin
from xivo_under_test import Xivo, free_port, needs, wait_for


@needs("sipp", "sip-tester")
class SippTest(SippMixin, unittest.TestCase):
    options = ()

    def setUp(self):
        self.xivo = Xivo(*self.options)
        self.addCleanup(self.xivo.close)

    def nothing_left(self):
        wait_for("every call has ended", lambda: self.xivo.console("core show calls").startswith("0 active calls"))

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

    def test_a_lamp_is_lit_while_its_service_is_on(self):
        phone = self.start("lamp", "*25", "101")
        wait_for("the lamp is watched", lambda: "*25@" in self.xivo.console("sip show subscriptions"))
        self.assertIn("Idle", self.xivo.console("sip show subscriptions"))
        _, found = self.xivo.rest("GET", "/users?search=Alice")
        status, _ = self.xivo.rest("PATCH", f"/users/{found['items'][0]['id']}", {"dnd_enabled": True})
        self.assertEqual(status, 200)
        self.succeeds(phone)
        self.assertIn("\n0 active SIP subscriptions", self.xivo.console("sip show subscriptions"))

    def test_a_call_is_answered_and_ended_by_the_caller(self):
        port = free_port()
        self.register("102", port)
        phone = self.start("uas", "102", port=port, calls=20)
        self.succeeds(self.start("call", "102", "101", calls=20))
        self.succeeds(phone)
        self.nothing_left()
        self.assertIn("20 calls processed", self.xivo.console("core show calls"))

    def test_a_call_over_tcp(self):
        port = free_port()
        self.register("102", port)
        phone = self.start("uas", "102", port=port, calls=10)
        self.succeeds(self.start("call", "102", "101", calls=10, transport="t1"))
        self.succeeds(phone)

    def test_a_caller_without_an_offer_gets_one_and_answers_it_in_the_ack(self):
        port = free_port()
        self.register("102", port)
        phone = self.start("uas", "102", port=port)
        self.succeeds(self.start("late_offer", "102", "101"))
        self.succeeds(phone)

    def test_sound_before_the_answer_reaches_the_caller_as_183(self):
        port = free_port()
        self.register("102", port)
        phone = self.start("uas_early", "102", port=port)
        self.succeeds(self.start("early", "102", "101"))
        self.succeeds(phone)

    def test_a_cancel_that_crosses_the_answer_ends_the_call(self):
        port = free_port()
        self.register("102", port)
        phone = self.start("uas_answers_anyway", "102", port=port)
        self.succeeds(self.start("cancel", "102", "101"))
        self.succeeds(phone)
        self.nothing_left()

    def test_a_hold_is_answered_and_taken_back(self):
        port = free_port()
        self.register("102", port)
        phone = self.start("uas", "102", port=port)
        self.succeeds(self.start("hold", "102", "101"))
        self.succeeds(phone)
        self.nothing_left()


class SippOnTwoShardsTest(SippTest):
    options = ("--shards", "2")


if __name__ == "__main__":
    unittest.main(verbosity=2)
