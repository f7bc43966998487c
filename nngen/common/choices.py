"""The choices of arguments and options beside the languages of modules: the only lists of them."""

from typing import Literal

Part = Literal[
    "forward", "gradient", "training", "prediction", "batches", "files", "checks", "sensitivity", "notes", "all"
]  # fmt: skip
"""A part of a module."""

Scene = Literal["form", "picture", "charts", "general", "forward", "backward"]
"""A part of a living page; those of tables have a form."""

Trains = Literal["python", "numpy", "c"]
"""A target whose modules nngen trains."""

Integers = Literal["int8"]
"""The numbers of a predictor in integers."""

Task = Literal["classes", "numbers"]
"""What a target holds."""

Tongue = Literal["en", "ko"]
"""A language of sentences."""

Machine = Literal["avr", "cortex-m0", "cortex-m4", "riscv"]
"""A machine for which predictors of C are measured."""

Form = Literal["text", "markdown", "latex", "html"]
"""How a worksheet is written."""

Exported = Literal["onnx", "safetensors", "torch", "keras", "arduino"]
"""The formats that a network is exported to."""

Width = Literal["float32", "float64"]
"""The type of the numbers of an exported file."""

Decimal = Literal[".", ","]
"""A decimal sign."""
