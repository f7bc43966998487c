"""The derivatives with respect to the inputs: of the loss, of the outputs, and of the outputs before their activation.

They are those of ``forward``: no unit is dropped, and running statistics are constants.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from nngen.proof.reference.generator import Array
from nngen.proof.reference.kinds import shared_out
from nngen.proof.reference.layers import Trace, back, parameters
from nngen.proof.reference.losses import output_error
from nngen.proof.reference.passes import Passes, batch_of


class Derivatives(Passes):
    """The derivatives of a network with respect to its inputs that are numbers."""

    def input_gradient(
        self, params: Sequence[Array], x: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None
    ) -> tuple[float, Array]:
        """The loss of a batch, and its derivatives with respect to the inputs, ``(n, numbers)``."""
        outputs, traces, _ = self._run(params, x)
        z, a = traces[self._last.name].taken, outputs[self._last.name]
        targets = batch_of(y, a.shape[1])
        error = output_error(self.spec, self._last, z, a, targets) * self._scale(targets, weights)
        return self.loss(params, x, y, weights), self._to_inputs(params, outputs, traces, error, taken=True)

    def jacobian(self, params: Sequence[Array], x: ArrayLike, *, scores: bool = False) -> Array:
        """The derivative of each output with respect to each input, ``(n, outputs, numbers)``.

        With ``scores``, that of each output before its activation.
        """
        outputs, traces, _ = self._run(params, x)
        last = outputs[self._last.name]
        ones = np.eye(last.shape[1])
        rows = [
            self._to_inputs(params, outputs, traces, np.repeat([one], len(last), axis=0), taken=scores) for one in ones
        ]
        return np.stack(rows, axis=1)

    def _to_inputs(
        self,
        params: Sequence[Array],
        outputs: dict[str, Array],
        traces: dict[str, Trace],
        error: Array,
        *,
        taken: bool,
    ) -> Array:
        """The derivatives with respect to the inputs, from those at the outputs or, ``taken``, before them."""
        derivatives = {name: np.zeros_like(values) for name, values in outputs.items()}
        derivatives[self._last.name] = error
        preceding = list(params)
        for layer, sources in reversed(self._layers):
            norm_params = [preceding.pop() for _ in parameters(layer)][::-1]
            before = taken and layer is self._last
            dz, _ = back(self.spec, layer, traces[layer.name], norm_params, derivatives[layer.name], taken=before)
            if layer.bias is not None:
                preceding.pop()
            if not layer.weighted:
                given = [outputs[source] for source in sources]
                for source, slope in zip(sources, shared_out(layer.kind, given, dz), strict=True):
                    derivatives[source] += slope
                continue
            for source in reversed(sources):
                weights = preceding.pop()
                if layer.kind != "embedding":
                    derivatives[source] += dz @ weights
        return derivatives[self.spec.input_name]
