"""From a data frame to an answer and a module."""

import pandas as pd

import nngen

table = pd.read_csv("penguins.csv")
network = nngen.init(table, "species")
result = nngen.train(network, settings={"training.epochs": 20})
print(result.scores["held-out"])

print(nngen.predict(result, table.head(3))[0]["species"])

module = nngen.build(result, "c")
print(len(module.text.splitlines()), "lines of C")
