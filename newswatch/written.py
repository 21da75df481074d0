"""Files that users write: TOML in, a checked value or a list of clear sentences out.

file -> read_toml -> validate(model) -> value
           |               |
           +-- problems ---+   `file: key: what is wrong, did you mean ...`
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

Model = TypeVar("Model", bound=BaseModel)

_PLAIN = {
    "list_type": 'a list belongs here: ["..."]',
    "string_type": 'a text belongs here: "..."',
    "bool_type": "true or false belongs here",
    "int_type": "a whole number belongs here",
    "model_type": 'a text or a table belongs here: "..." or { text = "..." }',
    "dict_type": "a table belongs here",
    "too_short": "the list is empty: leave the key out, or write something into it",
}
"""What pydantic finds, as a sentence for people who write files."""

LARGEST_FILE = 64 * 1024 * 1024


class Written(BaseModel):
    """Base of what users write: no unknown key, no silent conversion, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def read_toml(path: Path) -> tuple[dict[str, Any], list[str]]:
    """The tables of a TOML file, and what is wrong with it (then the tables are empty)."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return {}, [f"{path}: larger than {LARGEST_FILE // 2**20} MiB: split it into several files"]
        return tomllib.loads(path.read_text(encoding="utf-8-sig")), []
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return {}, [f"{path}: not valid TOML: {error or 'nested too deeply'}"]
    except UnicodeDecodeError as error:
        return {}, [f"{path}: not UTF-8 at byte {error.start}: save the file as UTF-8"]
    except OSError as error:
        return {}, [f"{path}: cannot be read: {error.strerror}"]


def to_toml(table: Mapping[str, Any]) -> str:
    """A table as TOML that people can read: plain keys first, then the tables, one level of them with headlines.

    Values are strings, numbers, booleans, lists of them and tables. None is left out.
    """
    plain = {k: v for k, v in table.items() if v is not None and not isinstance(v, Mapping)}
    lines = [f"{_toml_key(k)} = {_toml_value(v)}" for k, v in plain.items()]
    for name, inner in table.items():
        if isinstance(inner, Mapping) and inner:
            lines += ["", f"[{_toml_key(name)}]"]
            lines += [f"{_toml_key(k)} = {_toml_value(v)}" for k, v in inner.items() if v is not None]
    return "\n".join(lines).lstrip("\n") + "\n"


def _toml_key(key: str) -> str:
    return key if key.isascii() and key.replace("-", "").replace("_", "").isalnum() else _toml_value(key)


def _toml_value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_toml_key(k)} = {_toml_value(v)}" for k, v in value.items() if v is not None) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml_value(v) for v in value) + "]"
    if isinstance(value, str) and "\\" in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    # A JSON string is a basic string of TOML: the same escapes. DEL is the one letter that only TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def validate(model: type[Model], data: Mapping[str, Any], where: str) -> tuple[Model | None, list[str]]:
    """`data` as `model`, and one sentence a mistake; `where` is how a sentence begins (`file` or `file: actor`)."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, sentences(model, error, where)


def sentences(model: type[BaseModel], error: ValidationError, where: str) -> list[str]:
    """One sentence a mistake that pydantic found."""
    return [_sentence(model, where, e) for e in error.errors(include_url=False)]


MOST_LISTED = 12
"""Names that a sentence lists."""


def did_you_mean(word: str, known: list[str]) -> str:
    """`, did you mean "x"?` for the nearest of `known`, else the list of them where it is short."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f', did you mean "{near[0]}"?'
    return f"; known are: {', '.join(sorted(known))}" if 0 < len(known) <= MOST_LISTED else ""


def _sentence(model: type[BaseModel], where: str, error: Any) -> str:
    loc = [str(part) for part in error["loc"] if not _is_union_branch(part)]
    key = ".".join(loc)
    if error["type"] == "extra_forbidden":
        return f"{where}: {key}: unknown key{did_you_mean(loc[-1], _keys_at(model, error['loc'][:-1]))}"
    if error["type"] == "missing":
        return f"{where}: {key}: missing"
    message = _PLAIN.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    if error["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        message = f'"{error["input"]}" is none of {", ".join(allowed)}{did_you_mean(str(error["input"]), allowed).partition(";")[0]}'
    return f"{where}: {key}: {message}" if key else f"{where}: {message}"


def _is_union_branch(part: object) -> bool:
    return isinstance(part, str) and (part in {"str", "list[str]", "tuple[str, ...]"} or part[:1].isupper() or "[" in part)


def _keys_at(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """The keys that the table at `loc` may have."""
    for part in loc:
        if field := model.model_fields.get(str(part)):
            model = _inner_model(field.annotation) or model
    return list(model.model_fields)


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for arg in getattr(annotation, "__args__", ()):
        if found := _inner_model(arg):
            return found
    return None
