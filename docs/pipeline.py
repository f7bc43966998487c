"""Fits a pipeline of scikit-learn on penguins.csv, and writes it to penguins.skops."""

import pandas as pd
import skops.io
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

table = pd.read_csv("penguins.csv")
numbers = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
columns = make_column_transformer(
    (make_pipeline(SimpleImputer(), StandardScaler()), numbers),
    (OneHotEncoder(handle_unknown="ignore"), ["island", "sex"]),
)
network = MLPClassifier(hidden_layer_sizes=(8,), max_iter=1000, random_state=0)
pipeline = make_pipeline(columns, network).fit(table[[*numbers, "island", "sex"]], table["species"])
skops.io.dump(pipeline, "penguins.skops")
