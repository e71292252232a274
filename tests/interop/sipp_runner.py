"""SIPp as a process: a scenario says message by message what must come."""

import pathlib
import subprocess

from xivo_under_test import free_port

SCENARIOS = pathlib.Path(__file__).parent / "sipp"


class SippMixin:
    """For a test case that has self.xivo."""

    def start(self, scenario, number, *more, port=0, calls=1, transport="u1", through=None):
        """Starts it as the phone `number` or more[0]; `through`: the port of the proxy that requests go to."""
        phone = self.xivo.phones.get(more[0] if more else number, {"account": "", "secret": ""})
        named = ["-sn", "uas"] if scenario == "uas" else ["-sf", str(SCENARIOS / f"{scenario}.xml")]
        port = port or free_port()
        arguments = ["sipp", f"127.0.0.1:{self.xivo.sip}", *named, "-i", "127.0.0.1", "-p", str(port), "-mp",
                     str(30000 + port % 20000 // 2 * 2), "-s", number, "-key", "user", phone["account"], "-key", "secret",
                     phone["secret"], "-au", phone["account"], "-ap", phone["secret"], "-key", "contact_port",
                     str(more[1] if len(more) > 1 else port), "-m", str(calls), "-nostdin", "-timeout", "15", "-t", transport,
                     "-trace_err", "-error_file", str(self.xivo.folder / f"sipp-{scenario}-{port}.err")]
        if through:
            arguments += ["-rsa", f"127.0.0.1:{through}"]
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

    def register(self, number, contact_port, **options):
        """From the port that it will be called at: a proxy that adds a Path sends calls to where the REGISTER came from."""
        self.succeeds(self.start("register", number, number, contact_port, port=contact_port, **options))
