# The examples of Docs/integrating.md do what they say.
import os
import re
import subprocess
import sys

import pytest
from conftest import ROOT, STUBS

PAGE = (ROOT / "Docs" / "integrating.md").read_text()
EXAMPLES = re.findall(r"^```(sh|python)\n(.*?)^```", PAGE, re.S | re.M)


def test_the_page_has_examples_of_every_kind():
    kinds = [language for language, _ in EXAMPLES]
    assert kinds.count("sh") >= 3 and kinds.count("python") >= 2
    assert any("buf curl" in text for _, text in EXAMPLES)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_example(suite, number):
    language, text = EXAMPLES[number]
    tools = os.path.dirname(sys.executable)
    environment = dict(
        os.environ, RUN_DIR=str(suite.run_dir), HTTP=suite.http.removeprefix("http://"),
        TOKEN=suite.tokens.sign(suite.tokens.claims(
            "partner/12345", roles=["partner"], partner_kind="hotline", areas=None,
            call_rate=None)),
        FEED_TOKEN=suite.tokens.of("person/feed"),
        PYTHONPATH=str(STUBS), PATH=f"{tools}:{os.environ['PATH']}")
    command = ["bash", "-euo", "pipefail", "-c", text] if language == "sh" else [
        sys.executable, "-c", text]
    result = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.strip()
