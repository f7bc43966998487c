"""An example of each command, in the order in which a user runs them. The help of a command ends with its example."""

WAYS = """\b
Three ways to begin:
  nngen init penguins.csv --target species    from a table
  nngen build xor.yaml                        from a description of a network
  nngen import digits.onnx                    from a trained network
"""

EXAMPLES = {
    "init": "nngen init penguins.csv --target species",
    "show": "nngen show penguins.yaml",
    "train": "nngen train penguins.yaml --save penguins.json",
    "evaluate": "nngen evaluate penguins.yaml --params penguins.json",
    "predict": "nngen predict penguins.yaml new.csv --params penguins.json",
    "build": "nngen build penguins.yaml --params penguins.json --target python",
    "verify": "nngen verify generated/python/penguins.py --spec penguins.yaml",
    "prove": "nngen prove penguins.yaml --params penguins.json --seconds 60",
    "export": "nngen export penguins.yaml --params penguins.json --arduino penguins",
    "trace": "nngen trace xor.yaml --out step.html",
    "explain": "nngen explain xor.yaml --out xor.html",
    "course": "nngen course --out lessons",
    "import": "nngen import digits.onnx",
    "formulas": "nngen formulas",
    "schema": "nngen schema",
    "skill": "nngen skill .claude/skills",
}
"""By the names of commands."""
