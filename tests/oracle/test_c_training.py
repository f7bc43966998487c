"""Training by headers of the target c: its initial values, held-out examples, its end, and the best parameters."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nngen.mathematics.catalogue.optimizers import OPTIMIZERS
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets.modules import texts
from tests.oracle.c import HEAD, Told, numbers, told
from tests.oracle.compiling import SANITIZED, STANDARD, WARNINGS, run
from tests.oracle.javascript_cases import SEEDS
from tests.oracle.training import HELD_OUT, ONE, UNROLLS, cut, held_out, kept_at_the_rate, stopped
from tests.support.cases import same, start
from tests.support.modules import built, named, spec
from tests.support.network import FROZEN, layer, network
from tests.support.stopping import ties

pytestmark = pytest.mark.oracle

Array = NDArray[np.float64]

WEIGHED = {"name": "squared_error", "example_weights": True}
NORMAL = layer("h", 2, "tanh", normalization="batch_norm")

MAIN = """
__attribute__((unused)) static void put(double value) {{ put_float64(&value, 1); }}
int main(void) {{
    {body}
    return 0;
}}
"""


def fitted(net: Network, x: Array, y: Array, unroll: str, folder: Path, *epochs: int) -> Sequence[tuple[int, Array]]:
    """Trained as the reference does, without weights and seeds: how many epochs were done, and the parameters."""
    fits = [(most, None, None) for most in epochs]
    one = Told("net", net, x, y, start(net), fits, SEEDS[:1], [], unroll, steps=1)
    told([one], folder, "gcc", *SANITIZED)
    ends = [int(values[0]) for what, values in one.expected if what == "epochs"]
    return list(zip(ends, [np.array(values) for what, values in one.expected if what == "fit"][1::2], strict=True))


def printed(net: Network, body: str, folder: Path, unroll: str = "weights") -> Sequence[float]:
    """The output of a program with the header of a network."""
    one = Told("net", net, np.zeros((1, 3)), np.zeros((1, 1)), [], [], [], [], unroll)
    return printed_with(one.header, body, folder)


def printed_with(header: str, body: str, folder: Path) -> Sequence[float]:
    """The same for a header that exists."""
    (folder / "net.h").write_text(header, encoding="utf-8")
    (folder / "net.c").write_text(HEAD.format(includes='#include "net.h"') + MAIN.format(body=body), encoding="utf-8")
    run("gcc", *STANDARD["c"], *WARNINGS, *SANITIZED, folder / "net.c", "-lm", "-o", folder / "net")
    return [float(value) for value in np.frombuffer(run(folder / "net"))]


@pytest.mark.parametrize("name", ["iris", "digits"])
def test_what_is_scaled_is_that_of_the_page_in_python(name: str, tmp_path: Path) -> None:
    size = len(spec(named(name)).input_names)
    x = np.random.default_rng(3).uniform(0.0, 16.0, size)
    body = f"""
        static const double given[{size}] = {{ {numbers(x, "")} }};
        double *data = (double *)room(sizeof given), *x = (double *)room(sizeof given);
        memcpy(data, given, sizeof given);
        {name}_scale(data, x);
        put_float64(x, {size});
        free(data);
        free(x);
    """
    header = texts(spec(named(name)), named(name).parent)["c"]
    same(printed_with(header, body, tmp_path), built(named(name), "python").scale(x.tolist()))


@UNROLLS
@HELD_OUT
def test_training_ends_where_the_loss_of_what_is_held_out_reaches_the_target(
    batch: str, loss: Mapping[str, object], y: Sequence[float], unroll: str, tmp_path: Path
) -> None:
    ((epochs, _),) = fitted(held_out(loss, batch), np.ones((12, 3)), np.array([y] * 12), unroll, tmp_path, 600)
    assert 1 < epochs < 600


@UNROLLS
@pytest.mark.parametrize("share", [0.0, 0.25])
def test_a_loss_that_is_no_number_is_never_the_best(share: float, unroll: str, tmp_path: Path) -> None:
    net = stopped(name="patience", epochs=3, validation=share)
    body = f"""
        static const double x[] = {{ {", ".join(["NAN"] * 24)} }}, y[8] = {{ 1 }};
        double params[NET_PARAMETERS], begin[NET_PARAMETERS], memory[NET_MEMORY];
        uint32_t order[NET_PLACES * 8];
        net_init(params, NET_SEED);
        net_init(begin, NET_SEED);
        put(net_fit(params, x, y, 8, 600, 0, NULL, NULL, memory, order));
        put(memcmp(params, begin, sizeof params));
    """
    assert printed(net, body, tmp_path, unroll) == [3.0, 0.0]


@UNROLLS
def test_of_equal_losses_the_first_is_the_best(unroll: str, tmp_path: Path) -> None:
    net, x, y = ties()
    (_, first), (epochs, best) = fitted(net, x, y, unroll, tmp_path, 1, 40)
    assert best.tolist() == first.tolist()
    assert epochs == 4


@pytest.mark.parametrize(
    ("validation", "count", "works"),
    [
        *((0.25, 2, False), (0.25, 4, True), (0.75, 2, False), (0.75, 1, False)),
        *(([2, 0], 2, False), ([2, 0], 3, True), ([0, 1], 2, False), ([0, 1], 3, True)),
    ],
)
def test_some_examples_are_kept_and_some_are_left(validation: object, count: int, works: bool, tmp_path: Path) -> None:
    net = stopped(name="patience", epochs=9, validation=validation)
    body = f"""
        static const double x[3 * {count}] = {{ 1 }}, y[{count}] = {{ 1 }};
        double params[NET_PARAMETERS], begin[NET_PARAMETERS], memory[NET_MEMORY];
        uint32_t order[NET_PLACES * {count}];
        net_init(params, NET_SEED);
        net_init(begin, NET_SEED);
        put(net_fit(params, x, y, {count}, 2, 0, NULL, NULL, memory, order));
        put(memcmp(params, begin, sizeof params) == 0);
    """
    assert printed(net, body, tmp_path) == [2.0 * works, not works]


@UNROLLS
def test_without_a_measured_epoch_the_last_parameters_are_given(unroll: str, tmp_path: Path) -> None:
    net, x, y = stopped(name="patience", epochs=3, every=5), np.ones((4, 3)), np.ones((4, 1))
    (four, last), (five, best) = fitted(net, x, y, unroll, tmp_path, 4, 5)
    assert (four, five) == (4, 5)
    assert last.tolist() != best.tolist()


@pytest.mark.parametrize(("layers", "unroll"), [(ONE, "weights"), (ONE, "layers"), ([NORMAL, *ONE], "layers")])
def test_examples_of_no_weight_teach_nothing(layers: Sequence[object], unroll: str, tmp_path: Path) -> None:
    """There is no mean over them: the loss is no number, and no parameter changes."""
    net = network(layers, WEIGHED, batch="weighted_mean")
    coupled = plan(net.spec).needs_batch
    body = f"""
        static const double x[12] = {{ 1, 2, 3 }}, y[4] = {{ 1 }}, none[4] = {{ 0 }};
        double params[NET_PARAMETERS], begin[NET_PARAMETERS], history[2];
        double memory[NET_MEMORY {"+ 4 * NET_EXAMPLE" if coupled else ""}];
        uint32_t order[NET_PLACES * 4];
        net_init(params, NET_SEED);
        net_init(begin, NET_SEED);
        put(net_fit(params, x, y, none, 4, 2, 3, NULL, history, memory, order));
        put(isnan(history[0]) && isnan(history[1]));
        put(memcmp(params, begin, sizeof params) == 0);
    """
    if coupled:
        body += """
        double gradient[NET_PARAMETERS], sum = 0;
        const double wrong[4] = { NAN };
        memset(gradient, 0xFF, sizeof gradient);
        put(isnan(net_batch_gradient(params, x, y, none, 4, params, gradient, memory)) != 0);
        for (int i = 0; i < NET_PARAMETERS; i++) sum += fabs(gradient[i]);
        put(sum == 0 && memcmp(params, begin, sizeof params) == 0);
        memset(gradient, 0xFF, sizeof gradient);
        put(isnan(net_batch_gradient(params, x, wrong, NULL, 4, params, gradient, memory)) != 0);
        for (int i = 0; i < NET_PARAMETERS; i++) sum += fabs(gradient[i]);
        put(sum == 0 && memcmp(params, begin, sizeof params) == 0);
        """
    assert printed(net, body, tmp_path, unroll) == [2.0, 1.0, 1.0, *[1.0] * 4 * coupled]


@pytest.mark.parametrize(
    ("layers", "loss", "more"),
    [
        (ONE, WEIGHED, {}),
        (ONE, "squared_error", {"stop": {"name": "patience", "epochs": 2}}),
        ([NORMAL, *ONE], "squared_error", {}),
        ([NORMAL, *ONE], WEIGHED, {"optimizer": {"name": "adam", "rate": 0.1}}),
        ([layer("s", 3, "softmax", normalization="layer_norm"), NORMAL, *ONE], "squared_error", {}),
    ],
)
def test_memory_is_as_much_as_is_asked_for(
    layers: Sequence[object], loss: Any, more: Mapping[str, object], tmp_path: Path
) -> None:
    """Enough, and with a number less there is none for something that is written or read."""
    training = {"optimizer": {"name": "gradient_descent", "rate": 0.1}, **more}
    net = network(layers, loss, training=training)
    weights = ", NULL" if net.spec.loss.example_weights else ""
    coupled = plan(net.spec).needs_batch
    size = "NET_MEMORY + 4 * NET_EXAMPLE" if coupled else "NET_MEMORY"
    for less in (0, 1):
        body = f"""
            static const double x[12] = {{ 1, 2, 3 }}, y[4] = {{ 1 }};
            double params[NET_PARAMETERS];
            uint32_t order[NET_PLACES * 4];
            double *memory = (double *)room(sizeof(double) * ({size} - {less}));
            net_init(params, NET_SEED);
            put(net_fit(params, x, y{weights}, 4, 2, 4, NULL, NULL, memory, order));
            free(memory);
        """
        if less:
            with pytest.raises(AssertionError, match="heap-buffer-overflow"):
                printed(net, body, tmp_path)
        else:
            assert printed(net, body, tmp_path) == [2.0]


def test_a_random_number_that_is_the_cut_itself_is_kept(tmp_path: Path) -> None:
    net, values, most = cut()
    body = "double params[NET_PARAMETERS]; net_init(params, NET_SEED); put_float64(params, NET_PARAMETERS);"
    found = printed(net, body, tmp_path)
    assert found == net.pack(net.init())
    assert [abs(one) == value for one, value in zip(found, values, strict=False)] == [value <= most for value in values]


def test_what_follows_something_frozen_learns(tmp_path: Path) -> None:
    """Also where the optimizer moves what has no gradient."""
    layers = [layer("h", 2, "tanh", weights=FROZEN), layer("o", 1, "linear", bias=FROZEN)]
    for optimizer in [name for name, entry in OPTIMIZERS.items() if not entry.keeps]:
        training = {"optimizer": {"name": optimizer, "rate": 0.1}}
        net = network(layers, "squared_error", training=training)
        fitted(net, np.eye(3), np.array([[1.0], [2.0], [3.0]]), "weights", tmp_path, 2)


@UNROLLS
def test_a_unit_whose_random_number_is_the_rate_itself_stays(unroll: str, tmp_path: Path) -> None:
    net = kept_at_the_rate()
    x, y = np.ones((2, 3)), np.ones((2, 1))
    one = Told("net", net, x, y, start(net), [(2, None, 5)], [5], [], unroll, steps=1)
    told([one], tmp_path, "gcc", *SANITIZED)
