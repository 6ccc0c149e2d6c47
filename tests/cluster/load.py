"""Senders and callers: each remembers what it was told, so that it can be held against the log."""

import http.client
import itertools
import json
import random
import threading
import time

from machines import enter

REGION = "33.74"
HOSPITALS = [f"test:{number}" for number in range(8)]
ADJUSTED, GUARDED = "test:adjusted", "test:guarded"
TRANSPORT = (OSError, http.client.HTTPException)


class Client:
    """A connection that is made anew after each failure."""

    def __init__(self, host, port, key=None, timeout=5):
        self.host, self.port, self.timeout = host, port, timeout
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.connection = None

    def send(self, method, path, body=None, **headers):
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            self.connection.request(method, path, body and json.dumps(body), self.headers | named)
            answer = self.connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except TRANSPORT:
            if self.connection:
                self.connection.close()
            self.connection = None
            raise


class Load:
    """Everything that was sent and told. Lists are appended to by many threads, which Python allows."""

    def __init__(self, cluster, key):
        self.cluster, self.key = cluster, key
        self.stop = threading.Event()
        self.threads = []
        self.acknowledged = []  # (when, facility, number, seq)
        self.adjustments = []  # seq
        self.guarded = []  # (number, seq)
        self.conflicts = itertools.count()
        self.shown = set()  # (facility, version, number): what an answer about one facility said
        self.listed = {}  # as_of: {facility: number}, of an answer about the region
        self.answered = []  # when, through nginx
        self.unanswered = []  # (when, why), through nginx
        self.retries = itertools.count()
        self.replayed = 0  # acknowledgements of what an earlier try had stored
        self.wrong = []  # whatever should never have been said

    def create(self):
        client = Client(self.cluster.machines[0].address, 8080, self.key)
        for facility in [*HOSPITALS, ADJUSTED, GUARDED]:
            body = {"name": f"RS {facility}", "kind": "hospital", "region": REGION, "external_ids": [facility]}
            status, _, answer = client.send("POST", "/v1/facilities", body)
            assert status in (200, 201), answer
            self.report(client, facility, 0)

    def start(self):
        front = (None, self.cluster.front.address, 80)
        nodes = [(machine.network, machine.address, 8080) for machine in self.cluster.machines]
        for number, facility in enumerate(HOSPITALS):
            # Five send through nginx, three to the node on their own machine, also while that is cut off.
            self.run(self.reporter, nodes[number] if number < 3 else front, facility)
        for place in (nodes[0], nodes[1]):
            self.run(self.guard, place)
        for place in (*nodes, front):
            self.run(self.adjuster, place)
        for place in (*nodes, front, front, front):
            self.run(self.caller, place)

    def run(self, loop, place, *arguments):
        def work():
            network, host, port = place
            enter(network)
            loop((host, port), *arguments)
        thread = threading.Thread(target=work, name=loop.__name__, daemon=True)
        thread.start()
        self.threads.append(thread)

    def finish(self):
        self.stop.set()
        for thread in self.threads:
            thread.join(60)
        self.wrong += [f"the {thread.name} never came to an end" for thread in self.threads if thread.is_alive()]

    def pace(self, a_second):
        """False once it is over."""
        return not self.stop.wait(random.uniform(0.5, 1.5) / a_second)

    def insist(self, client, method, path, body, **headers):
        """Sends until it is acknowledged or refused: nobody knows whether what failed was stored, so the key is the same.
        Gives the number of the change in the log, too; `sedia-seq` of a replayed receipt is where the log was then."""
        key = f"{random.getrandbits(96):x}"
        while True:
            try:
                status, told, answer = client.send(method, path, body, Idempotency_Key=key, **headers)
            except TRANSPORT:
                status = None
            if status == 200:
                self.replayed += "idempotent-replayed" in told
                return status, json.loads(answer)["version"], answer
            if status == 412:
                return status, None, answer
            if status not in (None, 502, 503, 504):
                self.wrong.append(f"{method} {path} {body}: {status} {answer[:300]}")
                return status, None, answer
            next(self.retries)
            time.sleep(0.2)

    def report(self, client, facility, number, **headers):
        body = {"values": {"bed.icu": {"available": number}}}
        return self.insist(client, "PUT", f"/v1/facilities/{facility}/availability", body, **headers)

    def reporter(self, place, facility):
        """The only sender of this facility: 1, 2, 3, ..."""
        client = Client(*place, self.key)
        for number in itertools.count(1):
            if not self.pace(5):
                return
            status, seq, _ = self.report(client, facility, number)
            if status == 200:
                self.acknowledged.append((time.monotonic(), facility, number, seq))

    def guard(self, place):
        """Counts up what is there, and never over what another has written meanwhile."""
        client = Client(*place, self.key)
        while self.pace(3):
            try:
                _, _, answer = client.send("GET", f"/v1/facilities/{GUARDED}")
            except TRANSPORT:
                continue
            facility = json.loads(answer)
            number = facility["availability"][0]["available"] + 1
            status, seq, _ = self.report(client, GUARDED, number, If_Match=f'"{facility["version"]}"')
            if status == 200:
                self.guarded.append((number, seq))
            elif status == 412:
                next(self.conflicts)

    def adjuster(self, place):
        client = Client(*place, self.key)
        path, body = f"/v1/facilities/{ADJUSTED}/availability/adjust", {"type": "bed.icu", "delta": 1}
        while self.pace(2):
            status, seq, _ = self.insist(client, "POST", path, body)
            if status == 200:
                self.adjustments.append(seq)

    def caller(self, place):
        """Asks for one facility, for the region, or for what a sender was just told is stored."""
        client = Client(*place, timeout=3)
        is_front = place[1] == 80
        for turn in itertools.count():
            if not self.pace(8):
                return
            began = time.monotonic()
            try:
                match turn % 3:
                    case 0:
                        self.take_list(client.send("GET", f"/v1/beds?region={REGION}&min=0&limit=200"))
                    case 1:
                        self.take_facility(client.send("GET", f"/v1/facilities/{random.choice(HOSPITALS)}"))
                    case 2 if self.acknowledged:
                        _, facility, number, seq = self.acknowledged[-1]
                        answer = client.send("GET", f"/v1/facilities/{facility}", sedia_seq=str(seq))
                        if answer[0] == 503 and json.loads(answer[2])["code"] == "behind":
                            continue  # it says that it does not know yet
                        shown = self.take_facility(answer)
                        if shown is not None and shown < number:
                            self.wrong.append(f"{place}: {facility} was {number} at {seq}, then {shown}")
                if is_front:
                    self.answered.append(time.monotonic())
            except TRANSPORT as error:
                if is_front:
                    self.unanswered.append((began, repr(error)))

    def take_facility(self, answer):
        status, _, body = answer
        if status != 200:
            return self.refuse(status, body)
        facility = json.loads(body)
        number = facility["availability"][0]["available"]
        self.shown.add((facility["external_ids"][0], facility["version"], number))
        return number

    def take_list(self, answer):
        status, _, body = answer
        if status != 200:
            return self.refuse(status, body)
        region = json.loads(body)
        numbers = {one["external_ids"][0]: one["availability"][0]["available"] for one in region["facilities"]}
        if self.listed.setdefault(region["as_of"], numbers) != numbers:
            self.wrong.append(f"two answers as of {region['as_of']}: {numbers}, {self.listed[region['as_of']]}")
        return None

    def refuse(self, status, body):
        if status in (502, 503, 504):
            raise OSError(f"{status} {body[:200]}")
        self.wrong.append(f"a question got {status} {body[:300]}")
