# The units as text: what they start, and with which settings.
import pathlib
import re
import shlex

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNITS = ROOT / "Packaging/systemd"
SERVICES = ["command", "duty", "intelligence", "publicopinion", "supervision"]
PROCESSES = SERVICES + ["gateway"]


def started(text):
    """The words of each ExecStart of a unit or a drop-in."""
    text = text.replace("\\\n", " ")
    found = re.findall(r"^ExecStart=(.+)$", text, flags=re.MULTILINE)
    return [shlex.split(words) for words in found]


def settings(text):
    """What an EnvironmentFile sets."""
    lines = (line for line in text.splitlines() if re.match(r"[A-Z_]+=", line))
    return dict(line.split("=", 1) for line in lines)
