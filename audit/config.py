"""The configuration: a YAML file, the environment and flags, merged over the defaults and validated once. Shell."""

import difflib
import os
import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

import yaml
from pydantic import TypeAdapter, ValidationError

from audit.errors import ConfigError
from audit.settings import SaveKeys, Settings

DEFAULT_FILE = Path("config.yaml")
DATABASE_VARIABLE = "SOURCE_AUDIT_DB"
ACCESS_VARIABLE, SECRET_VARIABLE = "SOURCE_AUDIT_WAYBACK_ACCESS_KEY", "SOURCE_AUDIT_WAYBACK_SECRET_KEY"
KEY = re.compile(r"[!-9;-~]{1,200}")
"""A key as it can stand in a header: visible ASCII without the colon that parts the two."""
MOST_FILE_BYTES = 1_048_576
ARCHIVE_ORG = "archive.org"
KNOWN_LIMITS = {"playback_per_min": 600, "index_per_min": 30}
"""What the Internet Archive allows per network and minute (EDGI wayback 0.5.1, 2026-06); clients are asked to stay at 80 %."""
POLITE_SHARE = 0.8
WIKI_REQUESTS = 3
"""Open requests that Wikimedia allows one user over all its wikis (rules of 2026)."""


class _Loader(yaml.SafeLoader):
    """YAML without surprises: no tags, and a key that stands twice is an error instead of a silent loss."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise ConfigError(f"line {key_node.start_mark.line + 1}: the key {key!r} stands twice; keep one of them")
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The effective settings, and where each leaf came from (`default`, `config.yaml`, `$SOURCE_AUDIT_DB`, `--db`)."""

    settings: Settings
    origins: Mapping[str, str]
    warnings: tuple[str, ...] = ()


def load(path: Path | None = None, *, environment: Mapping[str, str] | None = None, database: str | None = None) -> Configuration:
    """Read, merge and validate; `path` None means `./config.yaml` if it is there.

    Raises ConfigError with one line that names the file, the key's path and the nearest known key.
    """
    environment = os.environ if environment is None else environment
    written, origin = _file(path)
    origins = dict.fromkeys(_leaves(written), origin)
    for value, where in ((environment.get(DATABASE_VARIABLE), f"${DATABASE_VARIABLE}"), (database, "--db")):
        if value:
            written = {**written, "database": value}
            origins["database"] = where
    settings = _validated(written, origin)
    return Configuration(settings=settings, origins=origins, warnings=tuple(_warnings(settings)))


def save_keys(environment: Mapping[str, str] | None = None) -> SaveKeys:
    """The keys with which pages may be saved. Raises ConfigError, which never shows one, with what to set."""
    environment = os.environ if environment is None else environment
    found = {name: environment.get(name, "").strip() for name in (ACCESS_VARIABLE, SECRET_VARIABLE)}
    missing = [name for name, key in found.items() if not key]
    if missing:
        raise ConfigError(
            f"saving pages needs keys: set {' and '.join(missing)} (they are made at https://archive.org/account/s3.php)"
        )
    odd = [name for name, key in found.items() if not KEY.fullmatch(key)]
    if odd:
        raise ConfigError(
            f"{' and '.join(odd)}: no such key can exist (white space, a colon or more than 200 characters); set it anew"
        )
    return SaveKeys(access=found[ACCESS_VARIABLE], secret=found[SECRET_VARIABLE])


def shown(configuration: Configuration) -> Iterator[tuple[str, Any, str]]:
    """(path, value, origin) of every leaf of the effective configuration, passwords masked."""
    for path, value in _flat(asdict(configuration.settings)):
        yield path, masked(value) if path == "database" else value, _origin(path, configuration.origins)


def masked(url: str) -> str:
    """A database URL that may be shown.

    >>> masked("postgresql+psycopg://reader:secret@db/links")
    'postgresql+psycopg://reader:***@db/links'
    """
    parts = urlsplit(url)
    if not parts.password:
        return url
    return url.replace(f":{parts.password}@", ":***@", 1)


def _file(path: Path | None) -> tuple[dict[str, Any], str]:
    chosen = path or (DEFAULT_FILE if DEFAULT_FILE.is_file() else None)
    if chosen is None:
        return {}, "default"
    try:
        content = yaml.load(_text(chosen), Loader=_Loader)  # noqa: S506 - a subclass of SafeLoader
    except yaml.YAMLError as fault:
        raise ConfigError(f"{chosen}: {_yaml_fault(fault)}") from fault
    except ConfigError as fault:
        raise ConfigError(f"{chosen}: {fault}") from fault
    if content is None:
        return {}, str(chosen)
    if not isinstance(content, dict):
        raise ConfigError(
            f"{chosen}: must hold keys and values at the top level (`database: ...`), found a {type(content).__name__}"
        )
    return content, str(chosen)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            body = stream.read(MOST_FILE_BYTES + 1)
    except OSError as fault:
        raise ConfigError(f"cannot be read ({fault.strerror}); name another file with --config") from fault
    if len(body) > MOST_FILE_BYTES:
        raise ConfigError("larger than 1 MiB; that is no configuration file")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise ConfigError(f"not UTF-8 text (byte {fault.start}); save it as UTF-8") from fault


def _yaml_fault(fault: yaml.YAMLError) -> str:
    mark = getattr(fault, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{where}not valid YAML ({getattr(fault, 'problem', None) or 'unreadable'})"


def _validated(written: dict[str, Any], origin: str) -> Settings:
    try:
        return _adapter.validate_python(written)
    except ValidationError as fault:
        raise ConfigError(f"{origin}: {_sentence(fault)}") from fault


_adapter: TypeAdapter[Settings] = TypeAdapter(Settings)


def _sentence(fault: ValidationError) -> str:
    first = fault.errors(include_url=False)[0]
    path = _path(first["loc"])
    match first["type"]:
        case "unexpected_keyword_argument":
            near = difflib.get_close_matches(str(first["loc"][-1]), _siblings(first["loc"]), n=1, cutoff=0.5)
            hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(sorted(_siblings(first['loc'])))}"
            return f"unknown key `{path}`; {hint}"
        case "missing" | "missing_keyword_only_argument":
            return f"`{path}` is missing; add it"
        case _:
            return f"`{path}`: {first['msg'].lower()}; found {first['input']!r}"


def _path(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _siblings(location: tuple[int | str, ...]) -> list[str]:
    """The known keys beside the last part of a location."""
    here: Any = Settings
    for part in location[:-1]:
        if is_dataclass(here) and isinstance(part, str):
            hints = get_type_hints(here)
            here = _inside(hints[part]) if part in hints else None
    return [known.name for known in fields(here)] if is_dataclass(here) else []


def _inside(hint: Any) -> Any:
    """The dataclass that a type hint holds: of `tuple[X, ...]`, `dict[str, X]`, `X | None` it is X."""
    if get_origin(hint) in {tuple, dict, list, Union, UnionType}:
        return next((inner for part in get_args(hint) if (inner := _inside(part)) is not None), None)
    return hint if is_dataclass(hint) else None


def _leaves(content: Mapping[str, Any], *, before: str = "") -> Iterator[str]:
    for key, value in content.items():
        path = f"{before}.{key}" if before else str(key)
        if isinstance(value, dict) and value:
            yield from _leaves(value, before=path)
        else:
            yield path


def _flat(content: Mapping[str, Any], *, before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in content.items():
        path = f"{before}.{key}" if before else str(key)
        if isinstance(value, dict) and value:
            yield from _flat(value, before=path)
        else:
            yield path, value


def _origin(path: str, origins: Mapping[str, str]) -> str:
    while path:
        if path in origins:
            return origins[path]
        path = path.rpartition(".")[0]
    return "default"


def _warnings(settings: Settings) -> Iterator[str]:
    if settings.web.contact is None and settings.web.user_agent is None:
        yield "web.contact is not set: site owners cannot write to you; set it to an address or a page"
    if settings.wiki.concurrency > WIKI_REQUESTS:
        yield f"wiki.concurrency is above {WIKI_REQUESTS}: Wikimedia allows no more open requests without an account"
    for archive in settings.archives:
        if ARCHIVE_ORG not in (archive.base_url or ""):
            continue
        for name, limit in KNOWN_LIMITS.items():
            if getattr(archive.pace, name) > limit * POLITE_SHARE:
                yield f"archives.{archive.name}.pace.{name} is above 80 % of what the archive allows ({limit} per minute)"
