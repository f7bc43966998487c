"""The memory that the functions of a C header need: on the stack, or from the caller."""

from collections.abc import Collection, Iterable

from nngen.common.records import dataclass
from nngen.description.model import ALL
from nngen.plan import SHARED_FORMS, Equation, Form, Of, Plan, Scope, Section, equations, unfit, way_back

MAX_STACK = 1_000
"""The most numbers of one example that functions put on the stack: 8 KB in 64 bits.

The smallest stacks of threads: 16 KB by POSIX, 32 KB that Python allows, 128 KB by musl, 512 KB on macOS. All arrays of
a network 784-128-10 are 600 numbers.
"""

ALIGNED = 16
"""The numbers of 32 bits in the largest vector, which lie best at a multiple of its size."""

RULE = 3
"""The numbers of a stop rule from which a training continues: the loss, the best loss, and the epochs since then."""

VECTOR_FRAMES = 3072
"""Stack bytes of the products of a batch: the sums that are added together, and vectors, measured with ``gcc -O0``.

With AVX-512; half of it with SSE.
"""


@dataclass(frozen=True)
class Workspace:
    """The memory of the functions of a page. Sizes count numbers, not bytes."""

    forward: int
    """Numbers that ``forward`` stores for one example."""
    gradient: int
    """Numbers that ``gradient`` stores for one example."""
    per_example: int
    """Numbers that each example of a batch adds, its inputs and targets included; 0 if each weight has an equation."""
    matrix: int
    """The size of the largest orthogonal matrix, if ``init`` draws 32-bit parameters in 64 bits; otherwise 0."""
    unrolled: bool
    """Whether each weight has its own equation. Then all numbers are local variables and stay on the stack."""
    arrays: int
    """The number of local arrays."""
    training: int
    """Numbers that training stores in the caller's memory, see ``training_size``."""
    begin: int
    """Where the memory of an epoch begins there, after what training keeps; with tiles at a multiple of ``ALIGNED``."""
    tiles: bool
    """Whether batches are computed in tiles, without an equation that needs all examples of a batch."""
    trains: bool
    """Whether there is a gradient."""
    dense: bool = False
    """Whether they could be: then a penalty is added once for each batch, not once for each example."""
    by_inputs: int = 0
    """Numbers that derivatives with respect to the inputs store, for a row of the data if the network takes them."""

    @property
    def per_call(self) -> int:
        """Numbers that one call stores: of the function that needs most; without training there is no ``gradient``."""
        return max(self.forward, self.gradient * self.trains, self.by_inputs)

    @property
    def work(self) -> int:
        """Numbers of one example in the caller's memory; 0 if they are on the stack.

        Whether they are is the same with and without a gradient, and so are the arguments of ``forward``.
        """
        most = max(self.forward, self.gradient, self.by_inputs)
        return 0 if self.unrolled or most <= MAX_STACK else self.per_call

    @property
    def drawn(self) -> int:
        """64-bit numbers in the caller's memory for ``init``; 0 if they are on the stack."""
        return 0 if self.matrix <= MAX_STACK else self.matrix

    @property
    def stack(self) -> int:
        """Numbers on the stack. A 64-bit number counts as two."""
        return max(0 if self.work else self.per_call, 0 if self.drawn else 2 * self.matrix)

    @property
    def vector_frames(self) -> int:
        """Stack bytes of the products of a batch, where it has tiles."""
        return VECTOR_FRAMES

    @property
    def frame_bytes(self) -> int:
        """Stack bytes in addition to these numbers: a pointer and a counter for each array, and the calls themselves.

        With an equation for each layer, calls are deeper. All networks of the tests need less, measured with
        ``gcc -O0 -fcallgraph-info=su`` on x86.
        """
        return (1024 if self.unrolled else 1536) + 24 * self.arrays


def workspace(plan: Plan, *, unrolled: bool, narrow: bool, contents: Collection[str] = ALL) -> Workspace:
    """Compute the memory of a page.

    Args:
        plan: the plan of the network.
        unrolled: whether the page has an equation for each weight, instead of each layer.
        narrow: whether its numbers have 32 bits, instead of 64.
        contents: the parts of the page.
    """
    orthogonal = (block.size for block in plan.blocks if block.orthogonal)
    matrix = max(orthogonal, default=0) if narrow and "training" in contents else 0
    trains = "gradient" in contents
    by_inputs = _by_inputs(plan, unrolled) if "sensitivity" in contents and not unfit(plan) else 0
    training = training_size(plan) - (0 if "files" in contents or not plan.stop else RULE)
    begin = training - plan.size
    if unrolled:
        named = max(_named(plan, trains), by_inputs)
        return Workspace(named, named, 0, matrix, unrolled, 0, training, begin, tiles=False, trains=trains)
    arrays = len(plan.blocks) + sum(len(layer.training_lines) + len(layer.backward) for layer in plan.layers)
    listed = equations(plan, Scope.BATCH if plan.needs_batch else Scope.WEIGHTED_EXAMPLE)
    forward = sum(_counted(plan, listed.forward if plan.needs_batch else listed.training))
    example, shared = _counted(plan, listed.gradient)
    given = len(plan.inputs) + len(plan.output.units)
    weight = plan.loss.example_weights if plan.needs_batch else plan.loss.weight
    example += bool(weight) + (not plan.needs_batch)  # its weight and its loss
    alone = given + example + shared if plan.needs_batch else example
    dense = not plan.needs_batch and not plan.indices and all(layer.dense for layer in plan.layers)
    tiles = dense and "batches" in contents
    return Workspace(
        forward,
        alone,
        given + example,
        matrix,
        unrolled,
        arrays,
        training,
        -(-begin // ALIGNED) * ALIGNED if tiles else begin,
        tiles,
        trains,
        dense,
        by_inputs,
    )


def training_size(plan: Plan) -> int:
    """Count the numbers that training in C stores besides the parameters.

    They are the optimizer's state and the gradient; with a stop rule also the best parameters and
    the numbers of the rule: the loss, the best loss, and the epochs since then.
    """
    return plan.state_size + plan.size + (plan.size + RULE if plan.stop else 0)


_SUMS = {Form.WEIGHTED_SUM, Form.ELEMENTWISE, Form.DOT, Form.LOOKUP, Form.NESTED}
_BY_UNIT = _SUMS | {Form.UNIT, Form.DROPOUT, Form.RETURNED, Form.GRADIENT}
"""Forms that compute one number per unit of an example."""


def _listed(sections: Iterable[Section[Equation]]) -> list[Equation]:
    return [equation for section in sections for equation in section.equations]


def _counted(plan: Plan, sections: Iterable[Section[Equation]]) -> tuple[int, int]:
    """Count the numbers of equations over a batch: for each example, and shared by all."""
    example, shared = 0, 0
    for e in _listed(sections):
        if e.form is Form.GRADIENT:
            continue  # it is added up in place
        if e.form in (Form.RUNNING_MEAN, Form.BATCH_MEAN) or e.common:
            shared += len(e.layer.units)
        elif e.form in _BY_UNIT:
            example += 0 if e.aliases else len(e.layer.units)
        elif e.form in SHARED_FORMS or (e.form is Form.CLASS_WEIGHT and plan.needs_batch):
            example += 1
    return example, shared


def _by_inputs(plan: Plan, unrolled: bool) -> int:
    """Count the numbers of the derivatives with respect to the inputs: of an example, and of a row with its steps."""
    inputs, outputs = len(plan.inputs), len(plan.output.units)
    rows = plan.encoding is not None and plan.encoding.predicts
    row = inputs + outputs + outputs * inputs + max(4 * inputs, outputs * inputs) if rows else 0
    ways = [way_back(plan, of) for of in Of]
    passes = outputs if unrolled else 1
    given = plan.size + inputs + outputs if unrolled else 0
    return (
        row
        + given
        + max(sum(_counted(plan, way.forward + way.common)) + passes * sum(_counted(plan, way.passes)) for way in ways)
    )


def _named(plan: Plan, trains: bool) -> int:
    """Count the local variables of ``gradient``, or of ``forward`` alone, if each weight has its own equation."""
    listed = equations(plan, Scope.WEIGHTED_EXAMPLE)
    numbers = plan.size + len(plan.inputs) + len(plan.output.units)
    for e in _listed(listed.training + (listed.loss + listed.backward if trains else ())):
        numbers += len(e.layer.units) if e.form in _BY_UNIT else 1 if e.form in SHARED_FORMS else 0
    return numbers + sum(block.size for block in plan.blocks if trains and block.trainable)
