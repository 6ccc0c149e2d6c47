"""Three machines in this one: namespaces with a network and disks of their own, joined by a bridge. Each runs etcd, PostgreSQL
under Patroni, HAProxy and Sedia from the files in deploy/cluster; a fourth runs nginx in front of the three."""

import contextlib
import ctypes
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
import urllib.request

FILES = pathlib.Path(__file__).parents[2] / "deploy/cluster"
ADDRESSES = {"one": "10.42.0.1", "two": "10.42.0.2", "three": "10.42.0.3", "front": "10.42.0.10"}
SETTINGS = {
    "NETWORK": "10.42.0.0/24",
    "POSTGRES_PASSWORD": "postgres",
    "REPLICATION_PASSWORD": "replication",
    "SEDIA_PASSWORD": "sedia",
    **{name.upper(): address for name, address in ADDRESSES.items()},
}
DISK_MB = 600
AS_POSTGRES = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
CLONE_NEWNET = 0x40000000


def sh(command):
    subprocess.run(command.split(), check=True, capture_output=True)


def until(what, seconds, condition):
    """Waits until `condition` holds, and gives what it gave."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    raise TimeoutError(f"waited {seconds} s in vain: {what}")


def get_json(url, timeout=1):
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return json.load(answer)
    except (OSError, ValueError):
        return None


def enter(network):
    """Moves this thread into a network that `Machine.network` names; None is where it is."""
    if network:
        with open(network) as namespace:
            if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")


class Machine:
    def __init__(self, name, scratch, sedia):
        self.name, self.address, self.sedia = name, ADDRESSES[name], sedia
        self.logs, self.processes = scratch, {}
        self.holder = subprocess.Popen(["unshare", "--net", "--mount", "sleep", "infinity"])
        self.network = f"/proc/{self.holder.pid}/ns/net"
        self.root = pathlib.Path(f"/proc/{self.holder.pid}/root")
        until("a namespace", 5, lambda: os.readlink(self.network) != os.readlink("/proc/self/ns/net"))
        sh(f"ip link add {name} type veth peer name eth0 netns {self.holder.pid}")
        self.plug(True)
        for command in (f"addr add {self.address}/24 dev eth0", "link set eth0 up", "link set lo up"):
            sh(f"{' '.join(self.inside())} ip {command}")
        for folder in ("/var/lib/postgresql", "/var/lib/etcd", "/etc/patroni", "/etc/haproxy", "/etc/nginx", "/run"):
            if self.root.joinpath(folder[1:]).is_dir():
                sh(f"{' '.join(self.inside())} mount -t tmpfs -o size={DISK_MB}m disk {folder}")
        shutil.chown(self.root / "var/lib/postgresql", "postgres", "postgres")

    def inside(self):
        return ["nsenter", f"--target={self.holder.pid}", "--net", "--mount", "--"]

    def plug(self, is_plugged):
        """Without its plug the machine sends and gets nothing, and nothing tells its connections so."""
        sh(f"ip link set {self.name} up" + (" master bridge" if is_plugged else " nomaster"))

    def file(self, name):
        """A file of deploy/cluster as it is on this machine."""
        text = (FILES / name).read_text()
        for key, value in {"NAME": self.name, "ADDRESS": self.address, **SETTINGS}.items():
            text = text.replace(f"@{key}@", value)
        return text

    def environment(self, name):
        lines = (line for line in self.file(name).splitlines() if line and not line.startswith("#"))
        return dict(line.split("=", 1) for line in lines)

    def install(self, name, path):
        self.root.joinpath(path[1:]).write_text(self.file(name))
        return path

    def start(self, service):
        environment, user = {}, AS_POSTGRES
        match service:
            case "etcd":
                command, user, environment = ["etcd"], [], self.environment("etcd.env")
            case "patroni":
                command = ["/usr/bin/patroni", self.install("patroni.yml", "/etc/patroni/config.yml")]
            case "haproxy":
                command, user = ["haproxy", "-db", "-f", self.install("haproxy.cfg", "/etc/haproxy/haproxy.cfg")], []
            case "nginx":
                nginx = self.install("nginx.conf", "/etc/nginx/nginx.conf")
                command, user = ["nginx", "-g", "daemon off;", "-c", nginx], []
            case "sedia":
                command, environment = [self.sedia, "serve"], self.environment("sedia.env")
        with open(self.logs / f"{self.name}-{service}.log", "ab") as log:
            self.processes[service] = subprocess.Popen(
                self.inside() + user + command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment})

    def run(self, *command, **options):
        return subprocess.run([*self.inside(), *command], check=True, capture_output=True, text=True, **options).stdout

    def kill(self, service):
        self.processes[service].kill()
        self.processes[service].wait()

    def postgres(self):
        """The processes of PostgreSQL: the postmaster first."""
        file = self.root / "var/lib/postgresql/sedia/postmaster.pid"
        try:
            postmaster = int(file.read_text().split()[0])
            children = pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        except (OSError, IndexError):
            return []
        return [postmaster, *map(int, children)]

    def signal_database(self, number):
        """To PostgreSQL and its Patroni, like a machine that dies, hangs or wakes up."""
        for process in [self.processes["patroni"].pid, *self.postgres()]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    def fill_disk(self):
        with open(self.root / "var/lib/postgresql/filler", "wb", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(bytes(1 << 20))

    def free_disk(self):
        self.root.joinpath("var/lib/postgresql/filler").unlink()


class Cluster:
    def __init__(self, scratch, sedia):
        sh("ip link set lo up")
        sh("ip link add bridge type bridge")
        sh("ip addr add 10.42.0.254/24 dev bridge")
        sh("ip link set bridge up")
        self.machines = [Machine(name, scratch, sedia) for name in ("one", "two", "three")]
        self.front = Machine("front", scratch, sedia)

    def start(self):
        one = self.machines[0]
        for service in ("etcd", "patroni", "haproxy"):
            for machine in self.machines:
                machine.start(service)
        until("three PostgreSQL, one of them synchronous", 90, self.is_whole)
        url = "postgresql://postgres:{POSTGRES_PASSWORD}@127.0.0.1:5000/postgres".format(**SETTINGS)
        until("HAProxy finds the leader", 15, lambda: self.succeeds(one, "psql", url, "-c", "SELECT 1"))
        one.run("psql", url, "-v", "ON_ERROR_STOP=1", input=one.file("database.sql"))
        for machine in self.machines:
            machine.start("sedia")
            until(f"Sedia on {machine.name}", 60, lambda: self.is_ready(machine))
        self.front.start("nginx")

    @staticmethod
    def succeeds(machine, *command):
        return subprocess.run([*machine.inside(), *command], capture_output=True).returncode == 0

    @staticmethod
    def is_ready(machine):
        return get_json(f"http://{machine.address}:8080/readyz")

    def sedia(self, machine, *arguments):
        environment = {**os.environ, **machine.environment("sedia.env")}
        return machine.run(machine.sedia, *arguments, env=environment)

    def members(self):
        """What Patroni says of the three PostgreSQL; nothing if none of them answers."""
        answers = (get_json(f"http://{machine.address}:8008/cluster") for machine in self.machines)
        return next((answer["members"] for answer in answers if answer), [])

    def leader(self):
        return self.machine("leader")

    def synchronous_replica(self):
        return self.machine("sync_standby")

    def machine(self, role):
        names = [member["name"] for member in self.members() if member["role"] == role]
        return next((machine for machine in self.machines if [machine.name] == names), None)

    def is_whole(self):
        """One leader, one replica that commits wait for, and one more; three ready nodes; three etcd."""
        members = self.members()
        roles = sorted(member["role"] for member in members)
        states = {member["state"] for member in members if member["role"] != "leader"}
        return roles == ["leader", "replica", "sync_standby"] and states <= {"running", "streaming"} \
            and not any(member.get("lag") for member in members) and all(map(self.has_etcd, self.machines)) \
            and all(self.is_ready(machine) for machine in self.machines if "sedia" in machine.processes)

    @staticmethod
    def has_etcd(machine):
        return (get_json(f"http://{machine.address}:2379/health") or {}).get("health") == "true"

    def etcd_leader(self):
        for machine in self.machines:
            status = self.etcdctl(machine, "endpoint", "status", "--write-out=json")
            if status and json.loads(status)[0]["Status"]["leader"] == json.loads(status)[0]["Status"]["header"]["member_id"]:
                return machine
        return None

    @staticmethod
    def etcdctl(machine, *arguments):
        command = [*machine.inside(), "etcdctl", f"--endpoints={machine.address}:2379", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "ETCDCTL_API": "3"}).stdout

    def switch_over(self, leader):
        others = [machine for machine in self.machines if machine is not leader]
        target = next(member["name"] for member in self.members() if member["role"] == "sync_standby")
        others[0].run("patronictl", "-c", "/etc/patroni/config.yml", "switchover", "--master", leader.name,
                      "--candidate", target, "--force")

    def stop(self):
        for machine in [self.front, *self.machines]:
            for process in machine.processes.values():
                process.send_signal(signal.SIGKILL)
            machine.holder.kill()
