"""The environments of Jinja, in which templates are written."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    FunctionLoader,
    ModuleLoader,
    PrefixLoader,
    StrictUndefined,
)
from markupsafe import Markup

from nngen.common.text import markdown
from nngen.targets.calls import calls
from nngen.targets.targets import TARGETS
from nngen.targets.template_cache import OPTIONS, Compiled, late

_PACKAGE = Path(__file__).parent.parent
TEMPLATES = _PACKAGE / "templates", _PACKAGE.parent / "templates"
"""A checkout has its templates beside the package, a wheel inside it."""

_COMPILED = _PACKAGE / "compiled_templates" / jinja2.__version__
"""Where a wheel has them compiled, if by this version of Jinja."""


@cache
def environment(target: str) -> Environment:
    """The Jinja environment of a target."""
    language, ours = TARGETS[target], [ModuleLoader(_COMPILED), FileSystemLoader(TEMPLATES)]
    place = language.templates
    own = FunctionLoader(_in(place)) if isinstance(place, Mapping) else FileSystemLoader(place) if place else None
    jinja = Environment(  # noqa: S701 (see OPTIONS)
        loader=ChoiceLoader([PrefixLoader({target: own}), *ours] if own else ours),
        undefined=StrictUndefined,
        bytecode_cache=None if own else Compiled(),
        auto_reload=own is not None,
        **OPTIONS,
    )
    jinja.filters.update((function.__name__, late(function)) for function in language.filters)
    jinja.filters["printed"] = late(_of_source("network_function", target))
    jinja.filters["calls"] = late(calls)
    jinja.filters["constant"] = late(_of_source("network_constant", target))
    jinja.filters["record"] = late(_of_source("network_record", target))
    if language.equations:
        jinja.filters["layer_forms"] = late(language.equations)
    return jinja


def _of_source(function: str, target: str) -> Callable[..., str]:
    """A filter of templates that prints a part of a module from the source, as ``page | printed("encode")``.

    Modules of Python and C have no such parts, and do not wait for what prints them.
    """
    return lambda *args, **options: getattr(import_module("nngen.targets.printed"), function)(target, *args, **options)


def _in(texts: Mapping[str, str]) -> Callable[[str], tuple[str, str, None] | None]:
    """Reads the templates of a language whose texts stand in its own file, by their names, which errors have."""
    return lambda name: (texts[name], name, None) if name in texts else None


def html_environment(**more: Any) -> Environment:
    """The Jinja environment of pages of HTML, which escapes all that a template prints; ``more`` are other options."""
    return environment("javascript").overlay(loader=FileSystemLoader(TEMPLATES), autoescape=True, **more)


def markdown_environment() -> Environment:
    """The Jinja environment of pages of Markdown, which escapes all texts that a template prints and not calls safe."""
    return environment("javascript").overlay(loader=FileSystemLoader(TEMPLATES), finalize=_in_markdown)


def _in_markdown(value: object) -> object:
    return markdown(value) if isinstance(value, str) and not isinstance(value, Markup) else value
