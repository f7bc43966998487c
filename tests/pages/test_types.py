"""The types that a spec asks for beside its module in JavaScript: when they are written, and the cells of rows."""

from pathlib import Path
from unittest.mock import ANY

from click.testing import CliRunner

from nngen.cli import main

TYPED = """name: net
inputs: [x1, x2]
layers: [{name: output, units: 1, activation: sigmoid}]
loss: binary_cross_entropy
training: {optimizer: {name: gradient_descent, rate: 1.0}, epochs: 10}
targets: [{name: javascript, types: true}]
"""


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, [*arguments])
    return done.exit_code, done.output


def test_they_are_written_and_checked_as_the_module(tmp_path: Path) -> None:
    spec, out = tmp_path / "specs" / "net.yaml", str(tmp_path / "out")
    spec.parent.mkdir()
    spec.write_text(TYPED, "utf-8")
    assert run("build", str(spec.parent), "--out", out) == (0, ANY)
    types = tmp_path / "out" / "javascript" / "net.d.mts"
    assert "export const forward: (params: Params, x: number[]) => number[];" in types.read_text("utf-8")
    assert run("build", str(spec.parent), "--out", out, "--check") == (0, "")
    types.write_text(types.read_text("utf-8").replace("number[]", "string[]"), "utf-8")
    code, said = run("build", str(spec.parent), "--out", out, "--check")
    assert code == 1
    assert "net.d.mts" in said
    spec.write_text(TYPED.replace(", types: true", ""), "utf-8")
    code, said = run("build", str(spec.parent), "--out", out, "--check")
    assert code == 1  # nothing writes the types any more
    assert "net.d.mts" in said


TABLE = """size,paid,rooms,kind,seen,y
1.5,true,1,"a ""b"" */",2024-01-02,0
,false,2,c,2024-02-03,1
2.5,true,2,c,2024-03-04,0
3.5,false,1,c,,1
"""

COLUMNS = """name: net
inputs:
  - {name: size, missing: median}
  - {name: paid, categories: ["true", "false"]}
  - {name: rooms, categories: [1, 2], missing: zeros}
  - {name: kind, categories: ['a "b" */', c], unknown: zeros}
  - {name: seen, date: YYYY-MM-DD, parts: [month], missing: median}
layers: [{name: output, units: 1, activation: sigmoid}]
loss: binary_cross_entropy
training: {optimizer: {name: gradient_descent, rate: 1.0}, epochs: 10}
data: {file: table.csv, target: y}
targets: [{name: javascript, types: true}]
"""


def test_a_cell_has_the_type_of_its_column(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(TABLE, "utf-8")
    (tmp_path / "net.yaml").write_text(COLUMNS, "utf-8")
    assert run("build", str(tmp_path / "net.yaml"), "--out", str(tmp_path)) == (0, ANY)
    types = (tmp_path / "javascript" / "net.d.mts").read_text("utf-8")
    row = types[types.index("export type Row = {") : types.index("} | unknown[];")].splitlines()[1:]
    assert [line.strip() for line in row] == [
        '"size": number | null;',
        '"paid": "true" | "false" | boolean;',
        '"rooms": "1" | "2" | number | null;',
        """"kind": 'a "b" */' | "c";""",
        '"seen": string | null;',
    ]
