# What the package's tests share: two versions of the package, and a fresh Debian to put them on.
# They are made once a run and thrown away after it.
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import pytest
from machine import Machine, debootstrap
from units import ROOT

BIN = pathlib.Path(os.environ.get("QUINTET_BIN", ROOT / ".build" / "debug"))
TOOLS = ["debootstrap", "dpkg-deb", "dpkg-shlibdeps", "patchelf", "unshare", "ip"]


def build(folder):
    """The package of the programs that were built, and the same again as a newer version."""
    subprocess.run(
        ["Scripts/deb", "--quick", "--version", "1.0.0", "--output", str(folder)], cwd=ROOT,
        env={**os.environ, "QUINTET_BIN": str(BIN)}, check=True, stdout=subprocess.DEVNULL)
    first, = folder.glob("quintet_1.0.0_*.deb")
    second = first.with_name(first.name.replace("1.0.0", "1.0.1"))
    content = folder / "content"
    subprocess.run(["dpkg-deb", "--raw-extract", first, content], check=True)
    control = content / "DEBIAN/control"
    control.write_text(control.read_text().replace("Version: 1.0.0", "Version: 1.0.1"))
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", content, second],
                   check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(content)
    return first, second


def dependencies():
    """What the machine needs before dpkg takes the package, which resolves nothing by itself."""
    control = (ROOT / "Packaging/deb/control").read_text()
    named = re.search(r"^Depends: (.+), @LIBRARIES@", control, re.MULTILINE).group(1).split(", ")
    # The libraries' packages, under which the programs were linked. A dependency that was worked
    # out and is not among them makes the installation fail.
    return named + ["libgcc-s1", "libpq5", "libsqlite3-0", "libstdc++6", "libxml2", "zlib1g"]


@pytest.fixture(scope="session")
def work():
    """A folder on the disk: what is made is too much for a folder in memory."""
    if os.geteuid() != 0:
        pytest.skip("须以 root 运行 needs root")
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    assert not missing, f"缺少 missing {missing}: Scripts/setup"
    if subprocess.run(["unshare", "--mount", "true"], stderr=subprocess.DEVNULL).returncode:
        pytest.skip("不能挂载 mounting is not allowed here")
    (ROOT / ".build").mkdir(exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="packaging-", dir=ROOT / ".build"))
    # mkdtemp lets in nobody else, and the machine's users must come through.
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def made(work):
    """The packages and the system's folder, both made at once."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        system = pool.submit(debootstrap, work / "system", dependencies())
        packages = pool.submit(build, work)
        try:
            system.result()
        except ConnectionError:
            pytest.skip("无法连接软件源 the mirror cannot be reached")
        return packages.result(), work / "system"


@pytest.fixture(scope="session")
def packages(made):
    return made[0]


@pytest.fixture(scope="module")
def machine(made, work, request):
    """A fresh machine for each file of tests, which follow one after the other on it."""
    root = work / request.module.__name__
    subprocess.run(["cp", "-a", made[1], root], check=True)
    fresh = Machine(root)
    yield fresh
    fresh.remove()
