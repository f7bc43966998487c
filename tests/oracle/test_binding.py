"""The module that compiles a C header, against the reference, and the arguments that it accepts and refuses."""

import math
import re
import sysconfig
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.proof.selftest import module_numbers
from nngen.targets.modules import texts
from nngen.targets.render import binding_source
from nngen.targets.targets import KINDS
from tests.oracle.bindings import imported, put, tell, vendor, write
from tests.oracle.c import Told, compare
from tests.oracle.c_stories import stories
from tests.oracle.compiling import WARNINGS, run
from tests.support.campaign import Case
from tests.support.cases import examples, same, start
from tests.support.combinations import ROWS
from tests.support.hostile import KINDS as NUMBERS
from tests.support.hostile import NO_NUMBERS, numbers, small
from tests.support.modules import ROOT, built, named, spec
from tests.support.network import described, layer

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("quick_compiler")]

TOLD = [
    pytest.param(told, id=f"{told.name}-{kind}-{dtype}")
    for kind, dtype, step in (
        ("specs", "float64", 1),
        ("bound", "float64", 1),
        ("sample", "float64", 2),
        ("specs", "float32", 2),
    )
    for told in stories(kind, dtype)[::step]
]
"""Every spec, and networks whose functions take all kinds of arguments; test_c has every network, whatever its units
compute. The sample has weights of examples, penalties, optimizers and rules that end training."""


@pytest.mark.parametrize("told", TOLD)
def test_its_numbers_are_those_of_the_reference(told: Told, tmp_path: Path) -> None:
    module = imported(write(told.spec, tmp_path))
    compare([told], np.array(list(tell(told, module))).tobytes())


@pytest.mark.parametrize(("spec", "dtype"), [(ROWS[0], "float64"), (ROWS[-1], "float32")], ids=["decay", "adam"])
def test_train_step_is_an_epoch_of_fit_also_where_slopes_of_a_selected_row_are_0(
    spec: Spec, dtype: str, tmp_path: Path
) -> None:
    target = {"targets": [{"name": "c", "dtype": dtype}]}
    module, case = (
        imported(write(Spec.model_validate(spec.model_dump(by_alias=True) | target), tmp_path)),
        Case.of(spec),
    )
    more = {} if case.weights is None else {"weights": [1.0]}
    for x, y in zip(case.x[:, np.newaxis].astype(dtype), case.y[:, np.newaxis].astype(dtype), strict=True):
        for one in (x[0].tolist(), y[0].tolist()), (x, y):  # an example, and a batch of one
            params = module.unpack(case.flat.tolist())
            fitted, (loss,) = module.fit(params, x, y, epochs=1, batch_size=1, seed=None, **more)
            found = module.train_step(params, *one, module.init_state(params))
            assert (found[0], found[1]) == (loss, fitted)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Modules that compile their header, with the page in Python beside."""
    made = tmp_path_factory.mktemp("vendored")
    for name in ("iris", "digits"):
        vendor(name, made)
    return made


@pytest.mark.parametrize("name", ["iris", "digits"])
def test_files_of_parameters_are_those_of_the_page(name: str, folder: Path, tmp_path: Path) -> None:
    module, page, network = imported(folder / f"{name}_c.py"), built(named(name), "python"), Network(spec(named(name)))
    assert (module.PARAMETERS, module.LAYOUT) == (page.PARAMETERS, page.LAYOUT)
    page.save(page.unpack(start(network)), str(tmp_path / "page.json"))
    module.save(module.load(str(tmp_path / "page.json")), str(tmp_path / "module.json"))
    assert (tmp_path / "page.json").read_bytes() == (tmp_path / "module.json").read_bytes()
    with pytest.raises(ValueError, match="expected the parameters of"):
        built(named("xor_mlp"), "python").load(str(tmp_path / "module.json"))
    (x,), _ = examples(network, 1)
    params = str(tmp_path / "page.json")
    same(module.forward(module.load(params), x), page.forward(page.load(params), x))
    same(module.scale(x), page.scale(x))


@pytest.mark.parametrize("name", ["iris", "digits"])
def test_what_does_not_fit_is_refused(name: str, folder: Path) -> None:
    module, layers = imported(folder / f"{name}_c.py"), spec(named(name)).layers
    inputs, outputs = len(spec(named(name)).input_names), len(layers[-1].unit_names)
    params, x, y = module.init(), [0.5] * inputs, [1.0] + [0.0] * (outputs - 1)
    many = "expected as many xs as ys, at least 1, and batches of at least 1; got"
    wrong: list[tuple[Callable[[], object], str]] = [
        (lambda: module.forward(params, [*x, 1.0]), f"expected {inputs} inputs, got {inputs + 1}"),
        (
            lambda: module.forward(params[:-1], x),
            r"expected \d+ parameters as this module makes them, got array\('d', ",
        ),
        (lambda: module.forward(params, []), f"^expected {inputs} inputs, got 0$"),
        (lambda: module.forward(list(params), x), r"expected \d+ parameters as this module .*, got \["),
        (lambda: module.gradient(params[:-1], x, y), "expected .*parameters.*got"),
        (lambda: module.gradient(params, x[1:], y), f"expected {inputs} inputs, got {inputs - 1}"),
        (lambda: module.gradient(params, x, [*y, 0.0]), f"expected {outputs} targets, got {outputs + 1}"),
        (lambda: module.gradient(params, x, [float("nan")] * outputs), "numbers from 0 to 1.*nan"),
        (lambda: module.loss(params, x, [0.9] * outputs), "numbers from 0 to 1 that sum to 1 .* got .*0.9"),
        (lambda: module.step(params, params[1:], module.init_state(params)), "expected .* parameters"),
        (lambda: module.step(params[1:], params, module.init_state(params)), "expected .* parameters"),
        (lambda: module.step(params, params, params[:0]), "expected 1 numbers of a state"),
        (lambda: module.train_step(params, x, y, params[:0]), "expected 1 numbers of a state"),
        (lambda: module.train_step(memoryview(params).toreadonly(), x, y, params[:1]), "expected .* parameters"),
        (lambda: module.fit(params, [x], []), f"^{many} 1, 0 and "),
        (lambda: module.fit(params, [], []), f"^{many} 0, 0 and "),
        (lambda: module.fit(params, [x], [y], batch_size=0), f"^{many} 1, 1 and 0$"),
        (lambda: module.fit(params, [x, x[1:]], [y, y]), f"expected {inputs} inputs, got {inputs - 1}"),
        (lambda: module.fit(params, [x, x], [y, x]), f"expected {outputs} targets, got {inputs}"),
        (lambda: module.fit(params[1:], [x], [y]), "expected .* parameters"),
        (lambda: module.unpack([0.0]), "expected .* parameters, got 1"),
        (lambda: module.scale(x[1:]), f"expected {inputs} inputs, got {inputs - 1}"),
    ]
    for call, message in wrong:
        with pytest.raises(ValueError, match=message):
            call()
    for seed in (0.5, "1"):
        with pytest.raises(TypeError):
            module.init(seed)


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Small networks, with linear and with hyperbolic units."""
    made = {}
    for activation in ("linear", "tanh"):
        changed = small(activation).model_dump(by_alias=True) | {"targets": ["c"]}
        made[activation] = imported(write(Spec.model_validate(changed), tmp_path_factory.mktemp(activation)))
    return made


@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers_of_any_kind_give_the_right_answer(kind: str, modules: dict[str, Any]) -> None:
    given, floats = numbers(kind)
    for module in modules.values():
        params, y = module.init(), [0.5, 0.25]
        assert module.forward(params, given) == module.forward(params, floats)
        assert module.gradient(params, given, y) == module.gradient(params, floats, y)
        assert module.fit(params, [given], [y], 1) == module.fit(params, [floats], [y], 1)
        if max(map(abs, floats)) < 1e18:
            assert module.gradient(params, y, given) == module.gradient(params, y, floats)


@pytest.mark.parametrize("name", NO_NUMBERS)
def test_what_is_no_list_of_numbers_is_refused(name: str, modules: dict[str, Any]) -> None:
    given, module, y = NO_NUMBERS[name], modules["linear"], [0.5, 0.25]
    params = module.init()
    for call, arguments in (
        (module.forward, (params, given)),
        (module.loss, (params, y, given)),
        (module.gradient, (params, given, y)),
        (module.fit, (params, [given], [y], 1)),
    ):
        with pytest.raises(ValueError, match="expected a list of numbers, got "):
            call(*arguments)


@pytest.mark.parametrize("given", [5, None, 1.5])
def test_what_is_no_list_is_refused(given: Any, modules: dict[str, Any]) -> None:
    module, y = modules["linear"], [[0.5, 0.25]]
    params = module.init()
    for call, arguments in (
        (module.forward, (params, given)),
        (module.loss, (params, y[0], given)),
        (module.fit, (params, given, y)),
        (module.fit, (params, y, given)),
        (module.fit, (given, y, y)),
        (module.unpack, (given,)),
    ):
        with pytest.raises(ValueError, match="expected a list of numbers, got "):
            call(*arguments)


def test_a_table_is_read_by_its_rows(modules: dict[str, Any]) -> None:
    import pandas as pd  # here, since it takes half a second to import

    xs, ys, module = [[0.5, 0.25], [0.125, 1.0]], [[1.0, 0.0], [0.0, 0.5]], modules["tanh"]
    expected = module.fit(module.init(), xs, ys, 3, 1, 2)
    for index in ([0, 1], [1, 0]):
        tables = pd.DataFrame(xs, index=index), pd.DataFrame(ys, index=index)
        assert module.fit(module.init(), *tables, 3, 1, 2) == expected
    with pytest.raises(ValueError, match="expected a list of numbers"):
        module.forward(module.init(), pd.DataFrame(xs))
    for given in ({0: [0.5, 0.25]}, {(0.5, 0.25)}):
        with pytest.raises(ValueError, match="expected a list of examples, got "):
            module.fit(module.init(), given, ys[:1], 1)


def test_arrays_are_not_held_back(folder: Path) -> None:
    """An array whose buffer others still hold cannot grow."""
    module = imported(folder / "iris_c.py")
    params, state = module.init(), module.init_state(module.init())
    _, slopes = module.gradient(params, [0.5] * 4, [1.0, 0.0, 0.0])
    module.step(params, slopes, state)
    for one in (params, slopes, state):
        one.append(0.0)


def test_many_examples_may_be_an_array(folder: Path) -> None:
    module, network = imported(folder / "iris_c.py"), Network(spec(named("iris")))
    xs, ys = examples(network, 20)
    expected = module.fit(module.init(), xs.tolist(), ys.tolist(), 3)
    for one, other in ((xs, ys), (np.asfortranarray(xs), np.asfortranarray(ys)), (tuple(xs), list(ys))):
        assert module.fit(module.init(), one, other, 3) == expected


@pytest.mark.parametrize("name", ["xor_mlp", "digits", "digits_batch_norm"])
def test_with_a_selftest(name: str, tmp_path: Path) -> None:
    asked = {"targets": [{"name": "c", "binding": True}]}
    bound = Spec.model_validate(spec(named(name)).model_dump(by_alias=True) | asked)
    made = texts(bound, named(name).parent, selftest=module_numbers)
    module = imported(put(name, made["c"], made["binding"], tmp_path))
    assert module.selftest() <= 1e-9
    with pytest.raises(ValueError, match=r"expected .* for the "):
        module.selftest(-1.0)


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_what_stands_between_compiles_without_a_warning(dtype: str, compiler: str, tmp_path: Path) -> None:
    """With every fact that a module may state about its network."""
    asked = {"targets": [{"name": "c", "binding": True, "dtype": dtype}]}
    described = [spec(named(name)) for name in ("iris", "digits", "digits_batch_norm", "ratings_mf")]
    described += [told.spec for told in stories("sample")[::3]]
    stated: set[str] = set()
    for k, one in enumerate(described):
        made = texts(Spec.model_validate(one.model_dump(by_alias=True) | asked), ROOT / "specs")
        source = KINDS["binding.c"].path(tmp_path / f"{k}", one.name).with_name("module.c")
        source.parent.mkdir(parents=True)
        for kind, text in made.items():
            KINDS[kind].path(tmp_path / f"{k}", one.name).write_text(text, "utf-8")
        source.write_text(made["binding"].split('_SOURCE = """')[1].split('"""')[0], "utf-8")
        stated |= set(re.findall("^#define ([A-Z_]+) ", source.read_text("utf-8"), re.MULTILINE))
        checks = [*(flag for flag in WARNINGS if flag != "-pedantic"), "-Wno-unused-parameter"]  # slots have functions
        run(compiler, "-std=c11", *checks, "-isystem", sysconfig.get_path("include"), "-fsyntax-only", source)
    assert stated >= set(re.findall("^#ifn?def ([A-Z_]+)", binding_source(), re.MULTILINE))


def of_network(told: Sequence[Told], folder: Path) -> tuple[Any, Any, list[Any], list[Any]]:
    """A module, its parameters, and its examples."""
    module = imported(write(told[0].spec, folder))
    return module, module.init(), told[0].x.tolist(), told[0].y.tolist()


def test_weights_and_seeds_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    weighed = [told for told in stories("sample") if told.alone and not plan(told.spec).needs_batch]
    module, params, xs, ys = of_network(weighed, tmp_path)
    for weight in (-1.0, 1e18, math.nan):
        with pytest.raises(ValueError, match="a weight of at least 0 and less than 1e18, got "):
            module.gradient(params, xs[0], ys[0], weight)
        with pytest.raises(ValueError, match="12 weights of at least 0 and less than 1e18, got 12: "):
            module.fit(params, xs, ys, 1, weights=[weight] * 12)
    with pytest.raises(ValueError, match="expected 12 weights, got 1"):
        module.fit(params, xs, ys, 1, weights=[1.0])


def test_batches_without_any_weight_are_refused(tmp_path: Path) -> None:
    shared = [told for told in stories("networks") if told.own and not told.alone]
    for coupled in (False, True):
        found = [told for told in shared if plan(told.spec).needs_batch == coupled]
        module, params, xs, ys = of_network(found, tmp_path)
        counts = [1.0] * 8 + [0.0] * 4
        module.fit(params, xs, ys, 1, 12, None, weights=counts)
        with pytest.raises(ValueError, match="weights that do not sum to 0 over a batch"):
            module.fit(params, xs, ys, 1, 1, None, weights=counts)
        if coupled:
            with pytest.raises(ValueError, match="weights that do not sum to 0 over a batch"):
                module.batch_gradient(params, xs, ys, [0.0] * 12)
            with pytest.raises(ValueError, match="as many xs as ys, at least 1; got 0 and 0"):
                module.batch_gradient(params, [], [])


def test_too_few_examples_to_keep_a_share_are_refused(tmp_path: Path) -> None:
    kept = [told for told in stories("sample") if (stop := told.spec.training.stop) and stop.validation]
    module, params, xs, ys = of_network(kept, tmp_path)
    with pytest.raises(ValueError, match=r"enough examples to keep a share of .* for validation, got 1"):
        module.fit(params, xs[:1], ys[:1])


def test_examples_that_become_fewer_are_refused(tmp_path: Path) -> None:
    class Shrinking:
        """Examples, half of which are gone once they have been counted."""

        def __init__(self, rows: list[Any]) -> None:
            self.rows, self.counts = rows, iter([len(rows)])

        def __len__(self) -> int:
            return next(self.counts, len(self.rows) // 2)

        def __getitem__(self, place: int) -> Any:
            return self.rows[place]

    stop = {"name": "patience", "epochs": 2, "validation": 0.5}
    training = {"optimizer": {"name": "adam", "rate": 0.01}, "stop": stop}
    made = described([layer("o", 3, "softmax")], "cross_entropy", inputs={"name": "x", "size": 4}, training=training)
    net = imported(write(Spec.model_validate({**made, "targets": [{"name": "c", "binding": True}]}), tmp_path))
    xs, ys = [[0.1, 0.2, 0.3, 0.4]] * 40, [[1.0, 0.0, 0.0]] * 40
    with pytest.raises(ValueError, match="expected"):
        net.fit(net.init(), Shrinking(xs), Shrinking(ys), epochs=1)
