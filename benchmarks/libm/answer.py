"""Answers lines such as "exp 3ff0000000000000 ..." by the values of that function, as the bits of float64.

By Python's ``math``, MicroPython's too; with the argument float32 or float64, by NumPy's functions of this width.
"""

import binascii
import math
import struct
import sys


def by_math(name: str, xs: list[float]) -> list[float]:
    """The values; none where ``math`` has no such function."""
    if name == "power":
        return [0.999**x for x in xs]
    function = getattr(math, name, None)
    found: list[float] = [function(x) for x in xs] if function else []
    return found


def by_numpy(name: str, xs: list[float]) -> list[float]:
    """The values; none where NumPy has no such function."""
    import numpy as np

    inputs = np.array(xs, sys.argv[1])
    if name == "power":
        outputs = inputs.dtype.type(0.999) ** inputs
    else:
        function = getattr(np, {"atanh": "arctanh"}.get(name, name), None)
        outputs = function(inputs) if function else inputs[:0]
    return [float(y) for y in outputs]


for line in sys.stdin:
    called, *words = line.split()
    numbers = [struct.unpack(">d", binascii.unhexlify(word))[0] for word in words]
    found = (by_numpy if len(sys.argv) > 1 else by_math)(called, numbers)
    sys.stdout.write(" ".join(binascii.hexlify(struct.pack(">d", y)).decode() for y in found) + "\n")
    getattr(sys.stdout, "flush", lambda: None)()
