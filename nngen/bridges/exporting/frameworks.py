"""Modules that define a network in PyTorch or Keras and load its safetensors file."""

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from nngen.common.records import dataclass
from nngen.common.text import counted, joined
from nngen.description.model import Layer as LayerSpec
from nngen.description.model import Spec, custom_formulas
from nngen.mathematics.catalogue import KINDS, Activation, Elsewhere, LayerKind
from nngen.mathematics.formulas import Formula, Words, line, number
from nngen.plan import Layer, Plan, Signs, plan
from nngen.targets import environment


@dataclass(frozen=True)
class Framework:
    """A library of neural networks."""

    words: Words
    kind: Callable[[LayerKind], Elsewhere]
    """How it writes a kind of layer."""
    native: Mapping[str, str]
    """Its own activations of the catalogue: patterns of ``z`` and the options, with marks. The others are formulas."""
    normalizations: Mapping[str, str]
    """Its normalizations: patterns of the value ``v``, the ``layer``, the number of ``units``, and the options."""


_SAME = ("abs", "cos", "exp", "expm1", "floor", "log", "log1p", "sign", "sin", "sqrt", "tanh")

_OF_KERAS = "gelu hard_tanh log_sigmoid mish relu relu6 selu sigmoid silu softmax softplus softsign tanh"
"""Activations that have the same name in Keras."""

FRAMEWORKS = {
    "torch": Framework(
        Words(
            {
                **{name: f"torch.{name}" for name in (*_SAME, "erfc", "sigmoid", "where")},
                "maximum": "torch.clamp(⟨{},↵min={}⟩)",
                "minimum": "torch.clamp(⟨{},↵max={}⟩)",
                "softplus": "F.softplus(⟨{},↵threshold=40.0⟩)",
                "full": "torch.full_like(⟨{1},↵{0}⟩)",
            },
            conjunction="&",
            comparison="(⟨{}⟩)",
            marked=True,
        ),
        lambda kind: kind.torch,
        {
            "celu": "F.celu(⟨{z},↵{alpha}⟩)",
            "elu": "F.elu(⟨{z},↵{alpha}⟩)",
            "gelu": "F.gelu(⟨{z}⟩)",
            "gelu_tanh": 'F.gelu(⟨{z},↵approximate="tanh"⟩)',
            "hard_swish": "F.hardswish(⟨{z}⟩)",
            "hard_tanh": "F.hardtanh(⟨{z}⟩)",
            "leaky_relu": "F.leaky_relu(⟨{z},↵{slope}⟩)",
            "linear": "{z}",
            "log_sigmoid": "F.logsigmoid(⟨{z}⟩)",
            "mish": "F.mish(⟨{z}⟩)",
            "relu": "torch.relu(⟨{z}⟩)",
            "relu6": "F.relu6(⟨{z}⟩)",
            "selu": "F.selu(⟨{z}⟩)",
            "sigmoid": "torch.sigmoid(⟨{z}⟩)",
            "silu": "F.silu(⟨{z}⟩)",
            "sine": "torch.sin(⟨{z}⟩)",
            "softmax": "torch.softmax(⟨{z},↵1⟩)",
            "softplus": "F.softplus(⟨{z},↵threshold=40.0⟩)",  # above which it is z in 64 bits; the default is 20
            "softsign": "F.softsign(⟨{z}⟩)",
            "tanh": "torch.tanh(⟨{z}⟩)",
        },
        {
            "batch_norm": "F.batch_norm(⟨{v},↵self.mean_{layer},↵self.variance_{layer},↵self.gain_{layer},"
            "↵self.shift_{layer},↵self.training,↵{momentum},↵{epsilon}⟩)",
            "layer_norm": "F.layer_norm(⟨{v},↵({units},),↵self.gain_{layer},↵self.shift_{layer},↵{epsilon}⟩)",
            "rms_norm": "F.rms_norm(⟨{v},↵({units},),↵self.gain_{layer},↵{epsilon}⟩)",
        },
    ),
    "keras": Framework(
        Words(
            {
                **{name: f"ops.{name}" for name in (*_SAME, "maximum", "minimum", "sigmoid", "softplus", "where")},
                "erfc": "(⟨1.0↵- ops.erf(⟨{}⟩)⟩)",
                "full": "ops.full_like(⟨{1},↵{0}⟩)",
            },
            conjunction="&",
            comparison="(⟨{}⟩)",
            marked=True,
        ),
        lambda kind: kind.keras,
        {  # layers where there are some, so that a saved model has them by name
            **{name: f'layers.Activation(⟨"{name}",↵dtype=dtype⟩)(⟨{{z}}⟩)' for name in _OF_KERAS.split()},
            "celu": "activations.celu(⟨{z},↵{alpha}⟩)",
            "elu": "layers.ELU(⟨{alpha},↵dtype=dtype⟩)(⟨{z}⟩)",
            "gelu_tanh": "activations.gelu(⟨{z},↵approximate=True⟩)",
            "hard_swish": 'layers.Activation(⟨"hard_silu",↵dtype=dtype⟩)(⟨{z}⟩)',
            "leaky_relu": "layers.LeakyReLU(⟨{slope},↵dtype=dtype⟩)(⟨{z}⟩)",
            "linear": "{z}",
            "sine": "ops.sin(⟨{z}⟩)",
        },
        {
            "batch_norm": "layers.BatchNormalization(⟨momentum=1.0 - {momentum},↵epsilon={epsilon},"
            '↵{signs}name="{layer}-normalization",↵dtype=dtype⟩)(⟨{v}⟩)',
            "layer_norm": "layers.LayerNormalization(⟨epsilon={epsilon},"
            '↵name="{layer}-normalization",↵dtype=dtype⟩)(⟨{v}⟩)',
            "rms_norm": "layers.RMSNormalization(⟨epsilon={epsilon},"
            '↵name="{layer}-normalization",↵dtype=dtype⟩)(⟨{v}⟩)',
        },
    ),
}


TAKEN = frozenset(
    "self x dtype keras layers ops activations np torch nn F Tensor load_file load network Bias Signs".split()
)
"""Names of the modules that no input with ids has there."""


@dataclass(frozen=True)
class Function:
    """A function of the module: an activation that the framework lacks."""

    name: str
    arguments: tuple[str, ...]
    says: str
    lines: tuple[tuple[str, str], ...]
    """Names and their values before the result."""
    value: str


@dataclass(frozen=True)
class Source:
    """The object that the templates get."""

    plan: Plan
    spec: Spec
    framework: Framework

    @property
    def layers(self) -> list[tuple[LayerSpec, Layer]]:
        """Each layer, as described and as planned."""
        return [*zip(self.spec.layers, self.plan.layers, strict=True)]

    @property
    def arguments(self) -> list[str]:
        """The names of the inputs as arguments: those with ids one by one, and ``x`` for all others."""
        return [*(self.argument(index.name) for index in self.plan.indices), *(["x"] if self.plan.numbers else [])]

    @staticmethod
    def argument(name: str) -> str:
        """The name of an input with ids, where the module has no other use for it."""
        return f"{name}_" if name in TAKEN else name

    @property
    def entries(self) -> str:
        """The inputs, in words."""
        indices, numbers = len(self.plan.indices), len(self.plan.numbers)
        parts = [counted(indices, "id")] if indices else []
        return ", ".join([*parts, counted(numbers, "input")] if numbers or not parts else parts)

    @property
    def takes(self) -> str:
        """What the arguments are, in words."""
        sentences = []
        if self.plan.indices:
            names = [index.name for index in self.plan.indices]
            verb = "are ids" if len(names) > 1 else "is an id"
            sentences.append(f"{joined(names, 'and')} {verb}, the number of a row from 0, in the order of the spec;")
        if self.plan.numbers:
            others = "other " if self.plan.indices else ""
            sentences.append(f"x are the {others}inputs of the network, encoded and scaled;")
        return " ".join(sentences)

    @property
    def biases(self) -> bool:
        """Whether a layer without weighted sums has biases."""
        return any(layer.biases and not layer.dense for layer in self.plan.layers)

    @cached_property
    def signs(self) -> Mapping[str, Signs]:
        """The weights that keep their signs in training, by the names of their blocks."""
        return {signs.block.name: signs for signs in self.plan.monotone.kept}

    @property
    def clamps(self) -> Iterator[str]:
        """The statements of PyTorch that set weights of the wrong sign to 0."""
        for name, signs in self.signs.items():
            for column in signs.columns:
                part = f"[:, {column.place}]" if signs.step > 1 else ""
                yield f"self.{name}{part}.clamp_({'min' if column.direction.sign > 0 else 'max'}=0.0)"

    def constraint(self, layer: Layer) -> str:
        """The argument of Keras that keeps the signs of the weights of a dense layer, if it has to; with marks."""
        found: list[int] = []
        for source in layer.sources:
            assert source.weights is not None  # noqa: S101 (a dense layer has a matrix for each source)
            kept, row = self.signs.get(source.weights.name), [0] * len(source.weights.inputs)
            for column in kept.columns if kept else ():
                for place in range(len(row)) if kept and kept.step == 1 else (column.place,):
                    row[place] = column.direction.sign
            found += row
        if {*found} == {1}:
            return 'kernel_constraint="non_neg",↵'
        return f"kernel_constraint=Signs(⟨[⟨{',↵'.join(map(str, found))},⟩]⟩),↵" if any(found) else ""

    @property
    def mixed(self) -> bool:
        """Whether a layer has weights of both signs to keep, for which Keras has no constraint."""
        return any("Signs" in self.constraint(layer) for layer in self.plan.layers if layer.dense)

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """The activations that the framework lacks, in the order of the layers."""
        known = custom_formulas.activations(self.spec.activations)
        names = dict.fromkeys(layer.activation.name for layer in self.spec.layers)
        return tuple(self._function(known[name]) for name in names if name not in self.framework.native)

    def _function(self, entry: Activation) -> Function:
        steps = [line(text) for text in entry.steps]
        value = Formula(entry.value)
        used = {name for formula in (*(step.formula for step in steps), value) for name in formula.variables}
        return Function(
            name=f"_{entry.name}",
            arguments=tuple(name for name in entry.arguments if name in used),
            says=entry.textbook,
            lines=tuple((step.name, self._written(step.formula)) for step in steps),
            value=self._written(value),
        )

    def _written(self, formula: Formula) -> str:
        tree = _WithTensors().visit(ast.parse(formula.text, mode="eval")).body
        return Formula(ast.unparse(tree), frozenset({"full"})).write(self.framework.words)

    def joined(self, layer: Layer) -> str:
        """What a layer without weights computes from its sources, before its biases."""
        kind = KINDS[layer.kind]
        vectors = [source.vector for source in layer.sources]
        pattern = self.framework.kind(kind).text
        if pattern:
            named = f'name="{layer.name}",↵dtype=dtype'
            return pattern.format(**dict(zip("uv", vectors, strict=False)), vectors=",↵".join(vectors), named=named)
        taken = [vectors] if kind.pair else [[vector] for vector in vectors]
        value = Formula(kind.value).bind({"n": len(vectors)})
        terms = [value.rename(dict(zip("uv", each, strict=False))) for each in taken]
        return "↵+ ".join(term.write(self.framework.words) for term in terms)

    def activated(self, layer: LayerSpec, z: str) -> str:
        """The activation of a layer for the value ``z``."""
        name, options = layer.activation.name, layer.activation.options
        numbers = {key: number(value) for key, value in options.items()}
        if name in self.framework.native:
            return self.framework.native[name].format(z=z, **numbers)
        function = next(function for function in self.functions if function.name == f"_{name}")
        return f"{function.name}(⟨{',↵'.join((z, *(numbers[key] for key in function.arguments[1:])))}⟩)"

    def normalized(self, layer: LayerSpec, v: str) -> str:
        """The normalization of a layer that has one, for the value ``v``."""
        chosen = layer.normalization
        assert chosen is not None  # noqa: S101 (asked only where there is one)
        numbers = {key: number(value) for key, value in chosen.options.items()}
        units = len(layer.unit_names)
        signs = 'gamma_constraint="non_neg",↵' if f"gain_{layer.name}" in self.signs else ""
        pattern = self.framework.normalizations[chosen.name]
        return pattern.format(v=v, layer=layer.name, units=units, signs=signs, **numbers)


class _WithTensors(ast.NodeTransformer):
    """Gives each function the tensor from which it takes the number type: ``where(z > 0, full(1.0, z), 0.0)``.

    PyTorch's ``clamp`` takes it first, and ``where`` of two numbers would have the default type.
    """

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """A call, with a tensor where it needs one."""
        self.generic_visit(node)
        match node:
            case ast.Call(
                func=ast.Name(id="maximum" | "minimum"), args=[ast.Constant() | ast.UnaryOp() as first, last]
            ):
                node.args = [last, first]
            case ast.Call(func=ast.Name(id="where"), args=[condition, yes, no]) if not (_varies(yes) or _varies(no)):
                node.args = [condition, ast.Call(ast.Name("full"), [yes, ast.Name("z")], []), no]
        return node


def _varies(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Name) for part in ast.walk(node))


def source(spec: Spec, framework: str) -> str:
    """The text of the module.

    Args:
        spec: a spec that has passed the checks.
        framework: a name in ``FRAMEWORKS``.
    """
    page = Source(plan(spec), spec, FRAMEWORKS[framework])
    return environment("python").get_template(f"export/{framework}.py.jinja").render(page=page)
