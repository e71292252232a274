"""What people switch by a code of their own phone, with a real phone and a running system: durable and live for the next call."""
import unittest

from xivo_under_test import Baresip, Xivo, needs, wait_for

ALICE_HZ, BRUNO_HZ = 500, 900


@needs("baresip", "baresip")
class ServicesTest(unittest.TestCase):
    def setUp(self):
        self.xivo = Xivo()
        self.addCleanup(self.xivo.close)
        self.alice = self.phone("101", ALICE_HZ)

    def phone(self, number, hz):
        phone = Baresip(self.xivo, number, hz)
        self.addCleanup(phone.close)
        return phone

    def alices(self, field):
        users = self.xivo.rest("GET", "/users")[1]["items"]
        return next(user for user in users if user["firstname"] == "Alice")[field]

    def idle(self):
        return self.xivo.console("core show calls").startswith("0 active calls")

    def test_do_not_disturb_survives_a_restart_and_is_in_the_history(self):
        self.alice.dial("*25")
        wait_for("do-not-disturb is on", lambda: self.alices("dnd_enabled"))
        wait_for("the voice has said so", self.idle)
        newest = self.xivo.rest("GET", "/revisions?limit=1")[1]["items"][0]
        self.assertEqual((newest["author"], newest["message"]), ("SIP/101", "*25"))
        self.xivo.kill()
        self.xivo.start()
        self.assertTrue(self.alices("dnd_enabled"))

    def test_a_forward_takes_the_next_call_elsewhere(self):
        carol = self.phone("103", BRUNO_HZ)
        bruno = self.phone("102", BRUNO_HZ)
        self.alice.dial("*21103")
        wait_for("the forward is on", lambda: self.alices("forward_unconditional_enabled"))
        self.assertEqual(self.alices("forward_unconditional_destination"), "103")
        wait_for("the voice has said so", self.idle)
        bruno.dial("101")
        wait_for("carol hears bruno", lambda: carol.hears(BRUNO_HZ))
        carol.hang_up()
        wait_for("the call has ended", self.idle)

    def test_a_forward_that_closes_a_circle_is_refused(self):
        carol = next(user for user in self.xivo.rest("GET", "/users")[1]["items"] if user["firstname"] == "Carol")
        status, _ = self.xivo.rest("PATCH", f"/users/{carol['id']}", {
            "forward_unconditional_enabled": True, "forward_unconditional_destination": "101"})
        self.assertEqual(status, 200)
        self.alice.dial("*21103")
        wait_for("the feature has answered", lambda: not self.idle())
        wait_for("the voice has said so", self.idle)
        self.assertFalse(self.alices("forward_unconditional_enabled"))
        newest = self.xivo.rest("GET", "/revisions?limit=1")[1]["items"][0]
        self.assertNotEqual(newest["author"], "SIP/101")
        status, refused = self.xivo.rest("PATCH", f"/users/{self.alices('id')}", {
            "forward_unconditional_enabled": True, "forward_unconditional_destination": "103"})
        self.assertEqual((status, refused["problems"][0]["rule"]), (409, "plan-conflict"))
        self.assertIn("→", refused["detail"])


if __name__ == "__main__":
    unittest.main()
