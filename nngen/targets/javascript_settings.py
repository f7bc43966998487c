"""What the capital letters of the runtime file of JavaScript stand for in the module of a network."""

from nngen.mathematics.formulas import flat
from nngen.targets.loop_names import state_in_words
from nngen.targets.page import Page
from nngen.targets.settings import flags, numbers
from nngen.targets.specific import Settings

SMALL = 1_000
"""The most parameters of a module for predictions whose products take one row of a matrix at a time.

Four rows at a time take 25 lines more. They save 0.15 of 0.7 µs at 577 parameters, and 0.7 of 2.3 µs at 2,410.
"""


def settings_of_javascript(page: Page) -> Settings:
    """What a network has, and the words of its module."""
    plan = page.plan
    return {
        **flags(page),
        "DESCENDS": page.rate is not None,
        "FOUR_ROWS": page.has("gradient") or page.selftest is not None or plan.size > SMALL,
        "FROZEN": bool(plan.frozen),
        "LATER": page.adds_products_later,
        "LAZY": False,  # steps find the rows of embeddings themselves
        "REMEMBERS": page.remembers,
        "SIZES": page.has("checks") and not plan.needs_batch,
        **_of_rows(page),
        **_of_selftest(page),
        **numbers(page),
        **_of_parameters(page),
        **_of_examples(page),
        **_of_training(page),
    }


def _of_parameters(page: Page) -> dict[str, str]:
    """How parameters, derivatives and the state of the optimizer are copied and checked."""
    plan, optimizer = page.plan, page.plan.optimizer
    layers = page.level == "layers"
    size = numbers(page)
    divided = "_rows(slopes).forEach((row) => row.forEach((slope, j) => (row[j] = slope / whole)))"
    cleared = "_EMBEDDINGS.forEach((k) => slopes[k].clear());\n  " * bool(plan.indices)
    cleared += "_rows(slopes).forEach((row) => row.fill(0.0))"
    slots = [f"[...state[{i}]]" for i in range(optimizer.counts, optimizer.counts + len(optimizer.memory))]
    starts = [f"Array({plan.size}).fill({start})" for start in optimizer.memory.values()]
    zeros = "params.map((W) => W.map((row) => [...row].fill(0.0)))" if layers else "[...params].fill(0.0)"
    check = "_check_shapes(params)" if layers else f'_check_list(params, {plan.size}, "{size["NOUN_W"]}")'
    return {
        "CHECK_PARAMS": check,
        "CLEARED": cleared if layers else "slopes.fill(0.0)",
        "COPIED": _copied(page),
        "COPY_CHECKED": _copied(page, check),
        "DIVIDED": divided if layers else "slopes.forEach((slope, j) => (slopes[j] = slope / whole))",
        "RATE": str(page.rate),
        "REMEMBERED": state_in_words(optimizer),
        "Slopes": "Slopes" if plan.indices else "Params",
        "STARTS": f"[{', '.join(['0'] * optimizer.counts + starts)}]",
        "STATE": f"[{', '.join(['number'] * optimizer.counts + ['number[]'] * len(optimizer.memory))}]",
        "STATE_COPY": f"[{', '.join(['state[0]'] * optimizer.counts + slots)}]" if page.remembers else "state",
        "UPDATED": f"updated, gradient{', after' * page.remembers}",
        "ZEROS": "_zeros(params)" if plan.indices else zeros,
    }


def _copied(page: Page, params: str = "params") -> str:
    """A copy of the parameters."""
    return f"{params}.map((W) => W.map((row) => [...row]))" if page.level == "layers" else f"[...{params}]"


def _of_examples(page: Page) -> dict[str, str]:
    """The arguments of functions of an example and of a batch, and what their comments say."""
    plan, loss = page.plan, page.plan.loss
    own, drops, later = loss.example_weights, plan.has_dropout, page.adds_products_later
    its_weight = ", times its weight" if loss.weight and not loss.weighted_mean else ""
    how = ", as forward computes" if plan.needs_batch else ""
    said = f"loss{' of one example' * plan.needs_batch}{its_weight}"
    slope = "derivative" if plan.needs_batch else "slope"
    seeded = ".\n\nThe seed draws the units that dropout leaves out; without a seed it leaves out none, as in forward"
    weighed = page.weighted or loss.weighted_mean
    trial = ["xs[k]", "ys[k]"] + ["weights[k]"] * weighed + ["seeds[k]"] * drops + ["slopes"] + ["products"] * later
    return {
        "EXAMPLES": ", ".join(["xs", "ys"] + ["weights"] * own + ["seeds"] * drops),
        "EXAMPLE_OF_TRIAL": ", ".join(trial),
        "OF_CLASS": _of_class(page),
        "SAYS_SLOPES": f"{said}, and its {slope} by each parameter{how}{seeded * (drops and not plan.needs_batch)}",
        "SAYS_WEIGHT": f"{loss.weight.comment.capitalize()}." if loss.weight else "",
        "SAYS_LOSS": f"loss of one example{its_weight}{how}",
        "TRIAL_WEIGHTS": "[0.1, 0.2, 0.3, 0.4]"
        if loss.weighted_mean and not plan.needs_batch
        else "[1.0, 2.0, 3.0, 4.0]",
    }


def _of_class(page: Page) -> str:
    """The weight of the class of an example whose targets are ``y``."""
    weight = page.plan.loss.weight
    if weight is None or weight.by_class is None:
        return "1.0"
    numbers, names = (
        ("_CLASS_WEIGHTS.map((c, i)", {"c": "c", "y": "y[i]"}) if weight.classes else ("y.map((y)", {"y": "y"})
    )
    return f"_sum({numbers} => {flat(weight.by_class.write(page.words, names.__getitem__))}))"


def _of_training(page: Page) -> dict[str, str]:
    """The words of ``fit``."""
    plan, stop = page.plan, page.plan.stop
    files = page.has("files")
    progress = f"[number, State{', number, number, Params, number' * (stop is not None)}]"
    says = [
        "Each epoch takes the examples in a new random order, or as they are if seed is null. A batch_size of null"
        f" takes all in one step. After each epoch fit calls callback(epoch, loss, params{', progress' * files});"
        " a true result ends training.",
        *(["Called again with those params and that progress, fit continues after that epoch."] * files),
        *(["The weights say how much each example counts; without them, all count 1."] * plan.loss.example_weights),
    ]
    more = [" ".join(says)]
    if plan.has_dropout:
        more.append("The seed also draws which units dropout leaves out, for each example of each epoch.")
    if stop:
        more.append(stop.comment)
    return {
        "BATCH_SIZE": _literal(plan.batch_size),
        "ORDER_SEED": _literal(plan.order_seed),
        "Progress": progress,
        "SAYS_FIT": "\n\n".join(more),
        "SAYS_STEPPED": "A step, in place",
        "SAYS_GIVEN": "and return the parameters and the loss",
        "TARGET_HOLDS": flat(plan.loss.target.write(page.words)),
        "TYPES_SEEN": f"params: Params{f', progress: {progress}' * files}",
    }


def _literal(number: int | None) -> str:
    return "null" if number is None else str(number)


def _of_rows(page: Page) -> dict[str, bool | str]:
    """The pieces of text of the functions that read a row."""
    encoding = page.plan.encoding
    if encoding is None:
        return {"PLACED": "any", "SAYS_MISSING": "any"}
    placed = ["column", "value"] + ["missing"] * encoding.fills_texts
    placed += ["unknown"] * any(column.unknown for column in encoding.listed)
    return {
        "PLACED": ", ".join(placed),
        "SAYS_MISSING": 'Missing is the text of a missing value, "" for none.' * encoding.fills_texts,
    }


def _of_selftest(page: Page) -> dict[str, bool | str]:
    """What a self-test has."""
    test = page.selftest
    return {
        "ROWS_OF_TEST": test is not None and bool(test.raw),
        "TEST_SUMS": test is not None and test.sums,
        "TEST_SEED": str(test.seed if test else 0),
        "TEST_STEPS": str(test.steps if test else 0),
    }
