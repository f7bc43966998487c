"""Headers of the target c, compiled into programs: many networks in one, which print numbers to be compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nngen.description.model.spec import Spec
from nngen.plan.network import Plan
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets.c_workspace import workspace
from nngen.targets.page_head import Trained
from nngen.targets.render import render
from nngen.targets.targets import level
from tests.oracle.compiling import STANDARD, WARNINGS, run

Array = NDArray[np.float64]

HEAD = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
{includes}
__attribute__((unused)) static void *room(size_t size) {{
    void *found = malloc(size);
    if (!found) abort();
    return memset(found, 0xFF, size);
}}
static void put_float64(const double *values, size_t count) {{
    fwrite(values, sizeof(double), count, stdout);
}}
__attribute__((unused)) static void put_float32(const float *values, size_t count) {{
    for (size_t i = 0; i < count; i++) {{
        const double value = (double)values[i];
        put_float64(&value, 1);
    }}
}}
"""
"""C code that prints numbers, and memory that ends at its exact size and holds no number at first."""

STORY = """
static void tell_{name}(void) {{
    enum {{ N = {count} }};
    static const {real} start[] = {{ {start} }}, x[] = {{ {x} }}, y[] = {{ {y} }}, counts[] = {{ {counts} }};
    static const uint32_t seeds[] = {{ {seeds} }};
    static {real} params[{NAME}_PARAMETERS], gradient[{NAME}_PARAMETERS];
    static {real} outputs[{NAME}_OUTPUTS], history[100], loss;
    {rooms}
    (void)counts;
    {name}_init(params, {NAME}_SEED{matrix});
    put_{dtype}(params, {NAME}_PARAMETERS);
    for (int k = 0; k < {seed_count}; k++) {{
        {name}_init(params, seeds[k]{matrix});
        put_{dtype}(params, {NAME}_PARAMETERS);
    }}
    for (int i = 0; i < {NAME}_PARAMETERS; i++) params[i] = start[i];
    {init_state}
    for (int k = 0; k < {steps}; k++) {{
        const {real} *one = x + k * {NAME}_INPUTS, *target = y + k * {NAME}_OUTPUTS;
        {name}_forward(params, one, outputs{work});
        put_{dtype}(outputs, {NAME}_OUTPUTS);
        loss = {name}_loss(params, one, target{weight}{work});
        put_{dtype}(&loss, 1);
        loss = {name}_gradient(params, one, target{weight}{no_seed}, gradient{work});
        put_{dtype}(&loss, 1);
        put_{dtype}(gradient, {NAME}_PARAMETERS);
        {name}_step(params, gradient{state});
        put_{dtype}(params, {NAME}_PARAMETERS);
    }}
    {more}
}}
"""

FIT = """{{
        const uint32_t seed = {seed}u, *drawn = {drawn};
        {real} *memory = ({real} *)room(sizeof({real}) * ({NAME}_MEMORY + {most} * {example}));
        uint32_t *order = (uint32_t *)room(sizeof(uint32_t) * {NAME}_PLACES * N);
        for (int i = 0; i < {NAME}_PARAMETERS; i++) params[i] = start[i];
        uint32_t epochs = {name}_fit(params, x, y{own}, N, {first}, {size}, drawn, history, memory, order);
        if (epochs > 0) {{
            epochs = {name}_resume(params, x, y{own}, N, epochs, {epochs}, {size}, drawn, history, memory, order);
        }}
        const {real} done = ({real})epochs;
        free(memory);
        free(order);
        put_{dtype}(&done, 1);
        put_{dtype}(history, (size_t)done);
        put_{dtype}(params, {NAME}_PARAMETERS);
        (void)seed;
    }}
"""

DROPPED = """for (int k = 0; k < {seed_count}; k++) {{
        loss = {name}_gradient(start, x + k * {NAME}_INPUTS, y + k * {NAME}_OUTPUTS{weight}, seeds + k, gradient{work});
        put_{dtype}(&loss, 1);
        put_{dtype}(gradient, {NAME}_PARAMETERS);
    }}
"""

BATCH = """{{
        {real} *memory = ({real} *)room(sizeof({real}) * ({seed_count} * {NAME}_EXAMPLE + {fixed}));
        for (int i = 0; i < {NAME}_PARAMETERS; i++) params[i] = start[i];
        loss = {name}_batch_gradient(params, x, y{own}{drawn}, {seed_count}, {after}, gradient, memory);
        free(memory);
        put_{dtype}(&loss, 1);
        put_{dtype}(gradient, {NAME}_PARAMETERS);
        put_{dtype}(params, {NAME}_PARAMETERS);
    }}
"""


@dataclass(frozen=True)
class Told:
    """A network, the data of its story, and how its page is written.

    Examples without counts are given no weights. A trained page has the parameters of the start.
    """

    name: str
    network: Network
    x: Array
    y: Array
    start: Sequence[float]
    fits: Sequence[tuple[int, int | None, int | None]]
    seeds: Sequence[int]
    counts: Sequence[float]
    unroll: str = "auto"
    dtype: str = "float64"
    steps: int = 10
    trained: bool = False

    @cached_property
    def spec(self) -> Spec:
        """The spec, under this name and with this target."""
        target = {"name": "c", "unroll": self.unroll, "dtype": self.dtype}
        changed = {"name": self.name, "targets": [target]}
        return Spec.model_validate(self.network.spec.model_dump(by_alias=True) | changed)

    @cached_property
    def planned(self) -> Plan:
        """The plan of this spec."""
        return plan(self.spec)

    @cached_property
    def header(self) -> str:
        """The page."""
        return render(self.planned, self.spec, "c", trained=Trained(self.start) if self.trained else None)

    @property
    def by_layers(self) -> bool:
        """Whether the page has an equation for each layer."""
        return level(self.planned, self.spec, "c") == "layers"

    @property
    def own(self) -> bool:
        """Whether examples have weights of their own."""
        return self.network.spec.loss.example_weights

    @property
    def alone(self) -> bool:
        """Whether a single example has one."""
        return self.own and self.network.spec.loss.batch != "weighted_mean"

    def story(self) -> str:
        """The C statements that run the network."""
        made, name = self.planned, self.name.upper()
        known = {"name": self.name, "NAME": name, "dtype": self.dtype, "seed_count": len(self.seeds)}
        known |= {"real": "float" if self.dtype == "float32" else "double", "weight": ", 1" if self.alone else ""}
        known |= {"example": f"{name}_EXAMPLE" if made.needs_batch else "0"}
        needs = workspace(made, unrolled=not self.by_layers, narrow=self.dtype == "float32")
        known |= {"work": ", work" if needs.work else "", "matrix": ", matrix" if needs.drawn else ""}
        known |= {"fixed": f"{name}_WORK" if needs.work else "0"}
        rooms = [f"static {known['real']} work[{name}_WORK];"] if needs.work else []
        rooms += [f"static {known['real']} state[{name}_STATE];"] if made.state_size else []
        rooms += [f"static double matrix[{name}_MATRIX];"] if needs.drawn else []
        begin = f"memset(state, 0xFF, sizeof state);\n    {self.name}_init_state(state);"
        known |= {"state": ", state", "init_state": begin} if made.state_size else {"state": "", "init_state": ""}
        counts = "counts" if self.counts else "NULL"
        own, ends = f", {counts}" if self.own else "", "f" if self.dtype == "float32" else ""
        more = ""
        for place, (epochs, size, seed) in enumerate(self.fits):
            drawn = "NULL" if seed is None else "&seed"
            first = min(epochs, place or epochs)  # the other trainings have a break after 1, 2 and more epochs
            how = {"epochs": epochs, "first": first, "size": size or 0, "seed": seed or 0, "drawn": drawn}
            more += FIT.format(**known, **how, own=own, most=size or len(self.x))
        if made.has_dropout and not made.needs_batch:
            more += DROPPED.format(**known)
        for seeded, after in self.batches():
            with_seeds = (", seeds" if seeded else ", NULL") if made.has_dropout else ""
            more += BATCH.format(**known, own=own, drawn=with_seeds, after="params" if after else "NULL")
        return STORY.format(
            **known,
            count=len(self.x),
            start=numbers(self.start, ends),
            x=numbers(self.x.ravel(), ends),
            y=numbers(self.y.ravel(), ends),
            counts=numbers(self.counts or [1.0], ends),
            seeds=", ".join(f"{seed}u" for seed in self.seeds),
            steps=self.steps,
            rooms="\n    ".join(rooms),
            no_seed=", NULL" if made.has_dropout and not made.needs_batch else "",
            more=more,
        )

    def batches(self) -> list[tuple[bool, bool]]:
        """Whether dropout is drawn, and whether it is training, for each batch that is measured together."""
        made = self.planned
        if not made.needs_batch:
            return []
        return list(product([False, True] if made.has_dropout else [False], [True, False]))

    @cached_property
    def expected(self) -> Sequence[tuple[str, list[float]]]:
        """The results of the reference for each part of the story."""
        return list(self._expected())

    def _expected(self) -> Iterator[tuple[str, list[float]]]:
        network, made = self.network, self.planned
        for seed in (None, *self.seeds):
            yield "init", network.pack(network.init(seed))
        params, memory = network.unpack(self.start), network.init_state(network.init())
        for k in range(self.steps):
            loss, gradient = network.gradient(params, self.x[[k]], self.y[[k]])
            yield "forward", network.forward(params, self.x[[k]])[0].tolist()
            yield "loss", [loss]
            yield "loss", [loss]
            yield "gradient", network.pack(gradient)
            params, memory = network.step(params, gradient, memory)
            yield "step", network.pack(params)
        for epochs, size, seed in self.fits:
            update = {"shuffle": seed is not None, "batch_size": size}
            training = network.spec.training.model_copy(update=update)
            ordered = Network(network.spec.model_copy(update={"training": training}))
            counts = self.counts or None if self.own else None
            found, history = ordered.fit(network.unpack(self.start), self.x, self.y, epochs, seed=seed, weights=counts)
            yield "epochs", [len(history)]
            yield "fit", history
            yield "fit", network.pack(found)
        first = len(self.seeds)
        if made.has_dropout and not made.needs_batch:
            for k in range(first):
                params = network.unpack(self.start)
                loss, gradient, _ = network.batch_gradient(params, self.x[[k]], self.y[[k]], [self.seeds[k]])
                yield "dropout", [loss]
                yield "dropout", network.pack(gradient)
        for drawn, after in self.batches():
            loss, gradient, moved = network.batch_gradient(
                network.unpack(self.start),
                self.x[:first],
                self.y[:first],
                self.seeds if drawn else None,
                self.counts[:first] or None if self.own else None,
                training=after,
            )
            yield "batch", [loss]
            yield "batch", network.pack(gradient)
            yield "batch", network.pack(moved)


def numbers(values: Sequence[float] | Array, ends: str) -> str:
    """Numbers as C reads them, exact to the last bit."""
    return ", ".join(f"{float(value)!r}{ends}" for value in values)


def program(told: Sequence[Told], folder: Path, name: str) -> Path:
    """The source of a program that tells the stories of several networks."""
    for one in told:
        (folder / f"{one.name}.h").write_text(one.header, encoding="utf-8")
    includes = "".join(f'#include "{one.name}.h"\n' for one in [*told, *told])  # a header may be met again
    main = "\n".join(f"    tell_{one.name}();" for one in told)
    text = HEAD.format(includes=includes) + "".join(one.story() for one in told)
    source = folder / f"{name}.c"
    source.write_text(f"{text}\nint main(void) {{\n{main}\n    return 0;\n}}\n", encoding="utf-8")
    return source


def compare(told: Sequence[Told], printed: bytes) -> None:
    """Hold what a program has printed to the reference."""
    found, place = np.frombuffer(printed), 0
    for one in told:
        for what, values in one.expected:
            part = found[place : place + len(values)]
            place += len(values)
            message = f"{one.name}: {what}"
            if what in ("init", "epochs") and one.dtype == "float64":
                assert part.tolist() == values, message
            elif one.dtype == "float32":
                rtol = {"init": 6e-8, "epochs": 0.0}.get(what, 1e-4)
                np.testing.assert_allclose(part, values, rtol=rtol, atol=rtol / 10, err_msg=message)
            elif what == "fit":
                np.testing.assert_allclose(part, values, rtol=1e-11, atol=1e-13, err_msg=message)
            else:
                np.testing.assert_allclose(part, values, rtol=1e-12, atol=1e-14, err_msg=message)
    assert place == len(found)


def told(told: Sequence[Told], folder: Path, compiler: str, *options: str, language: str = "c") -> None:
    """Compile the stories of several networks, let them be told, and hold them to the reference."""
    source = program(told, folder, "stories")
    made = folder / "stories"
    run(compiler, *STANDARD[language], *WARNINGS, *options, source, "-lm", "-o", made)
    compare(told, run(made))
