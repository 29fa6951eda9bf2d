"""Our urlkeys and those of pywb: of its own canonicaliser, and of the index it wrote of the fixture."""

import io
import json
import subprocess
import urllib.request
from pathlib import Path

import pytest

from audit import cdxfiles, urls
from audit.cdxfiles import IndexLine
from tests.real import pywb, warc

pytestmark = pytest.mark.real

ODD = (Path(__file__).parent.parent / "cases" / "urlkeys.txt").read_text(encoding="utf-8").splitlines()
KEYS = """
import json, sys
from pywb.utils.canonicalize import canonicalize
json.dump([canonicalize(url) for url in json.load(sys.stdin)], sys.stdout)
"""


def test_odd_addresses_have_the_keys_that_pywb_gives_them() -> None:
    python = pywb.program().parent / "python"
    done = subprocess.run([python, "-c", KEYS], input=json.dumps(ODD), capture_output=True, text=True, check=True)

    assert [urls.urlkey(url) for url in ODD] == json.loads(done.stdout)


@pytest.mark.parametrize("output", ["json", "cdxj"])
def test_every_key_of_an_index_that_pywb_wrote_is_ours(output: str) -> None:
    with pywb.running() as address:
        body = b"".join(
            urllib.request.urlopen(f"{address}/web/cdx?url={host}/*&output={output}&limit=1000").read()
            for host in (*warc.HOSTS, "special.test")
        )

    lines, bad = cdxfiles.counted(cdxfiles.read(io.BytesIO(body)))

    assert len(lines) > 600
    assert bad == []
    assert [line.urlkey for line in lines] == [urls.urlkey(line.original) for line in lines]
    assert all(isinstance(line, IndexLine) for line in lines)
