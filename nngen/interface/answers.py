"""Answers of a trained network for a table, how good they are, and the network as an estimator."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, overload

from nngen.commands.evaluate import Evaluation, evaluation
from nngen.commands.integers import Comparison, compared
from nngen.commands.predict import Asked, answer_rows
from nngen.common.cautions import rows_left_out, unknown_values
from nngen.common.choices import Integers
from nngen.common.files import refused
from nngen.description.data import encoding
from nngen.interface.calls import called, warn
from nngen.interface.network import Source
from nngen.interface.result import Parameters, Result, with_parameters
from nngen.interface.tables import WHERE, Encoding, Held, Table

if TYPE_CHECKING:
    from nngen.sklearn import NetworkClassifier, NetworkRegressor

__all__ = ["Comparison", "Evaluation", "evaluate", "predict"]


@called
def predict(
    network: Source | Result,
    table: Table = None,
    *,
    params: Parameters = None,
    encoding: Encoding | None = None,
    interval: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """The answer for each row of a table, in the order of the rows.

    How many values are unknown is a warning of the class ``nngen.Caution``.

    Args:
        network: the result of a training, or a spec with ``params``.
        table: a path, a data frame, or a list of rows, with the columns of the inputs; None for the data of the spec.
        params: trained parameters: their file, or a flat list.
        encoding: that of a file of text; None for that of the spec's data.
        interval: whether there are also the bounds of each number, or the set of classes, of ``data.interval``.

        explain: whether there is also ``because``, in words: the columns that move each answer most away from that to
            a typical row of the training data, and by how much.

    Returns:
        For each row the target, a class or a number in the units of the data, and where the network has them the
        probability ``p(CLASS)`` of each class. With ``interval`` also ``lower(TARGET)`` and ``upper(TARGET)``, or
        ``classes``, the names of the classes with ``|`` between them.

    Raises:
        SpecError: the spec, the table or a file is wrong, or there are no parameters.
    """
    plain = isinstance(table, dict) and params is encoding is None and not (interval or explain)
    if plain and isinstance(network, Result) and (one := network._kept.get("one")) and (answer := one.answer(table)):
        return [answer]
    held = None if table is None else Held(table)
    asked = replace(_asked(network, params, held, encoding), interval=interval, explain=explain)
    found = [row for part in answer_rows(asked) for row in part]
    if plain and "one" in asked.kept:
        asked.kept["one"].names = frozenset(table)
    warn([*unknown_values(asked.unknown), *asked.unlike.lines()])
    return [dict(zip(found[0], row, strict=True)) for row in found[1:]]


@overload
def evaluate(
    network: Source | Result,
    table: Table = ...,
    *,
    params: Parameters = ...,
    encoding: Encoding | None = ...,
    dtype: None = ...,
) -> Evaluation: ...


@overload
def evaluate(
    network: Source | Result,
    table: Table = ...,
    *,
    params: Parameters = ...,
    encoding: Encoding | None = ...,
    dtype: Integers,
) -> Comparison: ...


@called
def evaluate(
    network: Source | Result,
    table: Table = None,
    *,
    params: Parameters = None,
    encoding: Encoding | None = None,
    dtype: Integers | None = None,
) -> Evaluation | Comparison:
    """How good the answers for a table are: the loss, metrics beside baselines, and the confusion matrix.

    How many values are unknown, and rows left out, are warnings of the class ``nngen.Caution``.

    Args:
        network: the result of a training, or a spec with ``params``.
        table: a table with the columns of the inputs and the target; None for the held-out rows of the spec's data,
            or all of them if none are held out.
        params: trained parameters: their file, or a flat list.
        encoding: that of a file of text; None for that of the spec's data.
        dtype: ``int8`` to compare the predictor in integers with the network in float64 instead.

    Raises:
        SpecError: the spec, the table or a file is wrong, there are no parameters, or integers do not hold the network.
    """
    held = None if table is None else Held(table)
    asked = _asked(network, params, held, encoding)
    found = evaluation(asked) if dtype is None else compared(asked)
    warn([*unknown_values(asked.unknown), *rows_left_out(asked.dropped)])
    return found


def _asked(network: Source | Result, params: Parameters, held: Held | None, encoding: str | None) -> Asked:
    """A network and the rows of a table, which must be kept while it is read."""
    loaded, flat = with_parameters(network, params)
    file, name = (None, "") if held is None else (held.path, WHERE * held.temporary)
    kept = network._kept if isinstance(network, Result) and params is None else {}
    return Asked(loaded.spec, loaded.path, flat, file, encoding, name=name, kept=kept)


@called
def predictor(network: Source | Result, *, params: Parameters = None) -> "NetworkClassifier | NetworkRegressor":
    """A fitted estimator of scikit-learn: ``predict``, and of classes ``predict_proba`` and ``classes_``.

    It takes a data frame with the columns of the inputs, or rows or an array in their order, ``feature_names_in_``.

    Args:
        network: the result of a training, or a spec with ``params``.
        params: trained parameters: their file, or a flat list.

    Raises:
        SpecError: the spec or a file is wrong, there are no parameters, or the network finds anomalies.
        ImportError: scikit-learn is missing.
    """
    from nngen.sklearn.estimators import predictor_of

    loaded, flat = with_parameters(network, params)
    how = encoding(loaded.spec, loaded.path.parent)
    if how and how.of_inputs:
        raise refused(loaded.path, "the targets are the inputs", "`nngen.predict` gives scores of anomalies")
    return predictor_of(loaded.spec, how, flat)
