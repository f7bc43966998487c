"""Plans of small specs."""

from typing import Any

from nngen.description.model.spec import Spec
from nngen.plan.network import Plan
from nngen.plan.planner import plan


def planned(*layers: dict[str, Any], **more: Any) -> Plan:
    return plan(of(*layers, **more))


def of(*layers: dict[str, Any], **more: Any) -> Spec:
    base: dict[str, Any] = {
        "name": "net",
        "inputs": ["x1", "x2"],
        "layers": [{"activation": "tanh", **layer} for layer in layers],
        "loss": {"name": "squared_error", "outputs": "sum"},
        "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}},
    }
    return Spec.model_validate(base | more)
