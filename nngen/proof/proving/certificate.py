"""A certificate: what was proven of which bytes, by what, and the command that proves it again."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from nngen.proof.proving.report import Proof

FORM = "nngen prove 1"
"""What such a file begins with."""


def certificate(done: Proof, options: Mapping[str, str | int | bool]) -> str:
    """The certificate of a proof, the same bytes for the same proof.

    Args:
        done: the proof.
        options: the options of the command that proves it again.
    """
    made = {
        "certificate": FORM,
        "network": done.network.name,
        "header": {"sha256": done.header.hash, "bytes": len(done.header.text.encode())},
        "command": command(options),
        "options": dict(options),
        "functions": [
            {
                "function": one.function,
                "int": one.bits,
                "verdict": one.found.verdict.value,
                "checks": one.found.properties,
            }
            for one in done.steps
        ],
        "not covered": [str(path) for path in done.header.left_out] if done.steps else [],
        "properties": [
            {
                "property": json.loads(one.asked.stated),
                "verdict": one.found.verdict.value,
                "engine": one.engine,
                "rows": one.rows,
            }
            for one in done.properties
        ],
        "engines": list(done.engines),
        "verdict": done.verdict.value,
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def command(options: Mapping[str, str | int | bool]) -> str:
    """The command with some options."""
    words = ["nngen", "prove", str(options["spec"])]
    for name, value in options.items():
        if name != "spec" and value is not False:
            words += [f"--{name.replace('_', '-')}", *([] if value is True else [str(value)])]
    return shlex.join(words)


def options_of(text: str) -> dict[str, Any] | None:
    """The options that a certificate has; None if the text is none."""
    try:
        made = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(made, dict) or made.get("certificate") != FORM or not isinstance(made.get("options"), dict):
        return None
    kinds = {
        "spec": str,
        "params": str,
        "dtype": str,
        "property": str,
        "header": str,
        "table": int,
        "accept_loss": bool,
    }
    given: dict[str, Any] = made["options"]
    known = all(name in kinds and type(value) is kinds[name] for name, value in given.items())
    return given if known and {"spec", "params", "dtype"} <= {*given} else None


def differences(before: str, now: str) -> list[str]:
    """What a proof now says in another way than a certificate.

    Another machine or version may have other engines, other rows that break a property, and other numbers of checks.
    """
    old, new = json.loads(before), json.loads(now)
    same = old.pop("engines", None) == new.pop("engines")
    for made in (old, new):
        for one in _parts(made, "properties"):
            one.pop("engine", None)
            one.pop("rows", None)
        for one in [] if same else _parts(made, "functions"):
            one.pop("checks", None)
    shown = {name: [json.dumps(of.get(name), ensure_ascii=False)[:200] for of in (old, new)] for name in {**old, **new}}
    return [
        f"{name}: {before} in the certificate, {now} now"
        for name, (before, now) in shown.items()
        if old.get(name) != new.get(name)
    ]


def _parts(made: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = made.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
