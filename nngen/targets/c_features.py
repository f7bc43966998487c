"""What the fixed functions of C depend on: the features of a network, and the words that only it has."""

from nngen.mathematics.formulas import flat
from nngen.targets.c_layout import c_text, harmless
from nngen.targets.page import Page
from nngen.targets.rows import limits

MANY = 20
"""The most columns of numbers with names of their own in a row, and answers with functions of their own."""


def features(page: Page) -> frozenset[str]:
    """The features of a network, by the names that the runtime file explains."""
    plan, room, loss, test = page.plan, page.workspace, page.plan.loss, page.selftest
    weighted, classes = loss.example_weights, loss.weight is not None and loss.weight.by_class is not None
    stop, kept = plan.stop, plan.stop is not None and bool(plan.stop.share or plan.stop.places)
    trains, work, ids = room.trains, bool(room.work), bool(plan.indices)
    together = room.tiles or (plan.needs_batch and (trains or page.has("batches")))
    once = plan.penalty is not None and room.dense
    mean, lazy = loss.mean and not loss.weighted_mean, ids and not plan.dense_steps
    checks, files, rows = page.has("checks"), page.has("files"), plan.encoding if predicts(page) else None
    found = {
        "FLOAT": page.dtype == "float32",
        "TOGETHER": together,
        "TILES": room.tiles,
        "NORMALIZATION": plan.needs_batch,
        "IDS": ids,
        "LAZY": lazy,
        "MEAN": mean,
        "WEIGHTED_MEAN": loss.weighted_mean,
        "EXAMPLE_WEIGHTS": weighted,
        "CLASS_WEIGHTS": classes,
        "WEIGHTS": loss.weight is not None,
        "OWN_WEIGHT": weighted and not loss.weighted_mean,
        "DROPOUT": plan.has_dropout,
        "SEED_OF_ONE": plan.has_dropout and not plan.needs_batch,
        "PENALTY": once,
        "PENALTY_COUNTS": once and not loss.mean and not loss.weighted_mean,
        "WORK_MEMORY": work,
        "WORK_ALONE": work and not together,
        "MEMORY": work or together,
        "MEMORY_OF_VALIDATION": work or room.tiles,
        "WORK_OF_VALIDATION": work and not room.tiles,
        "ONE_IS_A_BATCH": together or once,
        "ADDED_HERE": not (together or once or kept or page.has("batches", "checks")),
        "TIMES_SIZE": mean and not lazy,
        "STOP": stop is not None,
        "SINCE": stop is not None and (files or "since" in stop.condition.variables),
        "EVERY": stop is not None and stop.every > 1,
        "VALIDATION": kept,
        "LISTED": stop is not None and bool(stop.places),
        "FILES": files,
        "RULE": files and stop is not None,
        "ROW_ARRAY": rows is not None and many_columns(page),
        "SCALED": plan.scaling is not None,
        "PREDICTS": rows is not None,
        "CLASSIFIES": rows is not None and bool(rows.classes),
        "SEVERAL": len(plan.output.units) > 1,
        "ANOMALIES": rows is not None and rows.of_inputs,
        "LIMITED": rows is not None and rows.limit is not None,
        "SHARES": rows is not None and rows.probabilities,
        "LOGS": rows is not None and rows.in_logs,
        "INTERVALS": rows is not None and bool(rows.scores),
        "HAS_STATE": plan.state_size > 0,
        "CLIPS": plan.optimizer.factor is not None,
        "TESTS": test is not None,
        "TEST_SUMS": test is not None and test.sums,
        "TEST_ROWS": test is not None and bool(test.raw),
        "TEST_SLOPES": test is not None and page.sensitive,
        "DISTRIBUTION": loss.distribution,
        "DRAWN": bool(room.drawn),
        "CHECKS": checks,
        "CHECKED_IDS": checks and ids,
        "CHECKED_WEIGHTS": checks and weighted,
        "REFUSES": checks or ids,
    }
    return frozenset(name for name, there in found.items() if there)


def words(page: Page) -> dict[str, str]:
    """What words stand for in the fixed functions of a network; those of comments have no mark that ends one."""
    plan, room, stop = page.plan, page.workspace, page.plan.stop
    rows = sum(index.count for index in plan.indices)
    numbers = {
        "LARGEST": limits(page.dtype)["LARGEST"],
        "ALONE": "NET_EXAMPLE" if plan.needs_batch else str(room.gradient),
        "ROWS": str(rows),
        "TRAINING_SEED": f"{plan.training_seed}u",
        "BEGIN": f"memory + {room.begin}" if room.begin else "memory",
        "PLACES": str(places(page)),
        "ID_INPUTS": str(len(plan.indices)),
        "NUMBER_INPUTS": str(len(plan.numbers)),
        "THRESHOLD": f"{plan.encoding.threshold}{'f' * (page.dtype == 'float32')}" if plan.encoding else "0",
    }
    if plan.encoding and plan.encoding.limit is not None:
        numbers["LIMIT"] = f"{plan.encoding.limit}{'f' * (page.dtype == 'float32')}"
    if plan.encoding and plan.encoding.scores:
        numbers["SCORE"] = f"{plan.encoding.scores[0]!r}{'f' * (page.dtype == 'float32')}"
    if plan.encoding:
        numbers["MISSING_TEXTS"] = ", ".join(map(c_text, plan.encoding.missing))
    if page.selftest:
        numbers |= {
            "TEST_SEED": f"{page.selftest.seed}u",
            "TEST_STEPS": str(page.selftest.steps),
            "TEST_ROWS": str(len(page.selftest.raw)),
            "NEGATIVE": (page.words.number or "{}").format(plan.loss.negative_target),
        }
    if stop:
        numbers |= {
            "KEPT": str(len(stop.places)),
            "LEAST": str(stop.least) if stop.places else "0",
            "SHARE": str(stop.share),
            "DRAW": f"{stop.seed}u",
            "STOPS": flat(stop.condition.write(page.words)),
            "EVERY": str(stop.every),
        }
    says = {
        "TOLERANCE": "1e-4" if page.dtype == "float32" else "1e-9",
        "REDUCTION": plan.loss.over_batch,
        "ROOM": _room(page),
        "ORDER_SEED": "no seed" if plan.order_seed is None else f"a seed of {plan.order_seed}",
        "REFUSALS": _refusals(page),
        "SAYS_ANOMALY": plan.encoding.says_anomaly if plan.encoding else "",
        "HOLDS": plan.encoding.holds if plan.encoding else "",
        "STOP_RULE": stop.comment if stop else "",
    }
    return numbers | {word: harmless(text) for word, text in says.items()}


def predicts(page: Page) -> bool:
    """Whether a row of the data has an answer."""
    return page.plan.encoding is not None and page.plan.encoding.predicts


def many_columns(page: Page) -> bool:
    """Whether a row is an array, as its columns are many numbers, such as pixels; otherwise it is a struct."""
    rows = page.plan.encoding
    return rows is not None and rows.plain and len(rows.columns) > MANY


def places(page: Page) -> int:
    """The whole numbers of training for each example: its place, its key or its seed, its place for validation."""
    stop = page.plan.stop
    return 2 + bool(stop and (stop.share or stop.places))


def _room(page: Page) -> str:
    """The numbers in the memory of an epoch."""
    plan, room, found = page.plan, page.workspace, ["NET_PARAMETERS"]
    if room.tiles:
        found.append("NET_BATCH")
    elif room.work:
        found.append("NET_WORK")
    if plan.indices and not plan.dense_steps:
        found.append(str(2 * sum(index.count for index in plan.indices)))
    return " + ".join(found)


def _refusals(page: Page) -> str:
    """Why ``fit`` does nothing."""
    plan = page.plan
    checks, ids = page.has("checks"), bool(plan.indices)
    why = "targets or weights are refused" if checks else "an id has no row" if ids else "there are no examples"
    if not checks and plan.stop and (plan.stop.share or plan.stop.places):
        why += ", or if the examples are too few for validation"
    return why + (", and nothing is changed" if checks or ids else "")
