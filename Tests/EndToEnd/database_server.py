# A PostgreSQL server that tests may treat badly.
import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "Scripts" / "test-postgresql"


class Server:
    """A PostgreSQL server of the test's own."""

    def __init__(self, folder):
        self.folder = folder
        self.url = self._run("start", str(os.getpid()))

    def _run(self, action, *more):
        result = subprocess.run(
            [SCRIPT, action, str(self.folder), *more], capture_output=True, text=True)
        assert result.returncode == 0, f"{action}: {result.stderr}"
        return result.stdout.strip()

    def database(self, name):
        """The address of a new, empty database."""
        self.sql("quintet", f"CREATE DATABASE {name}")
        return self.url.replace("/quintet?", f"/{name}?")

    def sql(self, database, statement):
        return subprocess.run(
            ["psql", self.url.replace("/quintet?", f"/{database}?"), "-At", "-v",
             "ON_ERROR_STOP=1", "-c", statement], check=True, capture_output=True,
            text=True).stdout.strip()

    def cut_connections(self, database):
        self.sql("quintet", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                 f" WHERE datname = '{database}'")

    def kill(self):
        self._run("kill")

    def restart(self):
        self._run("restart")

    def stop(self):
        self._run("stop")


@contextlib.contextmanager
def database_server():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pg-"))
    # The server runs as a user of its own, who must get to its folder.
    folder.chmod(0o755)
    server = Server(folder / "c")
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
