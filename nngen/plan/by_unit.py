"""Expands the equations of whole layers: an equation for each unit, weight or layer.

Five forms suffice for units: a value, a sum, a mean, a maximum, and a dropout factor. An embedding has names for its
numbers only in the plan of a single example, where its matrix is the row that the example selects.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields

from nngen.mathematics.formulas import Formula, Words
from nngen.plan.assignment import Assignment, UnitForm
from nngen.plan.equation import Equation, Form
from nngen.plan.names import derivative_of, full_name
from nngen.plan.sections import Equations, Section


def by_unit(layered: Equations[Equation], words: Words) -> Equations[Assignment]:
    """Expand the equations of a network.

    Args:
        layered: the equations of whole layers, for one example.
        words: the names of functions in the target language.
    """
    parts = {part.name: sections_by_unit(getattr(layered, part.name), words) for part in fields(layered)}
    return Equations(**parts).marked()


def sections_by_unit(layered: Iterable[Section[Equation]], words: Words) -> tuple[Section[Assignment], ...]:
    """Expand the equations of some sections; those without equations are left out."""
    sections = (section_by_unit(section, words) for section in layered)
    return tuple(section for section in sections if section.equations)


def section_by_unit(section: Section[Equation], words: Words) -> Section[Assignment]:
    """The assignments of a section. All penalty terms of the loss become one sum."""
    if section.equations[0].form is Form.PENALTY:
        return Section(section.comment, (_penalty(section.equations, words),))
    return Section(section.comment, tuple(line for equation in section.equations for line in expanded(equation, words)))


def _penalty(penalties: Sequence[Equation], words: Words) -> Assignment:
    added = [e.formula.operand(words, {"w": name}.__getitem__) for e in penalties for name in _parameters(e)]
    loss, factor = words.variable.format("loss"), penalties[0].factor
    return Assignment(loss, UnitForm.SUM, (loss, *added), again=True, factor=factor and words.variable.format(factor))


def expanded(e: Equation, words: Words) -> Iterator[Assignment]:
    """The equations of the single units of a layer. Those of sums and means over a batch are for one of its examples.

    Args:
        e: an equation of a whole layer, other than a mean over a batch or a penalty.
        words: the names of functions in the target language.
    """
    layer, given = e.layer, words.variable.format
    match e.form:
        case Form.UNIT | Form.GRADIENT:
            for unit in layer.units:
                names = layer.of_unit(unit)
                yield Assignment(given(names(e.symbol)), UnitForm.VALUE, (e.formula.write(words, names),))
        case Form.LAYER:
            yield Assignment(given(e.name), UnitForm.VALUE, (e.formula.write(words, layer.name_of),))
        case Form.SUM | Form.MEAN | Form.MAX:
            yield Assignment(given(e.name), UnitForm(e.form.value), unit_terms(e, words))
        case Form.DROPOUT:
            for number, unit in enumerate(layer.units, layer.dropout_start or 0):
                yield Assignment(given(full_name(e.symbol, unit)), UnitForm.DROPOUT, (str(number), e.formula.text))
        case Form.WEIGHTED_SUM:
            for i, name in enumerate(layer.names(e.symbol)):
                terms = [given(e.parameters.rows[0][i])] if e.parameters else []
                for p in e.products:
                    terms += _products(p.weights.rows[i], p.vector.units, words)
                yield Assignment(given(name), UnitForm.SUM, tuple(terms))
        case Form.ELEMENTWISE:
            for i, name in enumerate(layer.names(e.symbol)):
                terms = [given(e.parameters.rows[0][i])] if e.parameters else []
                yield Assignment(given(name), UnitForm.SUM, (*terms, *(p.of_unit(words, i) for p in e.elementwise)))
        case Form.DOT:
            terms = [given(e.parameters.rows[0][0])] if e.parameters else []
            u, v = e.vectors
            yield Assignment(given(e.unit_names[0]), UnitForm.SUM, (*terms, *_products(u.units, v.units, words)))
        case Form.LOOKUP:
            for i, name in enumerate(layer.names(e.symbol)):
                terms = [given(e.parameters.rows[0][i])] if e.parameters else []
                yield Assignment(given(name), UnitForm.SUM, (*terms, *map(given, e.matrix.rows[i])))
        case Form.RETURNED:
            for i, name in enumerate(layer.names(e.symbol)):
                terms = []
                for p in e.products:
                    terms += _products(p.vector.units, [row[i] for row in p.weights.rows], words)
                terms += [p.of_unit(words, i) for p in e.elementwise]
                yield Assignment(given(name), UnitForm.SUM, tuple(terms))
        case Form.OUTER:
            slopes, values = e.vectors
            for row, slope in zip(e.block.rows if e.block else (), slopes.units, strict=True):
                for weight, value in zip(row, values.units, strict=True):
                    yield Assignment(
                        given(derivative_of(weight)), UnitForm.VALUE, (words.joined(given(slope), "*", given(value)),)
                    )
        case Form.NESTED | Form.NESTED_GRADIENT:
            sums = dict.fromkeys(e.unit_names, tuple[str, ...]())
            for nested, at in ((one, at) for one in e.nested for at in one.counters):
                name = e.into(nested).unit(at)
                product = words.operator.format("*").join(given(factor.unit(at)) for factor in nested.factors)
                sums[derivative_of(name) if e.block else name] += (words.group(product),)
            for name, added in sums.items():
                yield Assignment(given(name), UnitForm.SUM, added or ("0.0",))
        case Form.ROW_GRADIENT:
            for (weight,), slope in zip(e.block.rows if e.block else (), e.vectors[0].units, strict=True):
                penalty = [
                    term.operand(words, {"w": weight}.__getitem__) for term in e.terms if isinstance(term, Formula)
                ]
                yield Assignment(given(derivative_of(weight)), UnitForm.SUM, (given(slope), *penalty))
        case Form.BIAS_GRADIENT:
            (slopes,) = e.vectors
            for bias, slope in zip(_parameters(e), slopes.units, strict=True):
                yield Assignment(given(derivative_of(bias)), UnitForm.VALUE, (given(slope),))
        case Form.TOTAL:
            yield Assignment(given(e.name), UnitForm.SUM, unit_terms(e, words))
            if e.factor:
                yield Assignment(given(e.name), UnitForm.VALUE, (f"{given(e.factor)} * {given(e.name)}",), again=True)
        case Form.CLASS_WEIGHT if e.terms:
            name = f"class_{e.name}" if e.factor else e.name
            yield Assignment(given(name), UnitForm.SUM, unit_terms(e, words))
            if e.factor:
                yield Assignment(given(e.name), UnitForm.VALUE, (f"{given(e.factor)} * {given(name)}",), again=True)
        case Form.PENALTY_SLOPE:
            for name in _parameters(e):
                of_weight, total = {"w": name}.__getitem__, given(derivative_of(name))
                slope = e.formula.operand(words, of_weight)
                if e.factor:
                    slope = words.group(words.joined(given(e.factor), "*", f"(⟨{e.formula.write(words, of_weight)}⟩)"))
                yield Assignment(total, UnitForm.VALUE, (words.joined(total, "+", slope),), again=True)


def _products(left: Sequence[str], right: Sequence[str], words: Words) -> list[str]:
    given = words.variable.format
    return [words.group(words.joined(given(a), "*", given(b))) for a, b in zip(left, right, strict=True)]


def unit_terms(e: Equation, words: Words) -> tuple[str, ...]:
    """The formula of an equation for each unit. If there are several, each can be an operand of a sum."""
    bound = [e.formula.bind({"c": number}) for number in e.numbers] or [e.formula] * len(e.layer.units)
    joined = len(bound) > 1 or e.form is Form.CLASS_WEIGHT
    write = Formula.operand if joined else Formula.write
    return tuple(write(formula, words, e.layer.of_unit(u)) for formula, u in zip(bound, e.layer.units, strict=True))


def _parameters(e: Equation) -> Iterator[str]:
    return (name for row in e.block.rows for name in row) if e.block else iter(())
