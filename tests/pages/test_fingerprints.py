"""Parameter files know the network that they were trained for: what changes answers is compared, and nothing else."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import nngen
from nngen.cli import main
from nngen.commands import output
from nngen.common.cautions import Caution
from nngen.common.diagnostics import SpecError
from nngen.description.data import encoding
from nngen.description.model import Spec
from nngen.plan import plan
from nngen.reading import fingerprint, load, parameter_files, parse
from tests.support.answering import initial
from tests.support.modules import SPECS, named, spec

SPEC = """
name: net
inputs:
  - {name: size, column: Size, missing: median, number: {decimal: ","}}
  - {name: kind, categories: [a, b], missing: zeros}
  - {name: day, date: DD/MM/YYYY, parts: [days, month]}
layers:
  - {name: hidden, units: [h1, h2], activation: {name: leaky_relu, slope: 0.1}, normalization: layer_norm}
  - {name: twin, units: [t1, t2], activation: mine, from: x}
  - {name: both, kind: add, units: 2, from: [hidden, twin]}
  - {name: output, units: [y], activation: linear}
activations: {mine: {value: z * z}}
loss: squared_error
data: {file: table.csv, target: y, scale: standardize, scale_targets: standardize}
training: {optimizer: {name: gradient_descent, rate: 0.01}, epochs: 2}
"""

ROWS = [
    "Size,kind,day,y,Width",
    "15,a,01/02/2024,1,8",
    "25,b,03/04/2024,2,9",
    "45,a,05/06/2024,5,8",
    "95,b,07/08/2024,7,8",
]

CHANGES = {
    "leaky_relu, slope: 0.1": ("leaky_relu, slope: 0.2", "layers.0.activation", "leaky_relu, slope 0.1", "slope 0.2"),
    "layer_norm": (
        "{name: layer_norm, epsilon: 0.1}",
        "layers.0.normalization",
        "epsilon 1e-05, of sums",
        "epsilon 0.1",
    ),
    "z * z": ("z * z * z", "layers.1.activation", "z * z", "z * z * z"),
    "[hidden, twin]": ("[twin, hidden]", "layers.2.from", "layers.0, layers.1", "layers.1, layers.0"),
    "missing: median": ("missing: 4", "missing values of size", "35.0", "4.0"),
    'decimal: ","': ("thousands: ','", "decimal sign of size", ",", "."),
    "[a, b]": ("[b, a]", "categories of kind", "a, b", "b, a"),
    "missing: zeros": ("missing: {category: a}", "missing values of kind", "no category", "a"),
    "DD/MM": ("MM/DD", "form of dates in day", "DD/MM/YYYY", "MM/DD/YYYY"),
    "column: Size": ("column: Width", "column of size", "Size", "Width"),
    ", scale_targets: standardize": ("", "scale of the target y", "a * ", "a"),
    "scale: standardize": ("scale: {name: divide, by: 2}", "scale of size", "(x - ", "(x - 0.0) / 2.0"),
    "kind: add": ("kind: maximum", "layers.2.kind", "add", "maximum"),
}
"""For each text of the spec another one, the entry that it changes, and the beginnings of what it was and is."""

SAME = {
    "epochs: 2": "epochs: 3, decay: 0.1, batch_size: 2",
    "rate: 0.01": "rate: 0.5",
    "squared_error": "absolute_error",
    "name: both": "name: joined",
    "value: z * z": "slope: 2 * z, value: z*z",
    "units: 2": "units: 2, dropout: 0.5",
    "from: x": "from: x, weights: {initial: zeros}",
    "[a, b]": "[a, b], unknown: zeros",
    "\ndata": "\n# a remark\ntargets: [{name: c, dtype: float32}]\ncontents: [all]\ndescription: twins\ndata",
}
"""What changes no answer."""


def run(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [*map(str, words)])
    assert result.exit_code == code, result.output
    return result


def written(folder: Path, text: str = SPEC, rows: list[str] = ROWS) -> Path:
    """A spec and its table."""
    (folder / "table.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (folder / "net.yaml").write_text(text, "utf-8")
    return folder / "net.yaml"


def entries(path: Path, text: str) -> tuple[Spec, str]:
    parsed = parse(text, str(path), path.parent)
    return parsed, fingerprint.written(parsed, encoding(parsed, path.parent))


def test_what_changes_answers_differs_and_is_named(tmp_path: Path) -> None:
    path = written(tmp_path)
    _, made = entries(path, SPEC)
    for old, (new, name, before, after) in CHANGES.items():
        changed, _ = entries(path, SPEC.replace(old, new, 1))
        found = fingerprint.differences(made, changed, encoding(changed, tmp_path))
        said = [one.message for one in found if one.message.startswith(f"{name}: ")]
        assert len(said) == 1, (old, found)
        assert f" were trained with {before}" in said[0] or before in said[0].split(", the spec")[0]
        assert said[0].endswith(after) or after in said[0].split(", the spec")[1], said


def test_what_changes_no_answer_does_not_differ(tmp_path: Path) -> None:
    path = written(tmp_path)
    _, made = entries(path, SPEC)
    for old, new in SAME.items():
        assert entries(path, SPEC.replace(old, new, 1))[1] == made, new
    (tmp_path / "other").mkdir()
    assert entries(written(tmp_path / "other"), SPEC)[1] == made


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_fingerprint_is_one_text_of_ascii(path: Path) -> None:
    given = spec(path)
    how = encoding(given, path.parent)
    made = fingerprint.written(given, how)
    assert made.isascii() and made.isprintable() and not {'"', "\\"} & {*made}  # noqa: PT018 (one fact)
    assert len(made) < fingerprint.LONGEST
    assert fingerprint.differences(made, given, how) == fingerprint.differences(made, given, None) == []


IRIS, RATINGS = named("iris"), named("ratings_mf")

COMMANDS = {
    IRIS: (
        "build SPEC --params P --out new",
        "build SPEC --params P --out new --target c --dtype int8",
        "evaluate SPEC --params P",
        "evaluate SPEC --params P --dtype int8",
        "predict SPEC --params P -o new",
        "explain SPEC --params P -o new",
        "trace SPEC --params P -o new",
        "export SPEC --params P --safetensors new",
        "export SPEC --params P --arduino new",
        "show SPEC --params P --machine cortex-m4",
    ),
    RATINGS: (
        "predict SPEC --params P --top 3 --for Ada -o new",
        "predict SPEC --params P --similar Ada --top 3 -o new",
        "evaluate SPEC --params P --top 3",
    ),
}
"""The commands that read parameters."""


def _words(command: str, path: Path, params: Path) -> list[object]:
    return [{"SPEC": path, "P": params}.get(word, word) for word in command.split()]


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_every_command_compares_before_it_works(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parameters of another network, and a file that is missing, are refused before a module is rendered."""
    monkeypatch.chdir(tmp_path)
    params, given = initial(path, tmp_path), json.loads(initial(path, tmp_path).read_text("utf-8"))
    place = {IRIS: 0, RATINGS: 4}[path]
    network = re.sub(rf"(layers\.{place}\.activation) = \w+", r"\1 = gelu", given["network"])
    params.write_text(json.dumps(given | {"network": network}), "utf-8")
    for name in ("_made", "quantized_texts"):
        monkeypatch.setattr(f"nngen.targets.modules.{name}", _never, raising=False)
    for command in COMMANDS[path]:
        said = run(*_words(command, path, params), code=2).stderr
        known = load(path).layers[place].activation.name
        message = f"error: layers.{place}.activation: the parameters were trained with gelu, the spec says {known}\n"
        assert said.startswith(f"{message}  --> {params}\n  = help: write into the spec what the training had"), command
    with monkeypatch.context() as patched:
        patched.setattr("nngen.description.data.examples.read", _never)
        for command in (*COMMANDS[path], "train SPEC --params P"):
            said = run(*_words(command, path, Path("none.json")), code=2).stderr
            assert said == "error: this file does not exist\n  --> none.json\n", command
    assert {one.name for one in tmp_path.iterdir()} == {params.name}
    with pytest.raises(SpecError, match="trained with gelu"):
        nngen.build(path, "numpy", params=params)
    with pytest.raises(SpecError, match="trained with gelu"):
        nngen.predict(path, params=params)


def _never(*_: object, **__: object) -> None:
    raise AssertionError("this is work that cannot be used")


def test_training_begins_with_parameters_of_another_network(tmp_path: Path) -> None:
    path, made = written(tmp_path), tmp_path / "net.json"
    run("train", path, "--set", "layers.0.activation=tanh", "--save", made)
    said = run("train", path, "--params", made).stderr
    message = "layers.0.activation: the parameters were trained with tanh, the spec says leaky_relu, slope 0.1"
    assert f"caution: {message}; training begins with them all the same\n" in said
    with pytest.warns(Caution, match="training begins with them all the same"):
        nngen.train(path, params=made)
    assert "caution: layers" not in run("train", path, "--set", "layers.0.activation=tanh", "--params", made).stderr


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_a_table_that_has_changed(suffix: str, tmp_path: Path) -> None:
    path, made = written(tmp_path), tmp_path / f"net{suffix}"
    run("train", path, "--save", made)
    assert run("predict", path, "--params", made).stderr == ""
    before = made.read_bytes()
    run("train", path, "--save", made)
    assert made.read_bytes() == before
    written(tmp_path, rows=[*ROWS[:2], ROWS[2].replace("25", "35"), *ROWS[3:]])
    said = run("predict", path, "--params", made, code=2).stderr
    assert said.count("error: scale of size: the parameters were trained with (x - 45.0") == 1
    assert said.count(
        "error: missing values of size: the parameters were trained with 35.0, the spec and its data give 40.0"
    )
    assert said.endswith(
        "  = help: have table.csv or its `split` changed? use the same training rows, or train again\n"
    )
    assert said.count("error") == 2
    result = nngen.train(path)
    result.save(made, overwrite=True)
    assert nngen.predict(path, params=made) == nngen.predict(result)


def test_files_without_a_fingerprint_and_hostile_ones(tmp_path: Path) -> None:
    path = written(tmp_path)
    spec_of, made = entries(path, SPEC)
    file, flat = tmp_path / "net.json", [0.5] * plan(spec_of).size
    usual = {"layout": " ".join(plan(spec_of).layout), "parameters": flat}
    caution = (
        f"caution: {file}: it does not say what its parameters were trained with; nngen compares only their names\n"
    )
    for text in (None, "", "nonsense", "=; = ;%;%GG = ;", "scale of size = x\x1b[31m"):
        file.write_text(json.dumps(usual | ({} if text is None else {"network": text})), "utf-8")
        assert run("predict", path, "--params", file).stderr == caution
        assert output.network_in(file, parameter_files.holds) == ("net" if text is None or text.isprintable() else None)
    for wrong, what in ((1, "1"), ([made], "a list"), ("x" * (fingerprint.LONGEST + 1), "'xxx")):
        file.write_text(json.dumps(usual | {"network": wrong}), "utf-8")
        said = run("predict", path, "--params", file, code=2).stderr
        assert said.startswith(f"error: expected a text under 'network', got {what}")
    file.write_text(json.dumps(usual | {"network": made.replace("layer_norm", "\x1b[31m" + 300 * "y")}), "utf-8")
    said = run("predict", path, "--params", file, code=2).stderr
    assert "\x1b" not in said and len(said) < 1_000  # noqa: PT018 (one fact)
