"""The script that a user of scikit-learn writes for a table: train, judge on a fifth of the rows, answer all rows.

python tables.py FILE TARGET ANSWERS
"""

import sys

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

file, target, answers = sys.argv[1:]
table = pd.read_csv(file)
y = table.pop(target)
numbers = table.select_dtypes("number").columns
texts = table.columns.difference(numbers)
columns = make_column_transformer(
    (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
    (make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")), texts),
)
kind = MLPRegressor if pd.api.types.is_numeric_dtype(y) else MLPClassifier
model = make_pipeline(
    columns, kind(hidden_layer_sizes=(64,), early_stopping=len(y) > 1000, max_iter=300, random_state=0)
)
x_train, x_test, y_train, y_test = train_test_split(table, y, test_size=0.2, random_state=0)
model.fit(x_train, y_train)
pd.DataFrame({target: model.predict(table)}).to_csv(answers, index=False)
print(model.score(x_test, y_test))
