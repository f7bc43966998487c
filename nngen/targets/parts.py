"""The parts of modules: which names each part has in a language, and what a module has if nobody chose."""

from collections.abc import Collection, Iterator

from nngen.description.model import ALL, Spec, parts
from nngen.plan import Plan
from nngen.targets.targets import TARGETS

_ENTRIES = {
    "forward": "PARAMETERS forward",
    "gradient": "loss gradient batch_gradient",
    "training": "init init_state step train_step fit",
    "prediction": (
        "encode decode predict predict_proba predict_interval anomaly_score is_anomaly scale"
        " COLUMNS CATEGORIES CLASSES IDS"
    ),
    "files": "LAYOUT pack unpack save load",
    "checks": "check_gradient",
    "sensitivity": "input_gradient jacobian sensitivity contributions TYPICAL",
    "notes": "notes",
}
"""The names that users of a part call; a module has those that its network needs."""

_PREFIXED = {
    "forward": "NET_H NET_INPUTS NET_OUTPUTS NET_PARAMETERS NET_WORK net_forward",
    "gradient": "NET_EXAMPLE net_loss net_gradient",
    "training": (
        "NET_SEED NET_STATE NET_MEMORY NET_PLACES NET_MATRIX net_init net_init_state net_step net_epoch net_fit "
        "net_resume"
    ),
    "prediction": (
        "net_encode net_decode net_predict net_predict_proba net_predict_interval net_anomaly_score net_is_anomaly "
        "net_class net_answer net_scale net_name_of_class NET_CLASSES"
    ),
    "batches": "NET_TILE NET_BATCH net_batch_forward net_batch_gradient",
    "files": "NET_LAYOUT",
    "checks": "NET_STACK NET_COLUMNS net_name_of_column net_takes",
    "sensitivity": (
        "net_input_gradient net_jacobian net_sensitivity net_contributions net_typical NET_COLUMNS net_name_of_column"
    ),
    "notes": "net_notes NET_COLUMNS net_name_of_column",
}
"""The same where names begin with that of the network, which is ``net`` in the runtime file."""


def entries(target: str, chosen: Collection[str]) -> Iterator[str]:
    """The names that users of a module with these parts call, and the trained parameters."""
    prefixed = TARGETS[target].prefixed
    for part, names in (_PREFIXED if prefixed else _ENTRIES).items():
        if part in chosen:
            yield from names.split()
    yield from ("net_trained", "NET_SELFTEST", "net_selftest") if prefixed else ("TRAINED", "selftest")


def of_columns(planned: Plan) -> Iterator[str]:
    """The functions of a header between the texts of a table and its categories or ids."""
    if planned.encoding:
        for column in planned.encoding.columns:
            yield from (f"net_{column.name}_of", f"net_{column.name}_names")


def of_module(spec: Spec, planned: Plan, target: str, *, trained: bool, asked: Collection[str] = ()) -> frozenset[str]:
    """The parts of a module: those that the user asked for, or those that such a module usually has.

    Args:
        spec: the spec; its ``contents`` count if nothing was asked for.
        planned: its plan.
        target: a name in ``TARGETS``. The binding of a header needs all of it.
        trained: whether the module carries trained parameters.
        asked: parts, such as those of ``--contents``.
    """
    if TARGETS[target].bound and spec.binding:  # it calls all parts but the derivatives with respect to the inputs
        return ALL | parts(asked or spec.contents or ())
    return _asked(spec, planned, trained, asked) & TARGETS[target].parts


def _asked(spec: Spec, planned: Plan, trained: bool, asked: Collection[str]) -> frozenset[str]:
    """The same for a language that has all parts."""
    chosen = asked or spec.contents
    if chosen:
        return parts(chosen)
    rows = planned.encoding is not None and planned.encoding.predicts
    if trained:
        return parts(["prediction" if rows else "forward"])
    return parts(["training", "prediction"] if rows else ["training"])


__all__ = ["ALL", "entries", "of_module"]
