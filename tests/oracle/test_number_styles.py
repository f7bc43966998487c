"""JavaScript reads texts of numbers as the reference does; ``tests/description/test_number_styles.py`` has Python."""

from pathlib import Path

import pytest

from nngen.targets import texts
from tests.oracle.node import Job
from tests.oracle.node import run as run_node
from tests.support.number_texts import SPEC, right, rows

pytestmark = pytest.mark.oracle


def test_javascript_reads_random_texts_as_the_reference(tmp_path: Path) -> None:
    body = """
        const cell = (row, place) => {
          try {
            return m.encode(row.map((text, i) => (i === place ? text : 0)))[place];
          } catch (error) {
            return error instanceof RangeError ? null : String(error);
          }
        };
        return given.map((row) => row.map((_, place) => cell(row, place)));
    """
    given = list(rows(800, seed=5))
    [found] = run_node([Job(texts(SPEC, Path(), ["javascript"])["javascript"], body, given)], tmp_path)
    assert found["gives"] == [right(row) for row in given]
