"""``nngen trace`` as a command: its example, output, formats and refusals."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click
import pytest
from click.testing import CliRunner, Result

from nngen.cli import main
from tests.support.limits import processor_limit
from tests.support.modules import ROOT, SPECS, built, named
from tests.support.typeset import computed
from tests.support.worksheets import NAMES, number, read_back

XOR = str(named("xor_mlp"))
IRIS = str(named("iris"))
DIGITS = str(named("digits"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["trace", *arguments])


def written(folder: Path, text: str = NAMES) -> str:
    path = folder / "net.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def test_the_example_of_the_issue(tmp_path: Path) -> None:
    text = """
name: net
inputs: [x1, x2]
layers:
  - {name: output, units: [h1], activation: sigmoid, weights: {initial: [[0.4, -0.2]]}, bias: {initial: [0.1]}}
loss: {name: binary_cross_entropy, outputs: sum}
training: {optimizer: {name: gradient_descent, rate: 1}}
"""
    result = run(written(tmp_path, text), "--x", "0.9,0.1", "--y", "1")
    assert result.exit_code == 0, result.output
    assert (
        """
  z_h1 = b_h1 + w_h1_x1·x1 + w_h1_x2·x2
       = 0.1  + 0.4·0.9    + (−0.2)·0.1
       = 0.44
"""
        in result.stdout
    )


def test_the_first_row_is_taken_unasked_and_further_rows_by_further_steps() -> None:
    given = re.compile(r"x1 = (\d) +x2 = (\d)\n  y_y = (\d)")
    assert given.findall(run(XOR).stdout) == [("0", "0", "0")]
    assert given.findall(run(XOR, "--row", "3").stdout) == [("1", "0", "1")]
    steps = run(XOR, "--row", "3", "--steps", "3").stdout
    assert given.findall(steps) == [("1", "0", "1"), ("1", "1", "0"), ("0", "0", "0")]
    before = re.findall(r"  w_y_h1 = (\S+)", steps)
    after = re.findall(r"  w_y_h1 ← .*\n.*\n +[=] (\S+)", steps)
    assert before[1:] == after[:2]


def test_classes_may_be_named_and_inputs_are_as_the_data_have_them() -> None:
    given = run(IRIS, "--x", "5.1 3.5 1.4 0.2", "--y", "setosa").stdout
    assert given == run(IRIS).stdout
    assert "sepal_length ← (5.1 − 5.855) / 0.865029\n" in given
    module = built(named("iris"), "python")
    scaled = module.scale([5.1, 3.5, 1.4, 0.2])
    assert f"= {scaled[0]:.6g}\n".replace("-", "−") in given


def test_plain_inputs_and_targets_have_names_too() -> None:
    named_values = run(XOR, "--x", "x2=0.25, x1 = 0.5", "--y", "y=1").stdout
    assert named_values == run(XOR, "--x", "0.5,0.25", "--y", "1").stdout
    targets = "versicolor=0 setosa=1 virginica=0"
    assert run(IRIS, "--x", "5.1 3.5 1.4 0.2", "--y", targets).stdout == run(IRIS).stdout


def test_rows_of_another_file(tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("x1,x2,y\n0.5,0.25,1\n0.75,1,0\n")
    assert "x1 = 0.75   x2 = 1\n  y_y = 0\n" in run(XOR, "--csv", str(table), "--row", "2").stdout


def test_parameters_of_a_file_and_of_a_seed(tmp_path: Path) -> None:
    module, file = built(named("xor_mlp"), "python"), tmp_path / "params.json"
    module.save(module.init(7), str(file))
    by_file, by_seed = run(XOR, "--params", str(file)).stdout, run(XOR, "--seed", "7").stdout
    assert "The parameters come from params.json." in by_file
    assert by_file.partition("\nGiven\n")[2] == by_seed.partition("\nGiven\n")[2]
    assert by_seed.partition("\nGiven\n")[2] != run(XOR).stdout.partition("\nGiven\n")[2]


def test_a_large_network_is_cut_and_the_rest_summed_up() -> None:
    with processor_limit(60):  # a second is enough
        sheet = run(DIGITS).stdout
    assert sheet.count("\n") < 240
    assert "⟨61 more⟩" in sheet
    assert "  ... and 2,404 more\n" in sheet
    named_unit = run(DIGITS, "--unit", "hidden7", "--unit", "pixel12").stdout
    assert "  z_hidden7 = b_hidden7" in named_unit
    assert "w_hidden7_pixel12·pixel12" in named_unit
    assert "  ∂loss/∂w_hidden7_pixel12 = " in named_unit
    assert "  z_hidden1 = " not in named_unit
    assert named_unit.count("\n") < 200


def test_the_picture_has_a_curve_for_each_weight_and_a_circle_for_each_unit() -> None:
    skip = str(named("skip_mlp"))  # two inputs, h, and y, which takes the inputs, too
    page = run(skip, "--format", "html").stdout
    assert (page.count("<path "), page.count("<circle ")) == (5, 4)
    assert [*re.findall("<text .*>(.*)</text>", page)] == ["x1", "x2", "h", "y"]
    document = run(skip, "--format", "latex").stdout
    assert (document.count(r"\qbezier"), document.count(r"\circle")) == (5, 4)
    assert "<svg" not in run(DIGITS, "--format", "html").stdout


def test_what_is_left_out_sums_up() -> None:
    equations = dict(read_back(run(DIGITS, "--full").stdout.partition("\nForward\n")[2]))
    for name in ("z_hidden1", "z_zero", "total_output", "loss", "∂loss/∂a_hidden1"):
        *_, symbols, numbers, value = equations[name]
        assert "more⟩" in symbols
        assert computed(" ".join(numbers.split()), {}) == pytest.approx(number(value), rel=1e-9, abs=1e-12)


def test_layers_open_and_all_of_it() -> None:
    layer = run(IRIS, "--layer", "output").stdout
    assert all(f"  z_{unit} = " in layer for unit in ("setosa", "versicolor", "virginica"))
    assert "  z_hidden1 = " not in layer
    whole = run(IRIS, "--whole").stdout
    assert all(f"  z_hidden{k} = " in whole for k in range(1, 9))
    assert "more" not in whole


def test_digits_and_full() -> None:
    assert "= 0.129\n" in run(XOR, "--digits", "3").stdout.replace("   ", "\n")
    assert "Numbers are shown with all their digits." in run(XOR, "--full").stdout


def test_colours_are_for_terminals() -> None:
    assert "\x1b[" not in run(XOR).stdout
    coloured = CliRunner().invoke(main, ["trace", XOR], color=True).stdout
    assert "\x1b[" in coloured
    assert click.unstyle(coloured) == run(XOR).stdout


def test_dropout(tmp_path: Path) -> None:
    text = NAMES.replace("activation: tanh}", "activation: tanh, dropout: 0.5}")
    path = written(tmp_path, text)
    given = ("--x", "1,2,3", "--y", "1")
    assert "drops no unit here" in run(path, *given).stdout
    drawn = run(path, *given, "--dropout-seed", "1", "--steps", "2").stdout
    assert "Dropout uses seed 1, and the next seed in each further step." in drawn
    assert "keep(1, 0, 0.5)" in drawn
    assert "keep(2, 0, 0.5)" in drawn


def test_an_optimizer_that_remembers(tmp_path: Path) -> None:
    sheet = run(written(tmp_path), "--x", "1,2,3", "--y", "1", "--steps", "2").stdout
    assert "  t = old_t + 1\n    = 0     + 1\n    = 1\n" in sheet
    assert "  t = old_t + 1\n    = 1     + 1\n    = 2\n" in sheet
    assert "  norm = √((∂loss/∂w_닫힘_빛)² + " in sheet
    assert " + ⟨7 more⟩)\n" in sheet
    assert "  factor = min(0.01 / (norm + 1e−6), 1)\n" in sheet
    assert "  m ← 0.9·m + (1 − 0.9)·∂loss/∂w_닫힘_빛\n    = 0.9·0 + (1 − 0.9)·" in sheet


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html"])
def test_names_of_any_script(form: str, tmp_path: Path) -> None:
    result = run(written(tmp_path), "--x", "1,2,3", "--y", "1", "--format", form)
    assert result.exit_code == 0
    assert "닫힘" in result.stdout


@pytest.mark.parametrize("path", SPECS[::2], ids=lambda path: path.stem)
def test_a_spec_has_a_worksheet_in_html(path: Path) -> None:
    result = run(str(path), "--format", "html")
    assert result.exit_code == 0
    root = ElementTree.fromstring(result.stdout.removeprefix("<!DOCTYPE html>"))
    assert {element.tag for element in root.iter()}.isdisjoint({"script", "img", "link", "iframe"})
    names = {element.attrib["data-name"] for element in root.iter() if "data-name" in element.attrib}
    assert {"loss"} <= {name for name in names if not name.startswith("d")} | {"loss"}
    assert all(element.attrib.keys() <= {"open"} for element in root.iter("details"))


def test_a_file_is_written_whole_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "sheet.md"
    assert run(XOR, "--format", "markdown", "-o", str(file)).stderr == f"wrote {file}\n"
    text = file.read_text("utf-8")
    assert text.startswith("# xor\\_mlp: a step of training\n")
    file.write_text("mine")
    refused = run(XOR, "-o", str(file))
    assert refused.exit_code == 2
    assert "the file exists already" in refused.stderr
    assert file.read_text() == "mine"
    assert run(XOR, "--format", "markdown", "-o", str(file), "--force").exit_code == 0
    assert file.read_text("utf-8") == text
    assert [path.name for path in tmp_path.iterdir()] == ["sheet.md"]
    assert "the file cannot be written" in run(XOR, "-o", str(tmp_path / "none" / "sheet.md")).stderr


REFUSED = [
    (
        [XOR, "--x", "1"],
        "--x",
        "an example needs inputs and targets, and `--y` is missing",
        "give --y, too: 1 number (y), such as `--y 1`",
    ),
    (
        [XOR, "--y", "1"],
        "--y",
        "an example needs inputs and targets, and `--x` is missing",
        "give --x, too: 2 numbers (x1, x2), such as `--x 1,0`",
    ),
    ([XOR, "--x", "1", "--y", "1"], "--x", "expected 2 numbers (x1, x2), got 1", ""),
    ([XOR, "--x", "x1=1", "--y", "1"], "--x", "expected 2 numbers (x1, x2), got 1", ""),
    ([XOR, "--x", "x1=1,y2=1", "--y", "1"], "--x", "there is no 'y2'", "expected 2 numbers (x1, x2)"),
    ([XOR, "--x", "1,a", "--y", "1"], "--x", "expected a number, got 'a'", ""),
    ([XOR, "--x", "1_0,1", "--y", "1"], "--x", "expected a number, got '1_0'", ""),
    ([XOR, "--x", "1,nan", "--y", "1"], "--x", "expected a number, got 'nan'", ""),
    ([XOR, "--x", "1,\u0661", "--y", "1"], "--x", "expected a number, got '\u0661'", ""),
    ([XOR, "--x", "1,1", "--y", "1e101"], "--y", "expected a number up to 1e+100, got '1e101'", ""),
    ([XOR, "--x", "1,1", "--y", "1,0"], "--y", "expected 1 number (y), got 2", ""),
    ([XOR, "--x", "1,1", "--y", "2"], XOR, "the module does not take this example: expected targets that are", ""),
    ([XOR, "--x", "1,1", "--y", "1", "--row", "1"], "--x", "got both an example and a row", "leave"),
    ([XOR, "--row", "5"], "--row", "expected a row from 1 to 4, got 5", ""),
    ([XOR, "--unit", "zzz"], "--unit", "the network has no unit or input 'zzz'", "known: x1, x2, h1, h2, y"),
    ([XOR, "--layer", "zzz"], "--layer", "the network has no layer 'zzz'", "known: hidden, output"),
    ([XOR, "--weight", "2"], "--weight", "this network's examples have no weights", ""),
    ([XOR, "--dropout-seed", "2"], "--dropout-seed", "this network has no dropout", ""),
    ([IRIS, "--x", "1,2,3,4", "--y", "setsa"], "--y", "unknown class 'setsa'", "did you mean 'setosa'?"),
    ([IRIS, "--x", "1,2,3,4", "--y", "SETOSA"], "--y", "unknown class 'SETOSA'", "did you mean 'setosa'?"),
    (
        [IRIS, "--x", "1,2,3,4"],
        "--x",
        "an example needs inputs",
        "a class, setosa, versicolor or virginica, or 3 numbers",
    ),
    ([XOR, "--params", "none.json"], "none.json", "this file does not exist", ""),
    ([XOR, "--params", XOR], XOR, "expected the parameters of a network", ""),
]


@pytest.mark.parametrize(("arguments", "place", "message", "advice"), REFUSED)
def test_what_is_refused(arguments: list[str], place: str, message: str, advice: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    first, second, *_ = result.stderr.splitlines()
    assert first.startswith(f"error: {message}")
    assert second == f"  --> {place}"
    assert advice in result.stderr


def test_a_spec_without_data_says_how_an_example_is_given(tmp_path: Path) -> None:
    result = run(written(tmp_path))
    assert result.exit_code == 2
    assert "help: give an example, such as `--x 1,0,0 --y 1`, or a file of them, `--csv FILE`" in result.stderr


def test_a_network_of_too_many_weights_is_refused(tmp_path: Path) -> None:
    text = NAMES.replace("units: [닫힘, my_unit]", "units: 1251")
    result = run(written(tmp_path, text), "--x", "1,2,3", "--y", "1")
    assert result.exit_code == 2
    assert "5,004 weights; a worksheet has at most 5,000" in result.stderr


def test_numbers_that_a_module_cannot_compute_are_refused(tmp_path: Path) -> None:
    grows = NAMES.replace("activation: tanh", "activation: grows").replace("activation: sigmoid", "activation: sine")
    grows = grows.replace("binary_cross_entropy", "squared_error") + "activations: {grows: {value: exp(z)}}\n"
    result = run(written(tmp_path, grows), "--x", "1e100,1e100,1e100", "--y", "1")
    assert result.exit_code == 2
    assert "the module does not take this example: " in result.stderr


def test_parameters_are_read_as_the_module_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text(json.dumps({"layout": "another", "parameters": [1.0]}))
    assert "expected the parameters of" in run(XOR, "--params", str(file)).stderr


def test_what_is_frozen_stays(tmp_path: Path) -> None:
    text = NAMES.replace("activation: tanh", "activation: tanh, bias: {trainable: false}")
    sheet = run(written(tmp_path, text), "--x", "1,2,3", "--y", "1").stdout
    assert "\nb_층 does not change: frozen.\n" in sheet
    assert "  b_닫힘 = 0" in sheet
    assert "  b_닫힘 ← " not in sheet
    assert "  b_é ← " in sheet


def test_weights_of_examples(tmp_path: Path) -> None:
    text = """
name: weighed
inputs: [x1]
layers: [{name: output, units: [y], activation: sigmoid}]
loss: {name: binary_cross_entropy, outputs: sum, class_weights: [1, 3], example_weights: true}
training: {optimizer: {name: gradient_descent, rate: 0.1}}
data:
  classes: [no, yes]
  rows: [{x: [2], y: yes, weight: 2}, {x: [1], y: no}]
"""
    path = written(tmp_path, text)
    by_row = run(path).stdout
    assert "  weight = 2\n" in by_row
    assert "  weight ← weight · class_weight\n         = 2      · 3\n         = 6\n" in by_row
    assert run(path, "--x", "2", "--y", "yes", "--weight", "2").stdout == by_row
    assert "         = 5      · 1\n" in run(path, "--x", "2", "--y", "no", "--weight", "5").stdout
    for text in ("1_0", "\u0661", "nan", "-1", "1e18"):
        refused = run(path, "--weight", text)
        assert refused.exit_code == 2
        assert f"got {text!r}\n  --> --weight\n" in refused.stderr


@pytest.mark.parametrize("form", ["text", "html"])
def test_a_unit_of_hundreds_of_inputs(form: str, tmp_path: Path) -> None:
    """A sum is a syntax tree as deep as it has terms, and Python limits how deep functions call themselves."""
    text = """
name: wide
inputs: 300
layers: [{name: output, units: [y], activation: sigmoid}]
loss: binary_cross_entropy
training: {optimizer: {name: gradient_descent, rate: 0.5}, clip: {name: norm, most: 1.0}}
"""
    example = [written(tmp_path, text), "--x", ",".join(["0.5"] * 300), "--y", "1", "--format", form]
    few, all_of_them = run(*example), run(*example, "--whole")
    assert few.exit_code == all_of_them.exit_code == 0, few.exception or all_of_them.exception
    assert len(all_of_them.output) > 15 * len(few.output)


PENGUINS = str(named("penguins"))


@pytest.fixture(scope="module")
def penguins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, str]:
    """The module of penguins, and a file of parameters for it."""
    module = built(named("penguins"), "python")
    path = tmp_path_factory.mktemp("params") / "penguins.json"
    module.save(module.init(7), str(path))
    return module, str(path)


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html"])
@pytest.mark.parametrize(
    "given",
    [
        "39.1, 18.7, , 3750, Dream, NA",
        "sex=?, island=Dream, bill_depth_mm=18.7, flipper_length_mm=, body_mass_g=3750, bill_length_mm=39.1",
    ],
)
def test_a_forward_pass_of_a_raw_row(penguins: tuple[Any, str], given: str, form: str) -> None:
    module, params = penguins
    sheet = run(PENGUINS, "--params", params, "--x", given, "--format", form, "--full").stdout
    row: dict[str, Any] = {
        "bill_length_mm": 39.1,
        "bill_depth_mm": 18.7,
        "flipper_length_mm": None,
        "body_mass_g": 3750.0,
    }
    row |= {"island": "Dream", "sex": None}
    assert f"The answer is {module.predict(module.init(7), row)}." in sheet
    outputs = module.forward(module.init(7), module.encode(row))
    assert repr(outputs[0]) in sheet
    assert "penguins: a forward pass" in sheet
    assert "loss" not in sheet
    if form == "text":
        assert "flipper_length_mm is missing: the median of the training rows\n" in sheet
        assert "island = Dream: 1 for the category, 0 for the others\n  island_biscoe = 0\n" in sheet
        assert "body_mass_g = 3750\n  body_mass = (3750 − 4219.476744186047) / 811.407893010052\n" in sheet


def test_a_step_of_training_with_a_raw_row(penguins: tuple[Any, str]) -> None:
    given = ["--x", "39.1,18.7,181,3750,Torgersen,male"]
    sheet = run(PENGUINS, "--params", penguins[1], *given, "--y", "Adelie").stdout
    assert "island = Torgersen" in sheet
    assert "The loss of this example was" in sheet


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--x", "1,2,3"], "expected 6 values, one for each column, got 3"),
        (["--x", "1,2,3,4,5,6,7"], "expected 6 values, one for each column, got 7"),
        (["--x", "bill_length_mm=1"], "missing: bill_depth_mm"),
        (["--x", "sex=male,iland=Dream"], "there is no column 'iland'"),
        (["--x", "1,2,3,x,Dream,male"], "expected a number, got 'x'"),
        (["--x", "1,2,3,4,Dream,mal"], "sex: expected one of female, male, got 'mal'"),
        (["--x", '1,2,3,4,"Dream,male'], "expected values separated by commas"),
        (["--x", "1,2,3,4,Dream,male", "--steps", "2"], "a step of training needs targets"),
    ],
)
def test_wrong_raw_rows(penguins: tuple[Any, str], options: list[str], message: str) -> None:
    result = run(PENGUINS, "--params", penguins[1], *options)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html"])
def test_an_exercise_has_the_equations_and_its_key_the_numbers(form: str, tmp_path: Path) -> None:
    key, sheet = tmp_path / "key", tmp_path / "sheet"
    answer = run(XOR, "--blank", "--key", str(key), "--format", form, "-o", str(sheet))
    assert answer.exit_code == 0, answer.output
    room = r"\underline{" if form == "latex" else "________"
    loss = "0.76762"  # of the first row; the gap is in the exercise, the number in the key
    assert loss not in sheet.read_text("utf-8")
    assert loss in key.read_text("utf-8")
    assert key.read_text("utf-8") == run(XOR, "--format", form).stdout
    assert sheet.read_text("utf-8").count(room) == 30 + (2 if form in ("text", "html") else 0)
    assert "0.129225" in sheet.read_text("utf-8")  # a weight is given


def test_the_algebra_between_loss_and_activation_is_shown() -> None:
    assert "(a − y) / (a (1 − a)) · a (1 − a) = a − y." in run(XOR).stdout
    assert "aⱼ Σₖ yₖ − yⱼ = aⱼ − yⱼ" in " ".join(run(IRIS).stdout.split())
    assert "This is -y log(a) - (1 - y) log(1 - a), in a form" in run(XOR).stdout


def test_a_loss_of_0_with_a_wrong_answer_is_explained() -> None:
    perceptron = str(named("and_perceptron"))
    right, wrong = (" ".join(run(perceptron, "--row", row).stdout.split()) for row in ("1", "4"))
    for sheet in (right, wrong):
        assert "the loss is 0 even if the answer is wrong" in sheet
        assert "The chain rule does not lead through a step" in sheet
    assert "The loss is 0, but the answer of y is wrong" in wrong
    assert "∂loss/∂z_y = a_y − y_y = 0 − 1 = −1" in wrong
    assert "but the answer of" not in right
    assert "does not lead through a step" not in run(XOR).stdout


def test_a_dead_path_is_explained() -> None:
    spec = ROOT / "nngen" / "learning" / "course" / "lessons" / "dead_units.yaml"
    said = " ".join(run(str(spec)).stdout.split())
    assert re.findall(r"(\w+) receives an error, but the slope of relu is 0", said) == ["h1", "h2"]  # not h3
    assert "receives an error" not in run(XOR).stdout


def test_an_exercise_of_a_forward_pass_leaves_out_the_answer(tmp_path: Path) -> None:
    module = built(named("xor_mlp"), "python")
    module.save(module.init(), str(tmp_path / "params.json"))
    told = run(XOR, "--params", str(tmp_path / "params.json"), "--x", "1,0", "--blank").stdout
    assert "The answer is ________." in told
    assert "loss" not in told


def test_nothing_is_written_if_one_of_two_files_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "sheet").write_text("mine", "utf-8")
    refused = run(XOR, "--blank", "--key", str(tmp_path / "key"), "-o", str(tmp_path / "sheet"))
    assert refused.exit_code == 2
    assert "the file exists already" in refused.output
    assert [path.name for path in tmp_path.iterdir()] == ["sheet"]
    for more in (["--key", str(tmp_path / "key")], ["--blank", "--key", "one", "-o", "one"]):
        assert run(XOR, *more).exit_code == 2


def test_a_perceptron_shows_a_row_with_an_error() -> None:
    """The first row of AND is right at once, so that all numbers of its backward pass would be 0."""
    shown = run(str(named("and_perceptron"))).output
    assert "x1 = 1    x2 = 1\n  y_y = 1" in shown
    assert "x1 = 0    x2 = 0\n  y_y = 0" in run(str(named("and_perceptron")), "--row", "1").output
    assert "x1 = 0    x2 = 0    x3 = 1" in run(str(named("neuron"))).output, "no row has an error: one with an input"


def test_an_exercise_has_room_to_write() -> None:
    blank = run(XOR, "--format", "html", "--blank").output
    assert blank.count('class="room"') == run(XOR, "--blank").output.count("= ________")
    assert '<body class="exercise">' in blank
    assert 'class="room"' not in run(XOR, "--format", "html").output
