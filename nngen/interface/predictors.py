"""A trained network as an estimator of scikit-learn."""

from typing import TYPE_CHECKING

from nngen.common.files import refused
from nngen.description.data import encoding
from nngen.interface.calls import called
from nngen.interface.network import Source
from nngen.interface.result import Parameters, Result, with_parameters

if TYPE_CHECKING:
    from nngen.sklearn import NetworkClassifier, NetworkRegressor


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
