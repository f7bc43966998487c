"""In C: the answer of a row that a property is about."""

from nngen.integers import Integers
from nngen.proof.proving.questions import Question


def answer(network: Integers) -> str:
    """The function ``answer_of(row, output)``: the place of a class, or a whole number; it leaves the row as it is."""
    kind, count = ("int8_t" if network.inputs.direct else "int16_t"), len(network.inputs.columns)
    copied = f"{kind} row[{count}]; for (int j = 0; j < {count}; j++) row[j] = ({kind})given[j];"
    if network.classes:
        gives = f"(void)output; return {network.name}_predict(row);"
    else:
        function = "predict" if network.predicts else "forward"
        gives = f"int16_t made[{network.output.units}]; {network.name}_{function}(row, made); return made[output];"
    return f"static int32_t answer_of(const int16_t *given, int output) {{ {copied} {gives} }}\n"


def broken(asked: Question) -> str:
    """The condition of C that an answer ``z`` breaks a property; for walks, after the answer ``before``."""
    if asked.kind == "equal":
        return "z != before"
    if asked.kind == "monotone":
        return "z < before" if asked.rises else "z > before"
    inside = f"z >= {asked.low} && z <= {asked.high}"
    return inside if asked.other else f"!({inside})"
