"""The outputs of a file of TensorFlow Lite by LiteRT."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nngen.bridges.importing.compare import Judgement, Values, judgement
from nngen.bridges.importing.limits import SMALL
from nngen.bridges.importing.tflite.file import File, read
from nngen.common import files


def judge(path: str, _value: str, _last: str, _names: Sequence[str], columns: Values) -> list[Judgement]:
    """The outputs of a file."""
    content = files.read(Path(path), SMALL.file)
    file = read(content, path)
    rows = np.array(columns, np.float64).T
    if file.integers:  # inputs outside of their range are cut
        return [Judgement("LiteRT", reason="computes with integers")]
    return [judgement("LiteRT", "float32", lambda: _outputs(file, rows, _runtime(content)), "ai-edge-litert")]


def integers(
    path: str, given: Sequence[float], answers: Sequence[float], rows: Sequence[Sequence[int]]
) -> list[list[int]] | None:
    """The bytes of a full-integer file for rows of bytes; None without LiteRT. This runs in a process of its own.

    Args:
        path: the file; the reader has accepted it.
        given: the scale and the zero point of the inputs: an input of 32 bits has the numbers that bytes stand for.
        answers: those of the outputs.
        rows: the bytes.

    Raises:
        SpecError: LiteRT does not run it.
    """
    content = files.read(Path(path), SMALL.file)
    file = read(content, path)
    source, output = file.tensors[file.inputs[0]], file.tensors[file.outputs[0]]
    made: list[list[int]] = []
    try:
        compute = _runtime(content)
        for row in rows:
            x = np.array(row, np.float32).reshape([size or 1 for size in source.shape])
            found = np.ravel(compute([(x - given[1]) * np.float32(given[0]) if source.type == "FLOAT32" else x]))
            if output.type == "FLOAT32":
                found = np.rint(found / np.float32(answers[0])) + answers[1]
            made.append(found.astype(int).tolist())
    except ModuleNotFoundError:
        return None
    except (RuntimeError, ValueError) as error:
        raise files.refused(path, f"LiteRT does not run it: {' '.join(str(error).split())[:200]}") from None
    return made


def _outputs(file: File, rows: Any, compute: Callable[[Sequence[Any]], Any]) -> Any:
    """The outputs for each row, which is each example of a batch of the size that the file says."""
    shapes = [[size or 1 for size in file.tensors[name].shape] for name in file.inputs]
    ends = np.cumsum([int(np.prod(shape[1:])) for shape in shapes])[:-1]
    found = []
    for row in rows:
        parts = zip(np.split(row, ends), shapes, strict=True)
        made = compute([np.broadcast_to(part.reshape(shape[1:]), shape).copy() for part, shape in parts])
        found.append(np.asarray(made, np.float64)[0].ravel())
    return np.array(found)


def _runtime(content: bytes) -> Callable[[Sequence[Any]], Any]:
    """The network by the reference kernels of LiteRT."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    interpreter = Interpreter(
        model_content=content, num_threads=1, experimental_op_resolver_type=OpResolverType.BUILTIN_REF
    )
    interpreter.allocate_tensors()
    inputs, outputs = interpreter.get_input_details(), interpreter.get_output_details()

    def compute(arrays: Sequence[Any]) -> Any:
        for details, array in zip(inputs, arrays, strict=True):
            interpreter.set_tensor(details["index"], array.astype(details["dtype"]))
        interpreter.invoke()
        return interpreter.get_tensor(outputs[0]["index"])

    return compute
