"""In C: the answer of a row that a property is about."""

import re

from nngen.integers import Integers
from nngen.proof.proving.questions import Question

BUILT = "nngen_built"


def answer(network: Integers) -> str:
    """The function ``answer_of(row, output)``: the place of a class, or a whole number; it leaves the row as it is."""
    if network.classes:
        gives = f"(void)output; return {network.name}_predict(row);"
    else:
        function = "predict" if network.predicts else "forward"
        gives = f"int16_t made[{network.output.units}]; {network.name}_{function}(row, made); return made[output];"
    return f"static int32_t answer_of(const int16_t *given, int output) {{ {copied(network)} {gives} }}\n"


def copied(network: Integers) -> str:
    """Makes ``row``, a row that a function may change."""
    kind, count = ("int8_t" if network.inputs.direct else "int16_t"), len(network.inputs.columns)
    return f"{kind} row[{count}]; for (int j = 0; j < {count}; j++) row[j] = ({kind})given[j];"


def difference(network: Integers) -> str:
    """The same function for two headers: whether ``built.h``, whose names have BUILT, gives another answer."""
    kind, count = ("int8_t" if network.inputs.direct else "int16_t"), len(network.inputs.columns)
    names = (network.name, f"{network.name}_{BUILT}")
    rows = [f"{kind} row_{k}[{count}];" for k in range(2)]
    copied = f"for (int j = 0; j < {count}; j++) row_0[j] = row_1[j] = ({kind})given[j];"
    parts = [*rows, copied, "(void)output;"]
    made, size = ("int16_t", network.output.units)
    function = "predict" if network.predicts else "forward"
    if network.classes:
        parts.append(" ".join(f"const int class_{k} = {name}_predict(row_{k});" for k, name in enumerate(names)))
        parts.append("if (class_0 != class_1) return 1;")
        made, size, function = "uint8_t", len(network.classes), "predict_proba"
        parts.append(copied)
        if network.output.shares is None:
            return f"static int32_t answer_of(const int16_t *given, int output) {{ {' '.join(parts)} return 0; }}\n"
    parts += [f"{made} made_{k}[{size}]; {name}_{function}(row_{k}, made_{k});" for k, name in enumerate(names)]
    parts.append(f"for (int j = 0; j < {size}; j++) if (made_0[j] != made_1[j]) return 1;")
    return f"static int32_t answer_of(const int16_t *given, int output) {{ {' '.join(parts)} return 0; }}\n"


def renamed(network: Integers, text: str) -> str:
    """A header whose names have BUILT behind that of the network."""
    upper = network.name.upper()
    text = re.sub(rf"\b{network.name}_(?=\w)", f"{network.name}_{BUILT}_", text)
    return re.sub(rf"\b{upper}_(?=\w)", f"{upper}_{BUILT.upper()}_", text) if upper != network.name else text


def broken(asked: Question) -> str:
    """The condition of C that an answer ``z`` breaks a property; for walks, after the answer ``before``."""
    if asked.kind == "equal":
        return "z != before"
    if asked.kind == "monotone":
        return "z < before" if asked.rises else "z > before"
    inside = f"z >= {asked.low} && z <= {asked.high}"
    return inside if asked.other else f"!({inside})"
