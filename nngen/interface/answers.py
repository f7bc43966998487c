"""Answers of a trained network for a table, how good they are, and the network as an estimator."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypedDict, Unpack, overload

from nngen.commands.evaluate import Evaluation, evaluation
from nngen.commands.integers import Comparison, compared
from nngen.commands.predict import Asked, answer_rows
from nngen.commands.ranking import Ranking, ranking
from nngen.commands.recommend import new_user, ranked_rows
from nngen.common.cautions import rows_left_out, unknown_values
from nngen.common.choices import Integers
from nngen.common.files import refused
from nngen.common.ranges import Count
from nngen.description.data import encoding
from nngen.interface.calls import called, warn
from nngen.interface.network import Source
from nngen.interface.result import Parameters, Result, with_parameters
from nngen.interface.tables import WHERE, Encoding, Held, Table

if TYPE_CHECKING:
    from nngen.sklearn import NetworkClassifier, NetworkRegressor

__all__ = ["Comparison", "Evaluation", "Ranking", "evaluate", "predict", "predictor"]


@called
def predict(
    network: Source | Result,
    table: Table = None,
    *,
    params: Parameters = None,
    encoding: Encoding | None = None,
    interval: bool = False,
    explain: bool = False,
    top: Count | None = None,
    user: str | None = None,
    similar: str | None = None,
    of: str | None = None,
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
        top: this many best items of a network of ratings, for a user or for all, in place of answers to rows.
        user: the user of ``top``, an id of the first input.
        similar: with ``top``, an item or a user: the ids most like it.
        of: the input of the id of ``similar``; None for items, or users without it.

    Returns:
        For each row the target, a class or a number in the units of the data, and where the network has them the
        probability ``p(CLASS)`` of each class. With ``interval`` also ``lower(TARGET)`` and ``upper(TARGET)``, or
        ``classes``, the names of the classes with ``|`` between them.

    Raises:
        SpecError: the spec, the table or a file is wrong, or there are no parameters.
    """
    _check(table, top, user or similar, interval or explain)
    if (of is not None and similar is None) or (user is not None and similar is not None):
        raise refused("nngen.predict", "`user` asks for items, `similar` for ids, `of` for the input of `similar`")
    plain = isinstance(table, dict) and params is encoding is None and not (interval or explain)
    if plain and isinstance(network, Result) and (one := network._kept.get("one")) and (answer := one.answer(table)):
        return [answer]
    held = None if table is None else Held(table)
    asked = replace(_asked(network, params, held, encoding), interval=interval, explain=explain)
    parts = answer_rows(asked) if top is None else ranked_rows(asked, top, user, similar, of)
    found = [row for part in parts for row in part]
    if plain and "one" in asked.kept:
        asked.kept["one"].names = frozenset(table)
    warn([*new_user(asked.spec, asked.path, user), *unknown_values(asked.unknown), *asked.unlike.lines()])
    return [dict(zip(found[0], row, strict=True)) for row in found[1:]]


class _Judged(TypedDict, total=False):
    """The options of every evaluation."""

    params: Parameters
    encoding: Encoding | None


@overload
def evaluate(
    network: Source | Result, table: Table = ..., *, dtype: None = ..., **options: Unpack[_Judged]
) -> Evaluation: ...


@overload
def evaluate(
    network: Source | Result, table: Table = ..., *, dtype: Integers, **options: Unpack[_Judged]
) -> Comparison: ...


@overload
def evaluate(
    network: Source | Result, *, top: Count, relevant: float | None = ..., params: Parameters = ...
) -> Ranking: ...


@called
def evaluate(
    network: Source | Result,
    table: Table = None,
    *,
    params: Parameters = None,
    encoding: Encoding | None = None,
    dtype: Integers | None = None,
    top: Count | None = None,
    relevant: float | None = None,
) -> Evaluation | Comparison | Ranking:
    """How good the answers for a table are: the loss, metrics beside baselines, and the confusion matrix.

    How many values are unknown, and rows left out, are warnings of the class ``nngen.Caution``.

    Args:
        network: the result of a training, or a spec with ``params``.
        table: a table with the columns of the inputs and the target; None for the held-out rows of the spec's data,
            or all of them if none are held out.
        params: trained parameters: their file, or a flat list.
        encoding: that of a file of text; None for that of the spec's data.
        dtype: ``int8`` to compare the predictor in integers with the network in float64 instead.
        top: judge this many best items for each user by the held-out ratings instead.
        relevant: with ``top``, the least rating of a relevant item; None if all are.

    Raises:
        SpecError: the spec, the table or a file is wrong, there are no parameters, or integers do not hold the network.
    """
    _check(table, top, relevant, dtype)
    held = None if table is None else Held(table)
    asked = _asked(network, params, held, encoding)
    if top is not None:
        ranks = ranking(asked.spec, asked.path, asked.params, top, relevant)
        warn(ranks.cautions)
        return ranks
    found = evaluation(asked) if dtype is None else compared(asked)
    warn([*unknown_values(asked.unknown), *rows_left_out(asked.dropped)])
    return found


def _check(table: Table, top: int | None, about_top: object, others: object) -> None:
    """Refuse arguments that do not belong together."""
    if top is None and about_top is not None:
        raise refused("nngen", "`user`, `similar` and `relevant` belong to `top`", "add `top=10`")
    if top is not None and (table is not None or others):
        message = "`top` ranks the items of the spec"
        raise refused("nngen", message, "leave out the table, `dtype`, `interval` and `explain`")


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
