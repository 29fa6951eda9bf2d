"""The Python API of the contract, compared with reality."""

import subprocess
import sys
from pathlib import Path

import audit
from audit.model import Document

CONTRACT = {"read", "parse_archive_url", "registrable_domain", "publisher_key", "judge_fetch", "decide", "scores"}


def test_every_exported_name_exists() -> None:
    missing = [name for name in audit.__all__ if not hasattr(audit, name)]

    assert missing == []


def test_the_names_of_the_contract_are_exported() -> None:
    assert set(audit.__all__) >= CONTRACT


def test_a_name_that_is_not_exported_is_an_attribute_error() -> None:
    assert not hasattr(audit, "no_such_name")


def test_reading_a_file_gives_documents(tmp_path: Path) -> None:
    source = tmp_path / "article.wiki"
    source.write_text("A fact.<ref>{{Cite web |url=http://a.example/x |title=A title}}</ref>")

    found = audit.read(str(source))

    assert [type(each) for each in found] == [Document]
    assert found[0].every_citation()[0].url == "http://a.example/x"


def test_the_publisher_of_an_archive_copy_is_the_archived_site() -> None:
    assert audit.publisher_key("https://web.archive.org/web/20200101000000/http://news.example.com/a") == "example.com"


def test_importing_the_package_loads_nothing_heavy() -> None:
    program = (
        "import sys, audit, audit.cli; sys.exit(bool({'aiohttp', 'sqlalchemy', 'pydantic', 'tldextract'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
