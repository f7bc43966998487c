"""Derivatives with respect to the inputs, and what rows owe to their columns, in the words of the source."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nngen.mathematics.formulas import Formula
from nngen.targets import frames
from nngen.targets.encode import plain_cell
from nngen.targets.network_source import Source
from nngen.targets.prose import span

if TYPE_CHECKING:
    from nngen.targets.page import Page

IMPORTS = ("answers", "by_inputs", "cells", "stated", "styled_cells", "weights")
"""The modules of the source that it calls."""


def by_inputs(source: Source, page: "Page", x: str, texts: Sequence[str], around: str) -> None:
    """Write the functions of an example.

    Args:
        source: gets the functions.
        page: the module.
        x: the name of the argument that has the inputs.
        texts: the equations from the inputs to the derivatives of the loss; then those that all outputs share, and
            those that each has for itself; then perhaps the same for scores.
        around: what the texts lack: ``sizes`` of arguments are refused, ``rows`` are selected by ids.
    """
    plan, only = page.plan, " that is a number" * bool(page.plan.indices)
    given = {"params": "Params", x: "Inputs", "y": "Outputs"}
    head = ", ".join([f"{name}: {kind}" for name, kind in given.items()] + ["weight: Num = 1.0"] * page.weighted)
    says = f"The loss of one example{', times its weight' * page.weighted}, and its derivative with respect to each"
    source.function(f"input_gradient({head}) -> tuple[Num, ByInput]", f"{says} input{only}.")
    read = _begin(source, page, [*given], around)
    if page.has("checks"):
        source.add("_check_targets(y)")
        if page.weighted:
            source.add("_check_weight(weight)")
    read += ["y", *["weight"] * page.weighted]
    source.add(f"loss = equations({source.text(texts[0])}, {', '.join(read)})")
    dx = "dx" if page.level == "layers" else page.derivatives.by_each
    source.add(f"slopes = row_of({source.row(dx)})")
    source.add("return loss, slopes")
    units = f"{span(plan.output.units)} → a row for each, a column for each of {span(plan.numbers)}"
    says = f"The derivative of each output with respect to each input{only}: {units}."
    _jacobian(source, page, "jacobian", says, x, texts[1:3], around)
    if len(texts) > 3:
        says = "The derivative of each output before its activation, as in `jacobian`."
        _jacobian(source, page, "_scores", says, x, texts[3:], around)


def _begin(source: Source, page: "Page", given: Sequence[str], around: str) -> list[str]:
    """Write what begins a function; the names that equations read."""
    if "sizes" in around:
        source.add("if SIZES:")
        for name, size in zip(given, ("PARAMETERS", "INPUTS", "OUTPUTS"), strict=False):
            source.add(f"    check_size({name}, {size}, {('x' if name == given[1] else name)!r})")
    rows = frames.rows(source, page.plan, given[1]) if "rows" in around else []
    return ["params", given[1], *rows]


def _jacobian(source: Source, page: "Page", name: str, says: str, x: str, texts: Sequence[str], around: str) -> None:
    """Write the derivatives of all outputs, or of their scores."""
    of, outputs = "score" if name == "_scores" else "output", len(page.plan.output.units)
    source.function(f"{name}(params: Params, {x}: Inputs) -> ByInputs", says)
    read = _begin(source, page, ["params", x], around)
    if not page.derivatives.bends(of):
        source.add(f"undrawn({x})", "the derivatives are the same everywhere")
    source.add(f"equations({source.text(texts[0])}, {', '.join(read)})")
    source.gap()
    source.add("rows = no_jacobian()")
    if page.level != "layers":
        for place, row in enumerate(page.derivatives.jacobian(of).rows):
            source.add(f"rows[{place}] = row_of({source.row(row)})")
        source.add("return rows")
        return
    first = page.derivatives.start(of)
    source.kept.add(first)
    k, margin = ("k", "    ") if outputs > 1 else ("0", "")
    if margin:
        source.comment(f"dX is the derivative of unit k of {first[1:]} with respect to X", apart=False)
        source.add(f"for k in range({outputs}):")
    source.add(f"{margin}{first} = no_outputs()")
    source.add(f"{margin}{first}[{k}] = 1.0")
    source.add(f"{margin}equations({source.text(texts[1], apart=True)})")
    source.add(f"{margin}rows[{k}] = row_of({source.row('dx')})")
    source.add("return rows")


def sensitivity(source: Source, page: "Page") -> None:
    """Write how the answer to a row changes with each column, and how much each moves it, if that is known."""
    rows = _Rows(source, page)
    if page.derivatives.slopes:
        rows.sensitivity()
    if page.derivatives.rows.typical:
        rows.contributions()


class _Rows:
    """Writes the functions of rows."""

    def __init__(self, source: Source, page: "Page") -> None:
        self._source, self._derivatives, self._outputs = source, page.derivatives, len(page.plan.output.units)
        self._encoding = page.derivatives.rows
        self._several = self._outputs > 1 and not self._encoding.classes
        self._divides = page.derivatives.divides

    def sensitivity(self) -> None:
        """How the answer changes."""
        add, count = self._source.add, self._derivatives.answers
        says = f"{self._derivatives.says}\n\n{self._derivatives.says_more}"
        if len(self._derivatives.slopes) < len(self._encoding.columns):
            says += " Other columns have none, but 0."
        self._source.function(f"sensitivity(params: Params, row: Row) -> {'ByColumns' if count else 'ByColumn'}", says)
        if self._derivatives.gaps:
            add("check_row(row)")
        add("x = encode(row)")
        add(f"found = {f'no_rows({count})' if count else 'no_numbers()'}")
        if self._encoding.classes or self._encoding.ends:
            add("outputs = forward(params, x)")
            add("_check_outputs(outputs)")
        if self._encoding.classes:
            self._of_class()
        elif self._several:
            self._units(ends=True)
            add("slopes = jacobian(params, x)")
            add(f"for k in range({self._outputs}):")
            self._columns({"found[k]": "slopes[k]"}, self._unit, "    ")
        else:
            if self._encoding.ends:
                add(f"answer = {self._answer(0)}")
                add(f"if {self._outside('answer', 0)}:")
                add("    return by_column(found)")
            add("slopes = jacobian(params, x)")
            self._columns({"found": "slopes[0]"}, self._unit)
        add(f"return {'by_columns' if count else 'by_column'}(found)")

    def _of_class(self) -> None:
        """How the score of a class and its probability change."""
        both, k = self._encoding.probabilities, self._class()
        self._source.add(f"slopes = {'_scores' if self._derivatives.scores == 'score' else 'jacobian'}(params, x)")
        values = {"found[0]" if both else "found": f"slopes[{k}]"}
        if both:
            self._source.add("shares = jacobian(params, x)")
            values["found[1]"] = f"shares[{k}]"
        self._columns(values, self._unit)

    def contributions(self) -> None:
        """What each column adds."""
        add = self._source.add
        gives = "ByColumns" if self._several else "ByColumn"
        says = f"{self._derivatives.says_moves}\n\n{self._derivatives.says_moves_more}"
        self._source.function(f"contributions(params: Params, row: Row) -> {gives}", says)
        add("start = encode(TYPICAL)")
        add("x = encode(row)")
        add(f"found = {f'no_rows({self._outputs})' if self._several else 'no_numbers()'}")
        if self._several:
            self._units(ends=False)
            add(f"for k in range({self._outputs}):")
            add("    parts = _integrated_gradients(params, start, x, k)")
            self._sums("found[k]", "    ")
            add("return by_columns(found)")
            return
        k = "0"
        if self._encoding.classes:
            add("outputs = forward(params, x)")
            add("_check_outputs(outputs)")
            k = self._class()
        add(f"parts = _integrated_gradients(params, start, x, {k})")
        self._sums("found")
        add("return by_column(found)")

    def _class(self) -> str:
        """Write which class it is: the place of its output."""
        self._source.add("k = _likeliest(outputs)" if self._outputs > 1 else "towards = _side(outputs)")
        return "k" if self._outputs > 1 else "0"

    @property
    def _unit(self) -> str:
        """What each derivative is multiplied by; empty if by 1."""
        if self._encoding.classes:
            return "" if self._outputs > 1 else "towards"
        if self._several:
            return "units[k]" if self._divides or self._encoding.ends else ""
        unit = self._divides[0] if self._divides else "1.0"
        return "" if unit == "1.0" else unit

    def _units(self, *, ends: bool) -> None:
        """Write the units of the answers; 0 for one at the ends of its range."""
        if self._unit:
            self._source.add(f"units: Outputs = [{', '.join(self._divides or ['1.0'] * self._outputs)}]")
        for place in range(len(self._encoding.ends) if ends else 0):
            self._source.add(f"answer{place} = {self._answer(place)}")
            self._source.add(f"if {self._outside(f'answer{place}', place)}:")
            self._source.add(f"    units[{place}] = 0.0")

    def _answer(self, place: int) -> str:
        found, output = self._encoding.unscaled, f"outputs[{place}]"
        return self._source.formula(found[place], "Num", a=output) if found else output

    def _outside(self, answer: str, place: int) -> str:
        low, high = self._encoding.ends[place]
        return f"{answer} <= {low!r} or {answer} >= {high!r}"

    def _columns(self, values: Mapping[str, str], unit: str, margin: str = "") -> None:
        """Write the numbers of each column, from the derivatives with respect to the inputs."""
        for one in self._derivatives.slopes:
            if one.constant:
                continue
            place, inner = self._encoding.columns.index(one.column), margin
            self._source.comment(one.column.comment, apart=False)
            if one.column.fill is not None:
                cell = plain_cell(self._source, place, one.column, margin)
                self._source.add(f"{margin}if not _is_missing({cell}):")
                inner += "    "
            x = f"x[{one.place + len(self._encoding.indices)}]"
            for to, value in values.items():
                number = self._times(unit, one.changes("s").text, s=f"{value}[{one.place}]", c=x)
                self._source.add(f"{inner}{to}[{place}] = {number}")

    def _times(self, unit: str, formula: str, **names: str) -> str:
        """A formula, times a number or what has a name."""
        if unit and unit[0].isdigit():
            return self._source.formula(Formula(f"{unit} * {formula}"), "Num", **names)
        return self._source.formula(Formula(f"unit * {formula}" if unit else formula), "Num", unit=unit, **names)

    def _sums(self, to: str, margin: str = "") -> None:
        """Write the sum of the parts of each column."""
        for place, (begin, end) in enumerate(self._derivatives.ranges):
            if end - begin == 1:
                self._source.add(f"{margin}{to}[{place}] = {self._times(self._unit, 's', s=f'parts[{begin}]')}")
            else:
                self._source.add(f"{margin}for i in range({begin}, {end}):")
                self._source.add(f"{margin}    {to}[{place}] += {self._times(self._unit, 's', s='parts[i]')}")
