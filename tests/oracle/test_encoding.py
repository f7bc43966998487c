"""Raw rows as scikit-learn prepares them, and answers in the units of the data."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.dummy import DummyRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

from nngen.proof.reference import Array, Encoder
from nngen.targets import as_module
from tests.oracle.node import Job, run
from tests.support.hostile import TEXTS
from tests.support.predictors import COLUMNS, NETWORKS, ROWS, TARGETS, classes, hostile, numbers, page, table

pytestmark = pytest.mark.oracle


def prepared() -> Array:
    """The rows of the table, as pipelines of scikit-learn prepare each column."""
    columns = [np.array([row[place] for row in ROWS], object).reshape(-1, 1) for place in range(5)]
    income, years, housing, rooms, debt = columns
    texts = np.array([[str(int(float(value)))] for [value] in rooms], object)
    homes = np.array([["own" if value is None else value] for [value] in housing], object)
    known = ["rent", "own", 'free */ of "charge" {{ x }}']
    return np.hstack(
        [
            StandardScaler().fit_transform(income.astype(np.float64)),
            make_pipeline(SimpleImputer(strategy="median", add_indicator=False), StandardScaler()).fit_transform(
                years.astype(np.float64)
            ),
            np.isnan(years.astype(np.float64)).astype(np.float64),
            OneHotEncoder(categories=[known], handle_unknown="ignore", sparse_output=False).fit_transform(homes),
            OneHotEncoder(categories=[["1", "2", "3"]], sparse_output=False).fit_transform(texts),
            np.zeros((5, 1)),
            make_pipeline(SimpleImputer(strategy="mean"), MinMaxScaler()).fit_transform(debt.astype(np.float64)),
        ]
    )


def test_the_reference_prepares_rows_as_scikit_learn_does() -> None:
    spec = classes(3)
    assert Encoder(spec, table()).encode(table()) == pytest.approx(prepared(), rel=1e-14, abs=1e-14)


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_modules_prepare_rows_as_scikit_learn_does(target: str) -> None:
    made: Any = as_module("loans", page(classes(3), target))
    rows = made.encode(ROWS) if target == "numpy" else [made.encode(row) for row in ROWS]
    assert np.array(rows) == pytest.approx(prepared(), rel=1e-14, abs=1e-14)


def test_answers_are_those_of_a_transformed_regressor() -> None:
    scaler = TransformedTargetRegressor(DummyRegressor(), transformer=StandardScaler()).fit(
        prepared(), np.array(TARGETS)
    )
    made: Any = as_module("loans", page(numbers(1), "python"))
    for output in (-1.5, 0.0, 0.25):
        expected = scaler.transformer_.inverse_transform([[output]])[0, 0]
        assert made.decode([output]) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("name", NETWORKS)
def test_javascript_answers_as_python_does(tmp_path: Path, name: str) -> None:
    rows = [[None if value != value else value for value in row] for row in ROWS]  # JSON has no NaN
    given = [*rows, *(dict(zip(COLUMNS, row, strict=True)) for row in rows)]
    body = """
        const params = m.init(3);
        const shares = (row) => (m.predict_proba ? Object.entries(m.predict_proba(params, row)) : []);
        return given.map((row) => [m.encode(row), m.predict(params, row), shares(row)]);
    """
    made: Any = as_module("loans", page(NETWORKS[name], "python"))
    params = made.init(3)
    for unroll in ("weights", "layers"):
        [found] = run([Job(page(NETWORKS[name], "javascript", unroll), body, given)], tmp_path)
        for row, (inputs, answer, shares) in zip([*ROWS, *ROWS], found["gives"], strict=True):
            assert inputs == made.encode(row)
            expected = made.predict(params, row)
            assert answer == (expected if isinstance(expected, str) else pytest.approx(expected, rel=1e-12))
            assert dict(shares) == (pytest.approx(made.predict_proba(params, row)) if shares else {})


BAD = [
    ([1.0], "expected 5 values, one for each of COLUMNS, got 1"),
    ("abcde", "expected a row with the columns income, years employed, housing, rooms, debt; missing: income"),
    (["1,5", 1, "rent", 3, 1], "income: expected a number up to 1e+100, got 1,5 (string)"),
    ([None, 1, "rent", 3, 1], "income: expected a value, but the value is missing"),
    ([[1], 1, "rent", 3, 1], "income: expected a number up to 1e+100, got an object"),
    ([1, 1, "rent", 4, 1], "rooms: expected one of 1, 2, 3, got 4"),
    ([1, 1, "rent", None, 1], "rooms: expected a value, but the value is missing"),
    ({"income": 1}, "missing: years employed, housing, rooms, debt"),
]


@pytest.mark.parametrize(("row", "message"), BAD)
def test_javascript_refuses_bad_rows(tmp_path: Path, row: Any, message: str) -> None:
    [found] = run([Job(page(classes(3), "javascript"), "return m.encode(given)", row)], tmp_path)
    assert message in found["throws"]


def row_of(row: list[Any], place: int) -> str:
    """A row as an initializer of the struct in C, with texts read by the header's own functions."""
    cells = ["NAN" if value is None or value != value else repr(float(value)) for value in (row[0], row[1], row[4])]
    house = json.dumps("" if row[2] is None else row[2])
    return (
        f"rows[{place}].income = {cells[0]}; rows[{place}].years = (double){cells[1]}; "
        f"rows[{place}].housing = loans_housing_of({house}); "
        f'rows[{place}].rooms = loans_rooms_of("{int(float(row[3]))}"); rows[{place}].debt = (double){cells[2]};'
    )


@pytest.mark.parametrize("compiler", ["gcc -std=c99", "g++ -x c++", "clang -std=c99 -Wdouble-promotion"])
@pytest.mark.parametrize("name", NETWORKS)
def test_c_answers_as_python_does(tmp_path: Path, name: str, compiler: str) -> None:
    made: Any = as_module("loans", page(NETWORKS[name], "python"))
    outputs, params = len(NETWORKS[name].layers[-1].unit_names), made.init(3)
    numeric = "class" not in name
    answer = (
        f"double answers[{outputs}]; loans_predict(params, rows + i, answers);"
        f' for (int k = 0; k < {outputs}; k++) {{ printf(" %.17g", answers[k]); }}'
        if numeric
        else 'printf(" %s", loans_name_of_class(loans_predict(params, rows + i)));'
    )
    (tmp_path / "loans.h").write_text(page(NETWORKS[name], "c"), encoding="utf-8")
    program = f"""
        #include <stdio.h>
        #include "loans.h"
        int main(void) {{
            const double params[LOANS_PARAMETERS] = {{{", ".join(map(repr, params))}}};
            loans_row rows[{len(ROWS)}];
            {" ".join(row_of(row, place) for place, row in enumerate(ROWS))}
            for (int i = 0; i < {len(ROWS)}; i++) {{
                double x[LOANS_INPUTS];
                printf("%d", loans_encode(rows + i, x));
                for (int k = 0; k < LOANS_INPUTS; k++) {{ printf(" %.17g", x[k]); }}
                {answer}
                printf("\\n");
            }}
            rows[0].rooms = LOANS_rooms_unknown;
            double x[LOANS_INPUTS];
            printf("%d\\n", loans_encode(rows, x));
            return 0;
        }}
    """
    (tmp_path / "main.c").write_text(program, encoding="utf-8")
    flags = "-Wall -Wextra -Werror -Wshadow -o main main.c -lm".split()
    subprocess.run([*compiler.split(), *flags], cwd=tmp_path, check=True)
    lines = subprocess.run([tmp_path / "main"], capture_output=True, check=True, text=True).stdout.splitlines()
    for row, line in zip(ROWS, lines[:-1], strict=True):
        refused, *cells = line.split(" ", 1 + len(made.encode(row)))
        answer = cells.pop()
        assert (refused, list(map(float, cells))) == ("0", made.encode(row))
        expected = made.predict(params, row)
        if numeric:
            assert list(map(float, answer.split())) == pytest.approx(np.atleast_1d(expected).tolist(), rel=1e-12)
        else:
            assert answer == expected
    assert lines[-1] == "4"


@pytest.mark.parametrize("unroll", ["weights", "layers"])
def test_hostile_names_in_javascript(tmp_path: Path, unroll: str) -> None:
    texts = list(TEXTS.values())
    rows = [{**dict.fromkeys(texts, 0.5), text: 2.0, "kind": text} for text in texts]
    body = """
        const params = m.init(3);
        const shares = (row) => Object.keys(m.predict_proba(params, row));
        const answers = given.map((row) => [m.encode(row), m.predict(params, row), shares(row)]);
        return [m.COLUMNS, m.CLASSES, answers];
    """
    made: Any = as_module("loans", page(hostile(), "python"))
    [found] = run([Job(page(hostile(), "javascript", unroll), body, rows)], tmp_path)
    columns, names, answers = found["gives"]
    assert (columns, names) == ([*texts, "kind"], texts)
    assert answers == [[made.encode(row), made.predict(made.init(3), row), texts] for row in rows]


@pytest.mark.parametrize("compiler", ["gcc -std=c99", "g++ -x c++ -trigraphs", "clang -std=c99"])
def test_hostile_names_in_c(tmp_path: Path, compiler: str) -> None:
    texts = list(TEXTS.values())
    rows = [{**dict.fromkeys(texts, 0.5), text: 2.0, "kind": text} for text in texts]
    made: Any = as_module("loans", page(hostile(), "python"))
    listed = ", ".join("".join(f'"\\x{byte:02x}"' for byte in text.encode()) for text in texts)
    members = " ".join(f"row.n{place} = i == {place} ? 2.0 : 0.5;" for place in range(len(texts)))
    program = f"""
        #include <stdio.h>
        #include "loans.h"
        int main(void) {{
            static const char *const texts[] = {{{listed}}};
            double params[LOANS_PARAMETERS];
            loans_init(params, 3);
            for (int i = 0; i < {len(texts)}; i++) {{
                loans_row row;
                double x[LOANS_INPUTS];
                {members}
                row.kind = loans_kind_of(texts[i]);
                const int refused = loans_encode(&row, x);
                printf("%d", refused);
                for (int k = 0; k < LOANS_INPUTS; k++) {{ printf(" %.17g", x[k]); }}
                printf(" ");
                for (const char *c = loans_name_of_class(loans_predict(params, &row)); *c; c++) {{
                    printf("%02x", (unsigned char)*c);
                }}
                printf("\\n");
            }}
            return 0;
        }}
    """
    (tmp_path / "loans.h").write_text(page(hostile(), "c"), encoding="utf-8")
    (tmp_path / "main.c").write_text(program, encoding="utf-8")
    flags = "-Wall -Wextra -Werror -Wshadow -o main main.c -lm".split()
    subprocess.run([*compiler.split(), *flags], cwd=tmp_path, check=True)
    lines = subprocess.run([tmp_path / "main"], capture_output=True, check=True, text=True).stdout.splitlines()
    for row, line in zip(rows, lines, strict=True):
        refused, *cells, answer = line.split(" ")
        assert (refused, list(map(float, cells))) == ("0", made.encode(row))
        assert bytes.fromhex(answer).decode() == made.predict(made.init(3), row)
