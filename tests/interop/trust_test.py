"""What an engine must stand: several shards, restarts, the end of every resource, and disks that do not answer."""

import pathlib
import resource
import signal
import socket
import sqlite3
import subprocess
import threading
import time
import unittest

from sip_peer import Peer
from xivo_under_test import WAIT_S, Xivo, wait_for

TRUNK = "127.0.0.2"
ECHO = "*55"
MEMORY_FOR_CALLS_MB = 24  # some two thousand of them
AFTER_TRANSACTIONS_S = 90  # a transaction is kept for 32 s (RFC 3261 §17.2.2, Timer J), and its memory with it


class TrustTest(unittest.TestCase):
    def start(self, *options, **more):
        self.xivo = Xivo(*options, **more)
        self.addCleanup(self.xivo.close)
        self.xivo.add_trunk(TRUNK)
        self.trunk = self.peer(TRUNK)

    def peer(self, ip="127.0.0.1", number="", tcp=False):
        phone = self.xivo.phones.get(number, {"account": "", "secret": ""})
        made = Peer(self.xivo, ip, phone["account"], phone["secret"], tcp)
        self.addCleanup(made.close)
        return made

    def active(self):
        return int(self.xivo.console("core show calls").split()[0])

    def many(self, count):
        """That many calls to the echo test, all answered."""
        calls = [self.trunk.invite(ECHO) for _ in range(count)]
        wait_for(f"{count} calls are answered", lambda: all(c.status >= 200 for c in calls))
        self.assertEqual({c.status for c in calls}, {200})
        return calls

    def refused(self, call):
        self.assertEqual(call.status, 503)
        self.assertGreater(int(call.answer["retry-after"]), 0)


class ShardsTest(TrustTest):
    def setUp(self):
        self.start("--shards", "2", rtp_ports=400)

    def test_calls_from_one_address_are_spread_and_all_succeed(self):
        calls = self.many(60)
        shards = [sum(f";tag=s{n}-" in c.to for c in calls) for n in (0, 1)]
        self.assertEqual(sum(shards), 60)
        self.assertGreater(min(shards), 10, shards)
        self.assertEqual(self.active(), 60)
        self.assertEqual(len(self.xivo.rest("GET", "/calls")[1]["items"]), 60)
        for call in calls:
            self.trunk.hang_up(call)
        wait_for("every call has ended", lambda: self.active() == 0)
        self.assertIn("60 calls processed", self.xivo.console("core show calls"))

    def from_every_shard(self, number, status):
        """Calls until both shards have tried."""
        shards = set()
        for _ in range(12):
            call = self.trunk.call(number)
            self.assertEqual(call.status, status)
            shards.add(call.to.split(";tag=s")[1][0])
            if status == 200:
                self.trunk.hang_up(call)
            wait_for("it has ended", lambda: self.active() == 0)
        self.assertEqual(shards, {"0", "1"})

    def test_every_shard_finds_a_phone_that_registered(self):
        phone = self.peer(number="101")
        self.assertEqual(phone.register(), 200)
        self.from_every_shard("101", 200)
        self.assertEqual(phone.register(expires=0), 200)
        self.from_every_shard("101", 480)

    def test_every_shard_reaches_a_phone_by_the_one_connection_that_it_opened(self):
        phone = self.peer(number="101", tcp=True)
        self.assertEqual(phone.register(), 200)
        self.from_every_shard("101", 200)
        self.assertEqual(len(phone.calls), 12)
        self.assertEqual({c.byes for c in phone.calls.values()}, {1})
        phone.close()
        wait_for("its registration is gone", lambda: not self.xivo.rest("GET", "/registrations")[1]["items"])
        self.from_every_shard("101", 480)

    def test_everything_is_ended_on_both_shards_at_the_end(self):
        calls = self.many(40)
        self.xivo.signal(signal.SIGTERM)
        wait_for("every call got its BYE", lambda: all(c.byes == 1 for c in calls), 5)
        self.assertEqual(self.xivo.process.wait(5), 0)

    def test_another_program_cannot_share_the_port(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            self.xivo.stop()
            taken.bind(("127.0.0.1", self.xivo.sip))
            with self.assertRaisesRegex(AssertionError, "SIP port"):
                self.xivo.start()


class RestartTest(TrustTest):
    def test_the_first_call_after_kill_9_reaches_a_phone_within_2_s(self):
        self.start()
        phone = self.peer(number="101")
        self.assertEqual(phone.register(), 200)
        self.assertEqual(self.trunk.call("101").status, 200)  # by now the registration has been written
        self.xivo.kill()
        begin = time.monotonic()
        self.xivo.start()
        self.assertEqual(self.trunk.call("101").status, 200)
        self.assertLess(time.monotonic() - begin, 2.0)
        self.assertEqual(sum(call.incoming for call in phone.calls.values()), 2)

    def test_every_one_of_many_calls_gets_a_bye_on_sigterm(self):
        self.start(rtp_ports=1000)
        calls = self.many(300)
        begin = time.monotonic()
        self.xivo.signal(signal.SIGTERM)
        self.assertEqual(self.xivo.process.wait(6), 0)
        self.assertLess(time.monotonic() - begin, 4.0)
        wait_for("every call got its BYE", lambda: all(c.byes >= 1 for c in calls), 2)

    def test_phones_that_do_not_answer_hold_the_end_up_for_a_moment_only(self):
        self.start()
        self.many(20)
        self.trunk.close()
        begin = time.monotonic()
        self.xivo.signal(signal.SIGTERM)
        self.assertEqual(self.xivo.process.wait(6), 0)
        self.assertLess(time.monotonic() - begin, 4.0)


class DrainTest(TrustTest):
    def drains(self, call):
        """New calls are refused, calls in progress go on, and nothing ends by itself."""
        wait_for("it drains", lambda: "when the last of 1 calls has ended" in self.xivo.text())
        self.refused(self.trunk.call(ECHO))
        self.assertEqual(call.byes, 0)
        self.assertLess(self.trunk.ask(), 1.0)
        self.assertIsNone(self.xivo.process.poll())

    def test_sigusr1_waits_for_the_last_call(self):
        self.start()
        call = self.many(1)[0]
        self.xivo.signal(signal.SIGUSR1)
        self.drains(call)
        self.trunk.hang_up(call)
        self.assertEqual(self.xivo.process.wait(5), 0)
        self.assertEqual(call.byes, 0)

    def test_a_second_sigterm_stops_at_once(self):
        self.start("--drain", "60")
        call = self.many(1)[0]
        self.xivo.signal(signal.SIGTERM)
        self.drains(call)
        self.xivo.signal(signal.SIGTERM)
        self.assertEqual(self.xivo.process.wait(5), 0)
        wait_for("the call got its BYE", lambda: call.byes == 1, 2)

    def test_draining_ends_when_its_time_is_up(self):
        self.start("--drain", "1")
        call = self.many(1)[0]
        self.xivo.signal(signal.SIGTERM)
        self.assertEqual(self.xivo.process.wait(5), 0)
        wait_for("the call got its BYE", lambda: call.byes == 1, 2)


class LimitsTest(TrustTest):
    def recovers(self, calls, seconds=WAIT_S):
        for call in calls:
            self.trunk.hang_up(call)
        wait_for("every call has ended", lambda: self.active() == 0)
        again = wait_for("calls are taken again", lambda: self.trunk.call(ECHO).status == 200, seconds)
        self.assertTrue(again)

    def test_calls(self):
        self.start("--calls-max", "5")
        calls = self.many(5)
        self.refused(self.trunk.call(ECHO))
        self.recovers(calls)

    def test_media_ports(self):
        self.start(rtp_ports=16)
        calls = [self.trunk.call(ECHO) for _ in range(12)]
        answered = [c for c in calls if c.status == 200]
        self.assertGreater(len(answered), 2)
        self.assertLess(len(answered), 12)
        for call in calls:
            if call not in answered:
                self.refused(call)
        self.recovers(answered)

    def memory_used(self):
        """MB of this xivod."""
        pages = int(pathlib.Path(f"/proc/{self.xivo.process.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 2**20

    def test_memory_comes_back_when_calls_end(self):
        self.start(rtp_ports=100)
        budget = int(self.memory_used()) + MEMORY_FOR_CALLS_MB
        self.xivo.close()
        self.start("--memory-max", str(budget), rtp_ports=8000)
        calls = []
        while all(call.status == 200 for call in calls):
            self.assertLess(len(calls), 4000, f"{self.memory_used():.1f} of {budget} MB")
            more = [self.trunk.invite(ECHO) for _ in range(50)]
            wait_for("all are answered", lambda: all(call.status >= 200 for call in more))
            calls += more
        for call in calls:
            if call.status != 200:
                self.refused(call)
        self.recovers([call for call in calls if call.status == 200], seconds=AFTER_TRANSACTIONS_S)
        # The log is written by a thread of its own, a moment after the first call that is taken.
        wait_for("the log says so", lambda: "new calls are taken again" in self.xivo.text())

    def test_a_phone_that_cannot_be_rung_for_want_of_a_port_is_congestion(self):
        self.start(rtp_ports=16)
        phone = self.peer(number="101")
        self.assertEqual(phone.register(), 200)
        calls = []
        while not calls or calls[-1].status == 200:
            calls.append(self.trunk.call(ECHO))
        self.trunk.hang_up(calls[0])
        wait_for("one port is free", lambda: self.active() == len(calls) - 2)
        self.refused(self.trunk.call("101"))

    def test_descriptors(self):
        self.start(rtp_ports=1000, descriptors=300)
        calls = [self.trunk.call(ECHO) for _ in range(60)]
        answered = [c for c in calls if c.status == 200]
        self.assertGreater(len(answered), 20)
        self.assertLess(len(answered), 60)
        self.refused(calls[-1])
        self.recovers(answered)

    def test_connections_leave_descriptors_for_calls(self):
        self.start(descriptors=400)
        links = []
        for i in range(300):
            link = socket.socket()
            link.bind((f"127.0.1.{1 + i % 50}", 0))
            link.connect(("127.0.0.1", self.xivo.sip))
            links.append(link)
        calls = self.many(10)
        self.assertEqual(self.active(), 10)
        for link in links:
            link.close()
        self.recovers(calls)
        with socket.create_connection(("127.0.0.1", self.xivo.sip), 5) as link:
            link.settimeout(5)
            wait_for("connections are taken again", lambda: link.sendall(b"\r\n\r\n") or link.recv(2) == b"\r\n")

    def test_memory(self):
        self.start("--memory-max", "1")
        wait_for("it says so", lambda: "new calls are refused" in self.xivo.text())
        self.refused(self.trunk.call(ECHO))
        self.assertLess(self.trunk.ask(), 1.0)


class StorageTest(TrustTest):
    def setUp(self):
        self.start(rtp_ports=400)

    def set_up_quickly(self, count=10):
        """Calls that are answered at once, and end."""
        calls = [self.trunk.call(ECHO) for _ in range(count)]
        for call in calls:
            self.assertEqual(call.status, 200)
            self.assertLess(call.answered_after, 1.0)
            self.trunk.hang_up(call)
        wait_for("every call has ended", lambda: self.active() == 0)

    def recorded(self):
        return self.xivo.rest("GET", "/call-records?limit=1")[1]["total"]

    def locked(self, name):
        """Another program has the database for itself."""
        database = sqlite3.connect(self.xivo.var / name, isolation_level=None)
        database.execute("BEGIN EXCLUSIVE")
        self.addCleanup(database.close)
        return database

    def test_a_locked_database_of_calls_delays_records_only(self):
        lock = self.locked("calls.db")
        self.set_up_quickly()
        wait_for("it says so", lambda: "call records wait" in self.xivo.text())
        phone = self.peer(number="101")
        self.assertEqual(phone.register(), 200)
        lock.execute("ROLLBACK")
        wait_for("the records are written", lambda: self.recorded() == 10)
        self.assertIn("call records are written again", self.xivo.text())

    def test_a_locked_configuration_refuses_changes_in_clear_words(self):
        lock = self.locked("config.db")
        begin = time.monotonic()
        status, answer = self.xivo.rest("POST", "/users", {"firstname": "Later"})
        self.assertEqual(status, 503, answer)
        self.assertIn("locked", answer["detail"])
        self.assertLess(time.monotonic() - begin, 15)
        self.set_up_quickly()
        lock.execute("ROLLBACK")
        self.assertEqual(self.xivo.rest("POST", "/users", {"firstname": "Now"})[0], 201)

    def test_a_slow_disk_delays_records_only(self):
        shim, slow = self.xivo.folder / "slow_disk.so", self.xivo.folder / "slow"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", shim, pathlib.Path(__file__).with_name("slow_disk.c"), "-ldl"], check=True)
        self.start(rtp_ports=400, environment={"LD_PRELOAD": str(shim), "SLOW_DISK_WHILE": str(slow)})
        slow.touch()
        took = []

        def change():
            begin = time.monotonic()
            self.assertEqual(self.xivo.rest("POST", "/users", {"firstname": "Slow"})[0], 201)
            took.append(time.monotonic() - begin)

        changing = threading.Thread(target=change)
        changing.start()
        self.set_up_quickly()
        phone = self.peer(number="101")
        self.assertEqual(phone.register(), 200)
        self.set_up_quickly()
        changing.join()
        self.assertGreater(took[0], 1.0)  # the disk is slow indeed
        slow.unlink()
        wait_for("the records are written", lambda: self.recorded() == 20)

    def test_a_disk_that_takes_nothing_delays_records_only(self):
        pid = self.xivo.process.pid
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, before[1]))
        self.set_up_quickly()
        status, answer = self.xivo.rest("POST", "/users", {"firstname": "Later"})
        self.assertEqual(status, 503, answer)
        self.assertIn("disk", answer["detail"].lower())
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
        wait_for("the records are written", lambda: self.recorded() == 10)
        self.assertEqual(self.xivo.rest("POST", "/users", {"firstname": "Now"})[0], 201)


if __name__ == "__main__":
    unittest.main(verbosity=2)
