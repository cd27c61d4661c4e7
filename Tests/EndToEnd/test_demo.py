# The demo bureau lives through its day and leaves nothing open.
import os
import subprocess

from conftest import BIN


def test_the_day_ends_with_everything_closed(tmp_path):
    result = subprocess.run(
        [str(BIN / "quintet"), "demo", "--once"], cwd=tmp_path, capture_output=True, text=True,
        timeout=600, env=dict(os.environ))
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    for word in ("警情", "签收", "反馈", "舆情", "1-3-5", "快警1组：11 个单元、30 人"):
        assert word in result.stdout, word
