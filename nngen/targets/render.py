"""From a plan and a target to the text of a module, with Jinja."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from nngen.description.model import ALL, Spec, shortest
from nngen.plan import Plan
from nngen.targets.definitions import Definition, brace_definitions, chosen, complete, without
from nngen.targets.environments import TEMPLATES, environment
from nngen.targets.page import Page
from nngen.targets.page_head import Trained
from nngen.targets.parts import entries, of_columns, of_module
from nngen.targets.python_definitions import python_definitions, taken
from nngen.targets.python_runtime import specific
from nngen.targets.python_settings import settings
from nngen.targets.selftest import SelfTest
from nngen.targets.settings import settings_of
from nngen.targets.target import Target
from nngen.targets.targets import BINDING, KINDS, OWN, TARGETS, level, template, words


def render(
    plan: Plan,
    spec: Spec,
    target: str,
    selftest: SelfTest | None = None,
    trained: Trained | None = None,
    contents: frozenset[str] = ALL,
) -> str:
    """Render a module.

    Args:
        plan: the plan of the spec.
        spec: the spec, for the target's options.
        target: a name in ``TARGETS``.
        selftest: the numbers that the page compares itself with; without them, it has no self-test.
        trained: the trained parameters that the page carries, if it does.
        contents: the parts of the module, with those that they need.
    """
    usual = of_module(spec, plan, target, trained=trained is not None)
    options = [f" --target {OWN[target]}"] if target in OWN else []
    options += [" --selftest"] * (selftest is not None)
    options += [f" --contents {part}" for part in shortest(contents) if contents != usual]
    page = Page(
        plan,
        words(spec, target, sensitive="sensitivity" in contents),
        spec.dtype(target),
        level(plan, spec, target, sensitive="sensitivity" in contents, trained=trained is not None),
        selftest,
        trained,
        contents,
        "".join(options),
        spec.namespace(target),
    )
    return _module(target, page)


def driver(target: str, networks: Sequence[tuple[Plan, Spec, frozenset[str]]]) -> str:
    """Render the program of a compiled language that calls the modules of some networks, as it is told line by line.

    Args:
        target: a name in ``TARGETS`` of a language that has such a program.
        networks: for each module, the plan and the spec of its network, and its parts.
    """
    pages = [_called(target, *one) for one in networks]
    name = f"{target}/driver{TARGETS[target].suffix}.jinja"
    return environment(target).get_template(name).render(pages=pages)


def _called(target: str, plan: Plan, spec: Spec, contents: frozenset[str]) -> Page:
    """What such a program needs of a module."""
    form = level(plan, spec, target, sensitive="sensitivity" in contents)
    page = Page(plan, words(spec, target), spec.dtype(target), form, None, None, contents)
    return replace(page, namespace=spec.namespace(target))


def parameter_text(plan: Plan, spec: Spec, target: str, trained: Trained) -> str:
    """Render the file of trained parameters beside a module of JavaScript or C, see ``render``."""
    page = Page(plan, words(spec, target), spec.dtype(target), level(plan, spec, target, trained=True), None, trained)
    name = f"{target}/params{TARGETS[target].suffix}.jinja"
    return environment(target).get_template(name).render(page=page)


def render_by_weights(plan: Plan, spec: Spec) -> str:
    """Render the Python module with an equation for each weight, whatever level the spec asks for.

    With batch normalization it is no module for training: the equations of its gradient lack the means over the batch.
    """
    page = Page(plan, words(spec, "python"), "float64", "weights", None)
    return _module("python", page)


def binding(plan: Plan, spec: Spec, selftest: SelfTest | None = None, trained: Trained | None = None) -> str:
    """Render the Python module that compiles the C header. The arguments are those of ``render``."""
    page = Page(plan, words(spec, "c"), spec.dtype("c"), level(plan, spec, "c"), selftest, trained)
    text = environment("python").get_template("c/binding.py.jinja").render(page=page)
    known = _of_settings(KINDS[BINDING], page)
    return complete(python_definitions(text), known, _wanted("python", page))


def types(plan: Plan, module: str) -> str:
    """The types of a JavaScript module, whose text states them in comments, for TypeScript."""
    from nngen.targets.declarations import declarations

    template = environment("javascript").get_template("javascript/types.d.mts.jinja")
    return template.render(page=declarations(plan.name, module, plan.encoding))


def binding_source() -> str:
    """The C file between Python and the headers of all networks."""
    return _text("c/binding.c")


def _module(target: str, page: Page) -> str:
    """The text of a module, in which no formula of the spec's own has the name of something else.

    Such a name gets an underscore. To find it, the module is first written with names that nothing else has.
    """
    if not page.own or page.words.cased is not str or target in OWN:  # names like no others, or whatever they are
        return _written(target, page)
    marks = {name: f"{name}_formula" for name in page.own}
    marked = replace(page, words=replace(page.words, renamed=marks))
    marked_names = {marked.words.own(name) for name in page.own}
    found = taken(definitions(target, _written(target, marked)), marked_names) | TARGETS[target].reserved
    renamed = {}
    for name in page.own:
        renamed[name] = name
        while page.words.prefix + renamed[name] in found or renamed[name] in page.own - {name}:
            renamed[name] += "_"
    return _written(target, replace(page, words=replace(page.words, renamed=renamed)))


def _written(target: str, page: Page) -> str:
    """The text that a template writes, with the fixed definitions that it needs."""
    text = environment(target).get_template(template(target)).render(page=page)
    text += "" if text.endswith("\n") else "\n"
    language, wanted = TARGETS[target], _wanted(target, page)
    if not (language.syntax or language.variants):
        return language.finished(text, page.dtype)
    own = definitions(target, text)
    if language.variants == "features":
        return _by_features(language, page, own, wanted)
    if not language.variants:
        return _by_syntax(language, page, own, wanted)
    known = _of_settings(language, page, {*wanted}.union(*(one.uses for one in own)))
    text = complete(own if page.whole else chosen(own, known, wanted), known, wanted)
    return language.finished(text, page.dtype)


def _of_settings(language: Target, page: Page, named: set[str] | None = None) -> tuple[Definition, ...]:
    """The fixed definitions of Python as a network needs them; ``named`` says which it may need."""
    return specific(available(language.name), settings(page, language.name), named)


def _wanted(target: str, page: Page) -> list[str]:
    """The names that users of a module call. It has a test of itself only if they asked for it."""
    return [name for name in entries(target, page.contents) if page.selftest or name != "selftest"]


def _by_syntax(language: Target, page: Page, own: Sequence[Definition], wanted: list[str]) -> str:
    """The text of a module of a language that says how it states names."""
    from nngen.targets.printed import with_source

    known, given = narrowed(language.name, page.dtype), settings_of(page, language.dialect)
    known = with_source(known, language.name, given, page.dtype, page.own)
    own = without(page.own, with_source(own, language.name, given, page.dtype, page.own))
    if page.sensitive and not page.has("gradient", "checks") and not page.selftest:  # equations name their loss, too
        own, known = (tuple(one for one in some if language.cased("loss") not in one.names) for some in (own, known))
    wanted = [*language.entries, *map(language.cased, wanted)]
    return language.finished(complete(chosen(own, known, wanted), known, wanted), page.dtype)


@cache
def narrowed(target: str, dtype: str) -> tuple[Definition, ...]:
    """The fixed definitions of a target for a width of numbers."""
    return tuple(replace(one, text=TARGETS[target].narrowed(one.text, dtype)) for one in available(target))


def _by_features(language: Target, page: Page, own: Sequence[Definition], wanted: list[str]) -> str:
    """The text of a header, whose fixed definitions have its own names."""
    from nngen.targets import c_features
    from nngen.targets.c_runtime import Runtime, included, joined, prefixed

    name = page.plan.name
    file = Runtime(_source(language.name), c_features.features(page), c_features.words(page), name)
    known, written = file.definitions(available(language.name)), file.specific(trained=page.trained is not None)
    wanted += of_columns(page.plan) if page.has("prediction", "sensitivity") else ()
    wanted = [prefixed(one, name) for one in wanted]
    own = own if page.whole else chosen(own, known, wanted)
    return included(joined(complete(own, known, wanted, written), name))


def in_integers(target: str, kind: str, page: Any) -> str:
    """Render a module in integers, which has no parts, but all checks.

    Args:
        target: the name of the target.
        kind: ``int8``, or ``lite`` for the integers of TensorFlow Lite.
        page: the object that the template gets.
    """
    language = TARGETS[target]
    text = environment(target).get_template(f"{target}/{kind}{language.suffix}.jinja").render(page=page)
    source = _text(f"{target}/integers{language.suffix}")
    own, known = definitions(target, text), fixed(target, source)
    if target != "c":
        from nngen.targets.printed import with_source

        given = {"CHECKS": True, "TRUTHS": False}
        known += available(target)
        return complete(
            own, with_source(known, target, given, "float64") if language.syntax else specific(known, given), ()
        )
    from nngen.targets.c_runtime import Runtime, prefixed

    name = page.network.name
    file = Runtime(source, page.features, page.words, name)
    wanted = [prefixed(one, name) for one in ("net_predict", "net_predict_proba", "net_forward")]
    text = complete(own, file.definitions(known), wanted, file.specific(trained=True))
    for bits in (16, 32):
        if text.count(f"_READ{bits}(") == 2:  # it is defined only
            text = re.sub(rf"#define \w+_READ{bits}\(.*\n", "", text)
    return text


def definitions(target: str, text: str) -> tuple[Definition, ...]:
    """The definitions of a module in the language of a target."""
    syntax = KINDS[target].syntax
    return brace_definitions(text, syntax) if syntax else python_definitions(text)


def runtime(target: str) -> tuple[Definition, ...]:
    """The fixed definitions of a target's language; of ``binding``, those of the modules that call a header."""
    source = _source(target)
    return fixed(target, source) if source else ()


def available(target: str) -> tuple[Definition, ...]:
    """The fixed definitions that modules of a target may take; some are shared, such as the rules for cells."""
    own, shares = runtime(target), KINDS[target].shares
    stated = {name for one in own for name in one.names}
    shared = runtime(shares) if shares else ()
    return (*own, *(one for one in shared if stated.isdisjoint(one.names)))


@cache
def fixed(target: str, source: str) -> tuple[Definition, ...]:
    """The definitions of a runtime file, without those that are there because modules state them."""
    text = re.split(" what they take.*\n", source)[1]
    return definitions(target, TARGETS[target].members(text) if target in TARGETS else text)


def _source(target: str) -> str:
    """The runtime file of a target; empty if it has none."""
    own, name = KINDS[target].templates, KINDS[target].fixed
    if isinstance(own, Mapping):
        return own.get(name.removeprefix(f"{target}/"), "")
    return _text(name) if own is None else _text(name.removeprefix(f"{target}/"), (own,))


@cache
def _text(name: str, folders: tuple[Path, ...] = TEMPLATES) -> str:
    """The text of a file among the templates that is no template; empty if it is not there."""
    return next((path.read_text("utf-8") for path in (folder / name for folder in folders) if path.exists()), "")
