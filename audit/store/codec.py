"""Nouns <-> plain values that JSON can hold. Generic over every dataclass of model.py.

Fields that hold their default are left out. What a field is comes from its annotation, so nothing is tagged,
except moments and days inside a field annotated `Any`.
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Noun = TypeVar("Noun")
Step = Callable[[Any], Any]

LEVEL = 3
"""Of zstd: a third of the size of page text at 40 microseconds per 16 KiB."""


def plain(noun: Any) -> dict[str, Any]:
    """A dataclass as a dict of what JSON knows."""
    made: dict[str, Any] = _encoder(type(noun))(noun)  # type: ignore[arg-type]  # a class is hashable
    return made


def noun(kind: type[Noun], values: Mapping[str, Any]) -> Noun:
    """The dataclass that `plain` took apart. Raises TypeError, ValueError or KeyError for values that are not one."""
    made: Noun = _decoder(kind)(values)  # type: ignore[arg-type]  # a class is hashable
    return made


def dumps(record: Any) -> str:
    """A noun as one line of ASCII JSON."""
    return json.dumps(plain(record), separators=(",", ":"))


def loads(kind: type[Noun], text: str | bytes) -> Noun:
    """The inverse of `dumps`."""
    return noun(kind, json.loads(text))


def pack(record: Any) -> bytes:
    """A noun as compressed JSON."""
    return zstd.compress(dumps(record).encode("ascii"), LEVEL)


def unpack(kind: type[Noun], packed: bytes) -> Noun:
    """The inverse of `pack`."""
    return loads(kind, zstd.decompress(packed))


def pack_text(text: str) -> bytes:
    """A text, compressed; lone surrogates survive."""
    return zstd.compress(text.encode("utf-8", "surrogatepass"), LEVEL)


def unpack_text(packed: bytes) -> str:
    """The inverse of `pack_text`."""
    return zstd.decompress(packed).decode("utf-8", "surrogatepass")


@cache
def _encoder(kind: Any) -> Step:
    if is_dataclass(kind):
        return _record_encoder(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return _optional(_encoder(_only(arguments)))
    if origin is tuple:
        return _tuple_encoder(arguments)
    if origin is frozenset:
        return sorted
    if origin is not None and issubclass(origin, Mapping):
        inner = _encoder(arguments[1])
        return lambda value: {name: inner(each) for name, each in value.items()}
    return _SCALARS[_scalar(kind)][0]


@cache
def _decoder(kind: Any) -> Step:
    if is_dataclass(kind):
        return _record_decoder(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return _optional(_decoder(_only(arguments)))
    if origin is tuple:
        return _tuple_decoder(arguments)
    if origin is frozenset:
        return frozenset
    if origin is not None and issubclass(origin, Mapping):
        inner = _decoder(arguments[1])
        return lambda value: {name: inner(each) for name, each in value.items()}
    return kind if _scalar(kind) is Enum else _SCALARS[_scalar(kind)][1]


def _record_encoder(kind: Any) -> Step:
    steps: list[tuple[str, Any, Step | None]] = []

    def encode(record: Any) -> dict[str, Any]:
        if not steps:  # on first use, because a noun may hold its own kind
            hints = get_type_hints(kind)
            steps.extend((each.name, _default(each), _unless_plain(_encoder(hints[each.name]))) for each in fields(kind))
        values = {}
        for name, default, step in steps:
            value = getattr(record, name)
            if value is default or value == default:
                continue
            values[name] = value if step is None or value is None else step(value)
        return values

    return encode


def _record_decoder(kind: Any) -> Step:
    steps: dict[str, Step] = {}

    def decode(values: Mapping[str, Any]) -> Any:
        if not steps:
            hints = get_type_hints(kind)
            steps.update({each.name: _decoder(hints[each.name]) for each in fields(kind)})
        return kind(**{name: None if value is None else steps[name](value) for name, value in values.items()})

    return decode


def _default(each: Any) -> Any:
    return each.default if each.default is not MISSING else MISSING


def _unless_plain(step: Step) -> Step | None:
    return None if step is _same else step


def _tuple_encoder(arguments: tuple[Any, ...]) -> Step:
    if arguments[-1] is Ellipsis:
        inner = _encoder(arguments[0])
        return list if inner is _same else lambda value: [inner(each) for each in value]
    steps = [_encoder(each) for each in arguments]
    return lambda value: [step(each) for step, each in zip(steps, value, strict=True)]


def _tuple_decoder(arguments: tuple[Any, ...]) -> Step:
    if arguments[-1] is Ellipsis:
        inner = _decoder(arguments[0])
        return tuple if inner is _same else lambda value: tuple(inner(each) for each in value)
    steps = [_decoder(each) for each in arguments]
    return lambda value: tuple(step(each) for step, each in zip(steps, value, strict=True))


def _optional(step: Step) -> Step:
    return step if step is _same else lambda value: None if value is None else step(value)


def _only(arguments: tuple[Any, ...]) -> Any:
    """The one type of `X | None`; a union of two nouns would need a tag, and no noun has one."""
    inner = [each for each in arguments if each is not NoneType]
    if len(inner) != 1:
        raise TypeError(f"cannot tell {arguments} apart in JSON")
    return inner[0]


def _scalar(kind: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Enum
    return kind if kind in _SCALARS else Any


def _same(value: Any) -> Any:
    return value


def _anything(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$at": value.isoformat()}
    return {"$date": value.isoformat()} if isinstance(value, date) else value


def _something(value: Any) -> Any:
    if isinstance(value, dict) and "$at" in value:
        return datetime.fromisoformat(value["$at"])
    if isinstance(value, dict) and "$date" in value:
        return date.fromisoformat(value["$date"])
    return value


_SCALARS: dict[Any, tuple[Step, Step]] = {
    str: (_same, _same),
    int: (_same, _same),
    float: (_same, _same),
    bool: (_same, _same),
    datetime: (datetime.isoformat, datetime.fromisoformat),
    date: (date.isoformat, date.fromisoformat),
    Enum: (lambda value: value.value, _same),
    Any: (_anything, _something),
}
