import numpy as np
import pytest

from nngen.description.model.spec import Spec
from nngen.proof.reference import Network

pytestmark = pytest.mark.oracle

RATE, STEPS = 0.3, 5


@pytest.mark.parametrize("weighted", [False, True], ids=["alike", "weighted"])
@pytest.mark.parametrize(
    ("kind", "output", "loss"),
    [
        ("MLPRegressor", "linear", "half_squared_error"),
        ("MLPClassifier", "softmax", "cross_entropy"),
        ("MLPClassifier", "sigmoid", "binary_cross_entropy"),
    ],
)
def test_full_batch_steps(kind: str, output: str, loss: str, weighted: bool) -> None:
    from sklearn import neural_network  # here, so that the other tests are collected without scikit-learn

    outputs, classes = (1, 2) if output == "sigmoid" else (3, 3)
    layers = [("h1", 5, "tanh"), ("h2", 4, "tanh"), ("o", outputs, output)]
    convention = {"batch": "weighted_mean", "example_weights": True} if weighted else {}
    spec = {
        "name": "net",
        "inputs": {"name": "pixel", "size": 4},
        "layers": [dict(zip(("name", "units", "activation"), layer, strict=True)) for layer in layers],
        "loss": {"name": loss, "outputs": "sum", **convention},
        "training": {"optimizer": {"name": "gradient_descent", "rate": RATE}, "batch_size": "full", "epochs": STEPS},
    }
    random = np.random.default_rng(1)
    x = random.normal(size=(30, 4))
    drawn = random.integers(classes, size=30)
    y = np.eye(classes)[drawn][:, -outputs:] if kind == "MLPClassifier" else random.normal(size=(30, 3))
    targets = {"y": drawn, "classes": range(classes)} if kind == "MLPClassifier" else {"y": y}
    weights = random.uniform(0.0, 3.0, size=30) if weighted else None
    options = {"solver": "sgd", "learning_rate_init": RATE, "momentum": 0.0, "alpha": 0.0, "batch_size": len(x)}
    model = getattr(neural_network, kind)(hidden_layer_sizes=(5, 4), activation="tanh", random_state=1, **options)

    def packed() -> list[float]:
        pairs = zip(model.coefs_, model.intercepts_, strict=True)
        return [float(number) for pair in pairs for values in pair for number in values.T.flat]

    model.partial_fit(x, sample_weight=weights, **targets)  # the first call draws the parameters
    network = Network(Spec.model_validate(spec))
    trained, history = network.fit(network.unpack(packed()), x, y, weights=weights)
    for _ in range(STEPS):
        model.partial_fit(x, sample_weight=weights, **targets)
    share = 3.0 if kind == "MLPRegressor" else 1.0  # it reports the mean over the outputs
    np.testing.assert_allclose(history, share * np.array(model.loss_curve_[1:]), rtol=1e-10)
    np.testing.assert_allclose(network.pack(trained), packed(), rtol=1e-10, atol=1e-13)
