# A small Debian in a folder, to install the package on: entered by hand, or booted with its own
# systemd.
import os
import pathlib
import shutil
import subprocess
import time

# What the package needs from others comes from its own field Depends; this is what a machine has.
SYSTEM = ["systemd", "systemd-sysv", "logrotate"]


def mirror():
    """Where this machine gets its own packages, with the name of its release."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME)",
         "Created-By: Packages"], capture_output=True, text=True, check=True).stdout
    return listed.split("\n")[0].split()


def debootstrap(folder, packages):
    """A fresh system with these packages; nothing is kept of what was downloaded.

    Raises ConnectionError where the mirror cannot be reached."""
    address, release = mirror()
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", "--include=" + ",".join([*SYSTEM, *packages]),
         release, str(folder), address], capture_output=True, text=True)
    if made.returncode:
        if "Failed getting release file" in made.stdout + made.stderr:
            raise ConnectionError(made.stdout[-300:])
        raise AssertionError(made.stdout[-3000:] + made.stderr[-1000:])
    for package in (folder / "var/cache/apt/archives").glob("*.deb"):
        package.unlink()


class Machine:
    """A system's folder. /proc and /dev are there for each that runs in it, and no longer."""

    def __init__(self, root):
        self.root = root
        self.started = {}
        self.nspawn = None

    def path(self, inside):
        return self.root / inside.lstrip("/")

    def put(self, package):
        """Lays a package into the machine; answers its path there."""
        target = self.root / package.name
        target.unlink(missing_ok=True)
        os.link(package, target)
        return f"/{package.name}"

    # By hand

    def command(self, *words, user=None, network=True):
        """The words that run `words` inside, in the same process."""
        enter = 'mount --bind /proc "$0/proc" && mount --bind /dev "$0/dev" && '
        if not network:
            enter += "ip link set lo up && "
        as_user = (["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
                   if user else [])
        return (["unshare", "--mount"] + ([] if network else ["--net"])
                + ["sh", "-c", enter + 'exec chroot "$0" "$@"', str(self.root)]
                + as_user + list(words))

    def run(self, *words, check=True, environment=None):
        """Runs it to its end, inside the booted system if it was booted."""
        words = self._entering() + list(words) if self.nspawn else self.command(*words)
        done = subprocess.run(
            words, capture_output=True, text=True, timeout=300,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8",
                 "DEBIAN_FRONTEND": "noninteractive", **(environment or {})})
        if check:
            assert done.returncode == 0, f"{words[-4:]}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done

    def start(self, name, words, environment):
        """Starts a service as its unit says: as the user quintet, off this machine's network."""
        log = open(self.root.parent / f"{self.root.name}-{name}.out", "wb")
        with log:
            self.started[name] = subprocess.Popen(
                self.command(*words, user="quintet", network=False), env=environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def stop(self):
        """Ends what was started, in order; answers each one's exit code."""
        for process in self.started.values():
            process.terminate()
        codes = {name: process.wait(timeout=60) for name, process in self.started.items()}
        self.started = {}
        return codes

    def settle(self, promise, seconds=120):
        """Waits until `promise` holds."""
        end = time.monotonic() + seconds
        while not promise():
            assert time.monotonic() < end, "has not come true in time"
            time.sleep(0.2)

    def healthy(self):
        return self.run("quintet", "status", check=False).returncode == 0

    def install(self, package):
        return self.run("dpkg", "--force-unsafe-io", "--install", self.put(package)).stdout

    def files(self):
        """All paths, but those of dpkg's own books and of copies that other tools keep."""
        left_out = ("var/lib/dpkg", "var/log", "var/cache", "var/lib/systemd", "run", "tmp",
                    "proc", "dev", "sys")
        found = set()
        for folder, folders, names in os.walk(self.root):
            place = pathlib.Path(folder).relative_to(self.root)
            folders[:] = [one for one in folders if str(place / one) not in left_out]
            found |= {str(place / name) for name in folders + names}
        return {path for path in found
                if not path.endswith(("-", ".deb", ".lock"))}

    # Booted

    def boot(self):
        """Starts the machine's own systemd. Raises RuntimeError where this machine cannot."""
        # Under a systemd the container gets a scope of its own; elsewhere there is nobody to ask.
        alone = ([] if pathlib.Path("/run/systemd/system").is_dir()
                 else ["--register=no", "--keep-unit"])
        self.nspawn = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "--boot", "--private-network", "--capability=all",
             "--console=pipe", *alone, "--directory", str(self.root)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 120
        while time.monotonic() < end and self.nspawn.poll() is None:
            if self.leader():
                state = self.run("systemctl", "is-system-running", check=False).stdout.strip()
                if state in ("running", "degraded"):
                    return
            time.sleep(0.3)
        self.shut_down()
        raise RuntimeError("the machine does not boot here")

    def shut_down(self):
        if self.nspawn is None:
            return
        self.nspawn.terminate()
        try:
            self.nspawn.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.nspawn.kill()
            self.nspawn.wait()
        self.nspawn = None

    def show(self, unit, value):
        return self.run("systemctl", "show", "--value", "--property", value, unit).stdout.strip()

    def host_process(self, unit):
        """The unit's process, by its number out here."""
        inside = self.show(unit, "MainPID")
        for status in pathlib.Path("/proc").glob("[0-9]*/status"):
            try:
                lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines()
                             if ":\t" in line)
                numbers = lines["NSpid"].split()
                space = os.readlink(status.parent / "ns/pid")
            except (OSError, KeyError):
                continue
            if (numbers[-1] == inside and len(numbers) > 1
                    and space == os.readlink(f"/proc/{self.leader()}/ns/pid")):
                return pathlib.Path("/proc") / numbers[0]
        raise AssertionError(f"{unit} does not run")

    def leader(self):
        """The number of the machine's first process."""
        number = self.nspawn.pid
        try:
            children = pathlib.Path(f"/proc/{number}/task/{number}/children").read_text().split()
        except OSError:
            return None
        return children[0] if children else None

    def _entering(self):
        return ["nsenter", "--target", self.leader() or "0", "--mount", "--uts", "--ipc", "--net",
                "--pid", "--cgroup", "--root", "--wd=/"]

    def remove(self):
        for process in self.started.values():
            process.kill()
            process.wait()
        self.shut_down()
        shutil.rmtree(self.root, ignore_errors=True)
