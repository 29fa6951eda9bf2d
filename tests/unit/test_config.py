"""The configuration: what is refused, in which words, and where each value came from."""

from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from audit import settings as all_settings
from audit.config import load, save_keys, shown
from audit.errors import ConfigError
from audit.settings import Settings


def written(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


REFUSED = {
    "a spread of nothing": ("scoring: {sigma: {publisher: 0}}", "scoring.sigma"),
    "a horizon behind us": ("scoring: {horizon_years: -1}", "horizon_years must be above 0"),
    "a rate of nothing": ("scoring: {lambda0: 0}", "lambda0 must be fit, or above 0"),
    "an age that is no number": ("scoring: {assumed_age_years: .nan}", "assumed_age_years must be auto"),
    "unknown key at the top": ("datebase: sqlite:///x.db", "unknown key `datebase`; did you mean `database`?"),
    "unknown key at depth": ("web: {per_host: {delay: 2}}", "unknown key `web.per_host.delay`; did you mean `delay_s`?"),
    "unknown key in a list": ("archives: [{name: a, kind: wayback, base: x}]", "unknown key `archives[0].base`"),
    "unknown key of a host": ("hosts: {a.example: {why: slow, delay: 3}}", "unknown key `hosts.a.example.delay`"),
    "wrong type": ("web: {concurrency: many}", "`web.concurrency`: input should be a valid integer"),
    "wrong unit": ("web: {timeouts: {connect_s: 10s}}", "`web.timeouts.connect_s`"),
    "missing reason": ("hosts: {a.example: {delay_s: 3}}", "`hosts.a.example.why` is missing"),
    "twice the same key": ("database: a\ndatabase: b", "line 2: the key 'database' stands twice"),
    "no mapping": ("- a\n- b", "must hold keys and values at the top level"),
    "no yaml": ("web: [", "not valid YAML"),
}


@pytest.mark.parametrize(("text", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_a_mistake_is_named_in_one_line_with_its_path(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as fault:
        load(written(tmp_path, text), environment={})

    assert sentence in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "none.yaml", environment={})


def test_binary_noise_is_no_configuration(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"\xff\xfe\x00\x93")

    with pytest.raises(ConfigError, match="not UTF-8"):
        load(path, environment={})


def test_flags_win_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "database: sqlite:///file.db\nweb: {concurrency: 7}")

    by_file = load(path, environment={})
    by_environment = load(path, environment={"SOURCE_AUDIT_DB": "sqlite:///env.db"})
    by_flag = load(path, environment={"SOURCE_AUDIT_DB": "sqlite:///env.db"}, database="sqlite:///flag.db")

    assert [c.settings.database for c in (by_file, by_environment, by_flag)] == [
        "sqlite:///file.db",
        "sqlite:///env.db",
        "sqlite:///flag.db",
    ]
    origins = {path: origin for path, _, origin in shown(by_flag)}
    assert origins["database"] == "--db"
    assert origins["web.concurrency"].endswith("config.yaml")
    assert origins["web.max_redirects"] == "default"


def test_no_password_is_ever_shown(tmp_path: Path) -> None:
    configuration = load(written(tmp_path, "database: postgresql+psycopg://u:hunter2@db/x"), environment={})

    assert "hunter2" not in str(list(shown(configuration)))


def test_every_class_of_settings_forbids_unknown_keys() -> None:
    classes = [thing for thing in vars(all_settings).values() if isinstance(thing, type) and is_dataclass(thing)]

    assert len(classes) > 10
    assert [c.__name__ for c in classes if getattr(c, "__pydantic_config__", {}).get("extra") != "forbid"] == []


def test_the_shipped_file_is_complete_and_equals_the_defaults() -> None:
    path = Path(__file__).parent.parent.parent / "config.yaml"

    configuration = load(path, environment={})

    assert configuration.settings == Settings()
    documented = path.read_text(encoding="utf-8")
    for field in fields(Settings):
        assert f"{field.name}:" in documented, field.name


ACCESS, SECRET = "SOURCE_AUDIT_WAYBACK_ACCESS_KEY", "SOURCE_AUDIT_WAYBACK_SECRET_KEY"
KEYS = {ACCESS: "hunter-access", SECRET: "hunter-secret"}


def test_the_keys_for_saving_come_from_the_environment_and_are_not_shown() -> None:
    keys = save_keys(KEYS)

    assert (keys.access, keys.secret) == ("hunter-access", "hunter-secret")
    assert "hunter" not in repr(keys)


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        pytest.param({}, [*KEYS], id="none"),
        pytest.param({ACCESS: "hunter-a"}, [SECRET], id="no secret"),
        pytest.param({ACCESS: " ", SECRET: "hunter-b"}, [ACCESS], id="blank"),
        pytest.param(KEYS | {SECRET: "hunter\r\nHost: x"}, [SECRET], id="two lines"),
        pytest.param(KEYS | {ACCESS: "hunter:x"}, [ACCESS], id="a colon"),
    ],
)
def test_keys_that_are_missing_or_odd_are_named_in_one_line_and_not_shown(environment: dict[str, str], named: list[str]) -> None:
    with pytest.raises(ConfigError) as fault:
        save_keys(environment)

    assert [name for name in KEYS if name in str(fault.value)] == named
    assert "hunter" not in str(fault.value)
    assert "\n" not in str(fault.value)
