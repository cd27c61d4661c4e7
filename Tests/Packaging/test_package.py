# Promises of the package on a machine without systemd: the processes are started by hand with the
# words of their units. The tests follow one another: each begins with what the one before left.
import hashlib
import subprocess

from units import PROCESSES, SERVICES, settings, started

STATE = "/var/lib/quintet"
SETTINGS = "/etc/quintet/quintet.env"


def mode(machine, path):
    """Owner, group and mode, as the machine names them."""
    return machine.run("stat", "-c", "%U %G %a", path).stdout.strip()


def digests(machine, folder):
    return {str(path.relative_to(machine.root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in machine.path(folder).rglob("*") if path.is_file()}


def start_all(machine):
    units = machine.path("/usr/lib/systemd/system")
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                   **settings(machine.path(SETTINGS).read_text())}
    # What RuntimeDirectory= makes.
    machine.run("install", "-d", "-o", "quintet", "-g", "quintet", "-m", "0750", "/run/quintet")
    for name in PROCESSES:
        words, = started((units / f"quintet-{name}.service").read_text())
        machine.start(name, words, environment)
    machine.settle(machine.healthy)


def over_http(machine, path):
    """What the gateway answers, asked from its own network."""
    gateway = machine.started["gateway"].pid
    return subprocess.run(
        ["nsenter", "--target", str(gateway), "--net", "curl", "--silent", "--fail",
         f"http://127.0.0.1:8080{path}"], capture_output=True, text=True, check=True).stdout


def test_a_purge_of_what_never_ran_leaves_nothing(machine, packages):
    before = machine.files()
    machine.install(packages[0])
    assert machine.path(f"{STATE}/keys/private/issuer.jwk").is_file()
    machine.run("dpkg", "--purge", "quintet")
    assert machine.files() - before == set()
    assert not machine.path("/var/log/quintet").exists()
    assert machine.run("getent", "passwd", "quintet", check=False).returncode != 0


def test_installing_makes_keys_and_starts_nothing(machine, packages):
    said = machine.install(packages[0])
    assert "systemctl enable --now quintet.target" in said
    assert mode(machine, STATE) == "root quintet 750"
    assert mode(machine, f"{STATE}/data") == "quintet quintet 700"
    assert mode(machine, f"{STATE}/keys") == "quintet quintet 750"
    assert mode(machine, f"{STATE}/keys/private") == "quintet quintet 700"
    assert mode(machine, f"{STATE}/keys/private/issuer.jwk") == "quintet quintet 600"
    assert mode(machine, "/var/log/quintet") == "quintet quintet 750"
    assert mode(machine, SETTINGS) == "root root 600"
    assert not list(machine.path(f"{STATE}/data").iterdir())
    assert not list(machine.path("/etc/systemd/system").rglob("quintet*"))


def test_the_suite_runs_by_the_words_of_its_units(machine):
    start_all(machine)
    assert over_http(machine, "/healthz").strip() == "ok"
    assert "<html" in over_http(machine, "/")
    # The libraries of the pages came along.
    assert len(over_http(machine, "/vendor/preact/preact.js")) > 1000
    for name in PROCESSES:
        assert mode(machine, f"/run/quintet/{name}.sock") == "quintet quintet 660"
    assert {path.name for path in machine.path(f"{STATE}/data").glob("*.sqlite")} \
        == {f"{name}.sqlite" for name in SERVICES}


def test_the_command_takes_the_settings_and_gives_way_to_the_caller(machine):
    machine.path(SETTINGS).open("a").write("QUINTET_PARTITION='not one'\n")
    refused = machine.run("quintet", "status", check=False)
    assert "--partition" in refused.stderr
    machine.run("quintet", "status", environment={"QUINTET_PARTITION": "main"})
    # Who cannot read the settings is not left to go by others.
    as_owner = ("setpriv", "--reuid=quintet", "--regid=quintet", "--init-groups")
    assert "run this as root" in machine.run(*as_owner, "quintet", "status", check=False).stderr
    text = machine.path(SETTINGS).read_text()
    machine.path(SETTINGS).write_text(text.replace("QUINTET_PARTITION='not one'\n", ""))


def test_keys_that_root_rotates_stay_readable_for_the_services(machine):
    machine.run("quintet", "keys", "rotate")
    assert mode(machine, f"{STATE}/keys/private/command.jwk") == "quintet quintet 600"
    machine.settle(machine.healthy)


def test_an_upgrade_keeps_keys_stores_and_settings(machine, packages):
    assert set(machine.stop().values()) == {0}
    machine.path(SETTINGS).open("a").write("QUINTET_LOG_LEVEL=debug\n")
    before = digests(machine, STATE)
    machine.install(packages[1])
    version = machine.run("dpkg-query", "--show", "--showformat=${Version}", "quintet").stdout
    assert version == "1.0.1"
    assert digests(machine, STATE) == before
    assert "QUINTET_LOG_LEVEL=debug" in machine.path(SETTINGS).read_text()
    assert mode(machine, SETTINGS) == "root root 600"
    start_all(machine)
    assert set(machine.stop().values()) == {0}


def test_removing_leaves_settings_keys_and_records(machine):
    before = digests(machine, STATE)
    machine.run("dpkg", "--remove", "quintet")
    assert digests(machine, STATE) == before
    assert machine.path(SETTINGS).is_file()
    assert not machine.path("/usr/lib/quintet").exists()
    assert not machine.path("/usr/bin/quintet").exists()


def test_a_purge_removes_keys_and_keeps_records_with_their_owner(machine):
    data = digests(machine, f"{STATE}/data")
    purged = machine.run("dpkg", "--purge", "quintet")
    assert f"Stores and audit records were kept in {STATE}" in purged.stderr
    assert digests(machine, STATE) == data
    assert not machine.path(f"{STATE}/keys").exists()
    assert mode(machine, f"{STATE}/data/command.sqlite").startswith("quintet ")
    for path in ("/etc/quintet", "/var/log/quintet", "/run/quintet", "/etc/logrotate.d/quintet"):
        assert not machine.path(path).exists()
