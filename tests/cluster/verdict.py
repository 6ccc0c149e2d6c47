"""Holds what was acknowledged and shown against the log, and says how long writing and reading were away."""

import collections
import json
import statistics
import urllib.request

from load import ADJUSTED, GUARDED, HOSPITALS, REGION

QUESTIONS = [
    f"/v1/beds?region={REGION}&min=0", "/v1/beds?near=-7.05,110.44&min=0", f"/v1/regions/{REGION}/overview",
    "/v1/completeness?region=33", "/v1/snapshot?region=33", f"/v1/facilities/{GUARDED}", f"/v1/facilities/{ADJUSTED}",
    *(f"/v1/facilities/{facility}" for facility in HOSPITALS),
]

# What a node says when it raises `sedia_rebuilds_total`.
LOST = "the log has lost changes that this node has shown"


def get(machine, path, key):
    request = urllib.request.Request(f"http://{machine.address}:8080{path}", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.headers, answer.read()


def read_log(machine, after, key):
    changes = []
    while after is not None:
        page = json.loads(get(machine, f"/v1/changes?after={after}&limit=200", key)[1])
        changes += page["changes"]
        after = page["next"]
    return changes


class Verdict:
    def __init__(self):
        self.broken = 0

    def check(self, promise, violations, of=""):
        violations = list(violations)
        self.broken += bool(violations)
        print(f"{'WRONG' if violations else 'ok   '} {promise}: {len(violations)}{of}")
        for violation in violations[:5]:
            print(f"        {violation}")

    def judge(self, cluster, load, start):
        logs = [read_log(machine, start, load.key) for machine in cluster.machines]
        log = logs[0]
        self.check("logs that differ between nodes", (m.name for m, it in zip(cluster.machines, logs) if it != log))
        seqs = [change["seq"] for change in log]
        self.check("gaps in the log", (a for a, b in zip(seqs, seqs[1:]) if b != a + 1), f" in {len(seqs)} changes")

        names = {change["content"]["id"]: change["content"]["external_ids"][0]
                 for change in log if change["kind"] == "facility"}
        reports = [(change["seq"], change["at"], names[change["content"]["facility"]],
                    change["content"]["numbers"][0]["available"]) for change in log if change["kind"] == "report"]
        at_seq = {seq: (facility, number) for seq, _, facility, number in reports}
        logged = collections.defaultdict(list)
        for _, _, facility, number in reports:
            logged[facility].append(number)

        self.check("acknowledged reports that the log lacks", (
            told for told in load.acknowledged if at_seq.get(told[3]) != (told[1], told[2])), f" of {len(load.acknowledged)}")
        self.check("reports that are in the log twice, or that nobody sent", (
            (facility, number) for facility in HOSPITALS
            for number, times in collections.Counter(logged[facility]).items()
            if times > 1 or number > sum(told[1] == facility for told in load.acknowledged)))
        self.check("facilities whose log is not 0, 1, 2, ... to the last that was acknowledged", (
            facility for facility in HOSPITALS
            if logged[facility] != list(range(1 + sum(told[1] == facility for told in load.acknowledged)))))
        self.check("+1 that were lost or doubled", (
            (len(load.adjustments), logged[ADJUSTED][-1]),) * (
            not len(load.adjustments) == len(set(load.adjustments)) == logged[ADJUSTED][-1]), f" of {len(load.adjustments)}")
        self.check("If-Match that overwrote another's report, or was lost", (
            (len(load.guarded), logged[GUARDED][-5:]),) * (
            not (logged[GUARDED] == list(range(len(load.guarded) + 1))
                 and all(at_seq.get(seq) == (GUARDED, number) for number, seq in load.guarded))),
            f" of {len(load.guarded)}, {next(load.conflicts)} refused as another was first")
        self.check("answers about a facility that contradict the log", (
            (facility, version, number) for facility, version, number in load.shown
            if at_seq.get(version) != (facility, number)), f" of {len(load.shown)} different ones")
        self.check("answers about the region that contradict the log", self.false_lists(load.listed, reports),
                   f" of {len(load.listed)} different ones")
        self.check("answers that should never have been given", load.wrong)

        self.check("questions that the nodes answer differently", (
            path for path in QUESTIONS
            if len({(answer[0]["etag"], answer[1]) for answer in (get(m, path, load.key) for m in cluster.machines)}) > 1),
            f" of {len(QUESTIONS)}")
        # From the logs: `sedia_rebuilds_total` begins at 0 whenever a node is killed.
        self.check("nodes that had shown what the log lacked later, and read everything anew", (
            (machine.name, line) for machine in cluster.machines
            for line in (machine.logs / f"{machine.name}-sedia.log").read_text().splitlines() if LOST in line))
        self.check("programs that died", (
            f"{service} on {machine.name}" for machine in [*cluster.machines, cluster.front]
            for service, process in machine.processes.items() if process.poll() is not None))

    @staticmethod
    def false_lists(listed, reports):
        """Answers whose numbers are not those of the log at the moment that they name."""
        state, reports = {}, iter(reports)
        report = next(reports, None)
        for as_of in sorted(listed):
            while report and report[1] <= as_of:
                state[report[2]] = report[3]
                report = next(reports, None)
            if listed[as_of] != state:
                yield as_of, {key: (value, state.get(key)) for key, value in listed[as_of].items() if value != state.get(key)}

    def away(self, load, faults, ended):
        """The longest time without an acknowledgement, and without an answer, after each fault, both through nginx."""
        through_nginx = set(HOSPITALS[3:])
        acknowledged = sorted(told[0] for told in load.acknowledged if told[1] in through_nginx)
        answered = sorted(load.answered)
        rows = collections.defaultdict(list)
        for (began, kind, whole), end in zip(faults, [*(began for began, *_ in faults[1:]), ended]):
            failed = sum(began <= when < end for when, _ in load.unanswered)
            rows[kind].append((longest_gap(acknowledged, began, end), longest_gap(answered, began, end), failed, whole))
        print(f"\n{'fault':<48}{'times':>6}{'writing away: p50':>20}{'max':>8}{'reading away: max':>20}"
              f"{'questions failed':>18}{'healed after: max':>19}")
        for kind, measured in rows.items():
            writing, reading, failed, whole = zip(*measured)
            print(f"{kind:<48}{len(measured):>6}{statistics.median(writing):>18.1f} s{max(writing):>6.1f} s"
                  f"{max(reading):>18.1f} s{sum(failed):>18}{max(whole):>17.1f} s")
        print(f"{len(load.acknowledged) + len(load.guarded) + len(load.adjustments)} writes acknowledged, "
              f"{next(load.retries)} retries, {load.replayed} of them of what was stored already; {len(load.answered)} questions answered through nginx, "
              f"{len(load.unanswered)} not")
        for why, times in collections.Counter(why for _, why in load.unanswered).most_common(5):
            print(f"{times:>8} times {why[:150]}")


def longest_gap(moments, begin, end):
    within = [begin, *(moment for moment in moments if begin <= moment < end), end]
    return max(b - a for a, b in zip(within, within[1:]))
