"""A PostgreSQL of its own with nodes of Sedia on it: all on loopback and in one folder, which goes with them."""

import contextlib
import itertools
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

from load import TRANSPORT, Client, REGION
from machines import AS_POSTGRES, get_json, until

BIN = "/usr/lib/postgresql/15/bin"


def free_port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


class Place:
    """Where it all is."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sedia-alone-", dir="/tmp"))
        shutil.chown(self.folder, "postgres", "postgres")
        self.data, self.port, self.nodes = self.folder / "data", free_port(), []
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/sedia"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for node in self.nodes:
            node.end(signal.SIGKILL)
        self.kill()
        shutil.rmtree(self.folder)

    def as_postgres(self, *command):
        """Runs a program of PostgreSQL as its user."""
        prefix = AS_POSTGRES if os.geteuid() == 0 else []
        environment = {"PATH": f"{BIN}:{os.environ['PATH']}", "LANG": "C.UTF-8", "PGHOST": "127.0.0.1",
                       "PGPORT": str(self.port), "PGUSER": "postgres"}
        ran = subprocess.run([*prefix, *command], cwd=self.folder, env=environment, text=True, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if ran.returncode:
            raise RuntimeError(f"{command}: {ran.stdout}")
        return ran.stdout.strip()

    def sql(self, statement):
        return self.as_postgres("psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", statement)

    def create(self):
        self.as_postgres("initdb", "-D", "data", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()
        self.sql("CREATE DATABASE sedia")

    def start(self):
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        # Its output must not keep this program's pipe open.
        self.as_postgres("pg_ctl", "start", "-s", "-w", "-D", "data", "-l", "log", "-o", options)

    def restart(self):
        self.as_postgres("pg_ctl", "stop", "-s", "-w", "-m", "fast", "-D", "data")
        self.start()

    def kill(self):
        """All processes of PostgreSQL at once."""
        with contextlib.suppress(OSError, IndexError):
            postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
            children = pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
            for process in (postmaster, *map(int, children)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            until("the end of PostgreSQL", 10, lambda: not is_alive(postmaster))

    def sedia(self, program, *arguments):
        """Runs `sedia`, and gives what it printed."""
        ran = subprocess.run([program, *arguments], cwd=self.folder, text=True, capture_output=True,
                             env={**os.environ, "DATABASE_URL": self.url})
        if ran.returncode:
            raise RuntimeError(f"sedia {arguments}: {ran.stdout}{ran.stderr}")
        return ran.stdout.strip()

    def node(self, program, name):
        node = Node(self, program, name)
        self.nodes.append(node)
        return node


def is_alive(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")")[1].split()[0] != "Z"
    except OSError:
        return False


class Node:
    def __init__(self, place, program, name):
        self.name, self.port = name, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {**os.environ, "DATABASE_URL": place.url, "SEDIA_LISTEN": f"127.0.0.1:{self.port}"}
        with open(place.folder / f"{name}.log", "ab") as log:
            self.process = subprocess.Popen([program, "serve"], cwd=place.folder, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, env=environment)

    def wait(self):
        until(f"{self.name} is ready", 90, lambda: get_json(f"{self.url}/readyz") or self.process.poll() is not None)
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended with {self.process.returncode}")
        return self

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait(30)

    def ask(self, path, method="GET", body=None, key=None, **headers):
        return Client("127.0.0.1", self.port, key, timeout=30).send(method, path, body, **headers)

    def json(self, path, key=None):
        return json.loads(self.ask(path, key=key)[2])

    def log(self, key, after=0):
        """All changes, or those after one."""
        changes = []
        while after is not None:
            page = self.json(f"/v1/changes?after={after}&limit=200", key)
            changes += page["changes"]
            after = page["next"]
        return changes


class Senders:
    """One sender for each of some hospitals, who reports 1, 2, 3, ..., each number until it is acknowledged, to any of
    `nodes`; and one who adds 1 to a number that they share."""

    def __init__(self, nodes, key, hospitals):
        self.nodes, self.key = list(nodes), key
        self.numbers = {hospital: 0 for hospital in hospitals}
        self.added = self.retries = 0
        self.wrong, self.by = [], {}
        self.turns = itertools.count()

    def create(self):
        for hospital in (*self.numbers, "test:shared"):
            body = {"name": f"RS {hospital}", "kind": "hospital", "region": REGION, "external_ids": [hospital]}
            status, _, answer = self.nodes[0].ask("/v1/facilities", "POST", body, self.key)
            assert status == 201, answer
        self.insist("PUT", "/v1/facilities/test:shared/availability", {"values": {"bed.icu": {"available": 0}}})

    def start(self):
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self.report, args=[hospital]) for hospital in self.numbers]
        self.threads += [threading.Thread(target=self.add)]
        for thread in self.threads:
            thread.start()

    def finish(self):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def report(self, hospital):
        while not self.stop.wait(0.05):
            number = self.numbers[hospital] + 1
            body = {"values": {"bed.icu": {"available": number}}}
            self.insist("PUT", f"/v1/facilities/{hospital}/availability", body)
            self.numbers[hospital] = number

    def add(self):
        while not self.stop.wait(0.1):
            self.insist("POST", "/v1/facilities/test:shared/availability/adjust", {"type": "bed.icu", "delta": 1})
            self.added += 1

    def insist(self, method, path, body):
        key, end = os.urandom(12).hex(), time.monotonic() + 60
        while time.monotonic() < end:
            node = self.nodes[next(self.turns) % len(self.nodes)]
            try:
                status, _, answer = node.ask(path, method, body, self.key, Idempotency_Key=key)
            except TRANSPORT:
                status = None
            if status == 200:
                self.by[node.name] = self.by.get(node.name, 0) + 1
                return
            if status not in (None, 503):
                self.wrong.append(f"{node.name}: {method} {path} {body}: {status} {answer[:300]}")
                return
            self.retries += 1
            time.sleep(0.1)
        self.wrong.append(f"{method} {path} {body} was not acknowledged within 60 s")

    def false_logs(self, changes):
        """Facilities whose numbers in the log are not 1, 2, 3, ... up to the last that was acknowledged."""
        names = {change["content"]["id"]: change["content"]["external_ids"][0]
                 for change in changes if change["kind"] == "facility"}
        logged = {name: [] for name in names.values()}
        for change in changes:
            if change["kind"] == "report":
                logged[names[change["content"]["facility"]]].append(change["content"]["numbers"][0]["available"])
        told = {hospital: list(range(1, last + 1)) for hospital, last in self.numbers.items()}
        told["test:shared"] = list(range(self.added + 1))
        return [(name, told[name][-3:], logged[name][-3:]) for name in told if logged[name] != told[name]]


class Findings:
    def __init__(self):
        self.broken = 0

    def check(self, promise, holds, why=""):
        self.broken += not holds
        print(f"{'ok   ' if holds else 'WRONG'} {promise}{'' if holds else f': {why}'}", flush=True)
