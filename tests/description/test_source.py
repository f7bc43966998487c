"""Text becomes a spec as YAML 1.2 and JSON have it, and hostile text is refused before anything is built of it."""

import json
from pathlib import Path

import pytest

from nngen.common.diagnostics import MAX_SHOWN, Diagnostic, SpecError
from nngen.reading.checks.all import MAX_PARAMETERS
from nngen.reading.source import MAX_BYTES, MAX_VALUES, load, parse
from nngen.reading.yaml_reader import MAX_DEPTH, read

TEXT = """\
name: xor
inputs: [x1, x2]
layers:
  - name: hidden
    units: [h1, h2]
    activation: sigmoid
  - name: output
    units: [y]
    activation: sigmoid
loss: {name: binary_cross_entropy, outputs: sum}
training:
  optimizer: {name: gradient_descent, rate: 1e-3}
"""


def refused(text: str | bytes, path: str = "spec.yaml") -> tuple[Diagnostic, ...]:
    with pytest.raises(SpecError) as caught:
        parse(text, path)
    return caught.value.diagnostics


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1e-3", 0.001),
        ("1E3", 1000.0),
        (".5", 0.5),
        ("-0.5", -0.5),
        ("+3", 3),
        ("014", 14),
        ("0o14", 12),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"),
        ("on", "on"),
        ("no", "no"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("tRUE", "tRUE"),
        ("~", None),
        ("null", None),
        ("", None),
        ('"1"', "1"),
        ("'true'", "true"),
        ("NaN", "NaN"),
        ("=", "="),
    ],
)
def test_scalars_are_those_of_yaml_1_2(written: str, value: object) -> None:
    found = read(f"key: {written}\n", "spec.yaml").value["key"]
    assert (found, type(found)) == (value, type(value))


def test_keys_that_older_yaml_takes_for_truth() -> None:
    assert read("on: 1\ny: 2\n", "spec.yaml").value == {"on": 1, "y": 2}


def test_json_is_the_same_spec() -> None:
    plain = read(TEXT, "spec.yaml").value
    assert parse(json.dumps(plain), "spec.json") == parse(TEXT, "spec.yaml")
    assert parse(json.dumps(plain, indent="\t"), "spec.JSON") == parse(TEXT, "spec.yaml")


@pytest.mark.parametrize(
    "text",
    [
        '{"a"\n:\t[1,2]\n,"b":\n\n"\\u00e9\\ud83d\\ude00\\/\\"\\n"}',
        '{"a":[true,false,null,-0.5E-3,"on"],"\\t":{}, "":[[]] }',
        '\ufeff{"a": "# no comment", "b": "- no list: &no *no !no"}',
    ],
)
def test_json_is_read_as_json(text: str) -> None:
    assert read(text, "spec.json").value == json.loads(text.removeprefix("\ufeff"))


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n", "\r"),
        "\ufeff" + TEXT,
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.rstrip("\n"),
        "%YAML 1.2\n---\n" + TEXT + "...\n",
    ],
    ids=["CRLF", "CR", "BOM", "BOM in bytes", "no final line break", "YAML's marks"],
)
def test_the_same_text_in_other_clothes(other: str | bytes) -> None:
    assert parse(other, "spec.yaml") == parse(TEXT, "spec.yaml")


def test_line_breaks_do_not_move_positions() -> None:
    wrong = TEXT.replace("activation: sigmoid", "activation: sigmod")
    assert refused(wrong.replace("\n", "\r\n")) == refused(wrong)
    assert refused("\ufeff" + wrong) == refused(wrong)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("activation: sigmoid", "activation: {name: sigmoid}"),
        ("from: hidden", "from: [hidden]"),
        ("bias: true", "bias: {}"),
        ("bias: false", "bias: null"),
        ("weights: {initial: zeros}", "weights: {initial: {name: zeros}}"),
        ("weights: {initial: [[1, 2]]}", "weights: {initial: {name: values, values: [[1, 2]]}}"),
        ("bias: {initial: [1]}", "bias: {initial: {name: values, values: [1]}}"),
    ],
)
def test_short_forms(short: str, long: str) -> None:
    text = TEXT.replace("units: [y]\n    activation: sigmoid", f"units: [y]\n    {short}")
    if not short.startswith("activation"):
        text = text.replace(short, f"activation: sigmoid\n    {short}")
    assert parse(text, "spec.yaml") == parse(text.replace(short, long), "spec.yaml")


def test_mistakes_come_in_the_order_of_the_file() -> None:
    wrong = TEXT.replace("x1", "x-1").replace("[y]", "0").replace("1e-3", ".nan").replace("hidden", "class")
    assert [found.line for found in refused(wrong)] == [2, 4, 8, 12]


def test_no_mistake_is_the_consequence_of_another() -> None:
    wrong = TEXT.replace("units: [y]", "unit: [y]\n    from: [x, hidden]").replace("name: hidden", "nam: hidden")
    assert [found.label for found in refused(wrong)] == ["did you mean 'name'?", "did you mean 'units'?"]
    assert len(refused(TEXT.replace("[h1, h2]", "&units [h1, h2]").replace("[y]", "*units"))) == 2


def test_carets_stand_below_wide_characters() -> None:
    (found,) = refused(TEXT.replace("name: xor", 'name: "学习"  # 例'.replace("学习", "学 习")))
    _, _, _, line, carets = str(found).splitlines()
    assert (found.line, found.column, found.width) == (1, 7, 5)
    assert line == ' 1 | name: "学 习"  # 例'
    assert carets == "   |       ^^^^^^^ did you mean '学_习'?"


def test_a_caret_after_wide_and_combining_characters() -> None:
    (found,) = refused(
        TEXT.replace("inputs: [x1, x2]", "inputs: [学, e\u0301, x2]")
    )  # e and an accent are two characters
    assert str(found).splitlines()[3:] == [" 2 | inputs: [学, e\u0301, x2]", "   |              ^"]


def test_nothing_that_moves_a_terminal_is_printed() -> None:
    shown = str(SpecError(refused(TEXT.replace("name: xor", 'name: "\u202e\\e[2J\u200b"'), "a\x1b[31m.yaml")))
    assert all(character.isprintable() for character in shown.replace("\n", ""))


def test_a_long_line_is_cut() -> None:
    (found,) = refused(TEXT.replace("[h1, h2]", f"[{', '.join(f'h{i}' for i in range(3_000))}, h 0]"))
    line, carets = str(found).splitlines()[3:5]
    assert len(line) < MAX_SHOWN + 15
    assert line[carets.index("^") : carets.rindex("^") + 1] == "h 0"


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("[" * 40_000, "spec.yaml", f"lists and mappings are nested more than {MAX_DEPTH} levels deep"),
        ("[" * 40_000, "spec.json", f"lists and mappings are nested more than {MAX_DEPTH} levels deep"),
        ('{"a": ' * 20_000, "spec.json", f"lists and mappings are nested more than {MAX_DEPTH} levels deep"),
        ("- " * 40_000, "spec.yaml", f"lists and mappings are nested more than {MAX_DEPTH} levels deep"),
        ("a: &a [x]\n" + "b: &b [*a, *a]\n", "spec.yaml", "a: anchors are not supported"),
        ("a: " + "9" * 100_000, "spec.yaml", "a: the number has more than 30 digits"),
        ('{"a": ' + "9" * 100_000 + "}", "spec.json", "a: the number has more than 30 digits"),
        ("#" * (MAX_BYTES + 1), "spec.yaml", f"the file is larger than {MAX_BYTES:,} bytes"),
        ("a: [" + "[]," * 50_000 + "]", "spec.yaml", f"the file has more than {MAX_VALUES:,} keys and values"),
        ("?\n" * 110_000, "spec.yaml", f"the file has more than {MAX_VALUES:,} keys and values"),
        ("a: 0x" + "f" * 10_000, "spec.yaml", "a: the number has more than 30 digits"),
        ("a: \ud800", "spec.yaml", "the control character U+D800 is not allowed"),
        ("a: !" + "a" * 900_000, "spec.yaml", "tags are not supported"),
        ("a:\n  - [x, !<" + "%41" * 300_000 + "> y]", "spec.yaml", "tags are not supported"),
        ("%YAML 1." + "9" * 5_000 + "\n--- a", "spec.yaml", "directives are not supported"),
        ("%YAML " + "9" * 5_000 + ".1\n--- a", "spec.yaml", "directives are not supported"),
        ("%YAML 1.3\n--- a", "spec.yaml", "directives are not supported"),
        ("%YAML 2.0\n--- a", "spec.yaml", "directives are not supported"),
        ("%TAG ! " + "a" * 900_000 + "\n--- a", "spec.yaml", "directives are not supported"),
        ("%OTHER\n--- a", "spec.yaml", "directives are not supported"),
        ("a: b\n...\n%YAML 1.3\n--- a", "spec.yaml", "directives are not supported"),
        ("%YAML 1.2\n--- a", "spec.yaml", "a spec must be a mapping, not 'a'"),
        ('["a !' + "a" * 200 + '"]', "spec.json", "a spec must be a mapping, not a list"),
    ],
)
def test_hostile_text_is_refused(text: str, path: str, message: str) -> None:
    assert message in [found.message for found in refused(text, path)]


def test_a_network_too_large_is_refused_before_its_names_are_made() -> None:
    layers = "".join(f"  - {{name: layer{i}, units: 100000, activation: tanh}}\n" for i in range(1_000))
    (found,) = refused(TEXT.partition("layers:")[0] + "layers:\n" + layers + "loss:" + TEXT.partition("loss:")[2])
    assert f"at most {MAX_PARAMETERS:,}" in found.message


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "xor.yaml"
    path.write_text(TEXT, "utf-8")
    assert load(path) == parse(TEXT, "elsewhere.yaml")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent.yaml", "this file does not exist"),
        (".", "this is a folder, not a file"),
        ("a\0b", "the file cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read(name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SpecError) as caught:
        load(Path(name))
    (found,) = caught.value.diagnostics
    assert (found.line, found.column) == (None, None)
    assert str(found).startswith(f"error: {message}")


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("below/data.csv", None),
        ("below/inside.csv", None),
        ("below/outside.csv", "the file is outside the spec's folder and the working directory"),
        ("below/loop.csv", "this link leads back to itself"),
        ("below/../../data.csv", "the file is outside the spec's folder and the working directory"),
        ("C:/data.csv", "expected a path relative to the spec's folder"),
        ("below", "this is a folder, not a file"),
        ("below/empty.csv", "the file is empty"),
        ("below/latin.csv", "expected text in UTF-8"),
    ],
)
def test_the_file_of_examples(file: str, message: str | None, tmp_path: Path) -> None:
    below = tmp_path / "specs" / "below"
    below.mkdir(parents=True)
    for path in (below / "data.csv", tmp_path / "data.csv"):
        path.write_bytes(b'\xef\xbb\xbf\n x1 ,"x2",label\r\n0,0,0\r\n')
    (below / "inside.csv").symlink_to("data.csv")
    (below / "outside.csv").symlink_to(tmp_path / "data.csv")
    (below / "loop.csv").symlink_to("loop.csv")
    (below / "empty.csv").touch()
    (below / "latin.csv").write_bytes(b"x1,x2,gr\xf6sse\n")
    spec = tmp_path / "specs" / "spec.yaml"
    spec.write_text(f"{TEXT}data: {{file: '{file}', target: label}}\n", "utf-8")
    if message is None:
        assert load(spec).data is not None
        return
    with pytest.raises(SpecError) as caught:
        load(spec)
    (found,) = caught.value.diagnostics
    assert found.message.startswith(f"data.file: {message}")


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        ("1e308", 1e308),
        ("1e400", "1e400 is too large: the largest number is 1.8e308"),
        ("1e-400", "expected a number greater than 0, got 0.0"),
        ("-0.0", "expected a number greater than 0, got -0.0"),
        ("9" * 30, 1e30),
        ("9" * 31, "the number has more than 30 digits"),
        ("9" * 400, "the number has more than 30 digits"),
        ("9" * 10_000, "the number has more than 30 digits"),
        ("0." + "3" * 10_000, 1.0 / 3.0),
    ],
)
@pytest.mark.parametrize("path", ["spec.yaml", "spec.json"])
def test_numbers_at_the_ends(number: str, outcome: float | str, path: str) -> None:
    text = (
        '{"name": "xor", "inputs": ["x1"], "layers": [{"name": "o", "units": ["y"], "activation": "linear"}], '
        '"loss": {"name": "squared_error", "outputs": "sum"}, '
        f'"training": {{"optimizer": {{"name": "gradient_descent", "rate": {number}}}}}}}'
    )
    if isinstance(outcome, str):
        assert outcome in " ".join(found.message for found in refused(text, path))
    else:
        assert parse(text, path).training.optimizer.options["rate"] == outcome


def test_data_beside_the_folder_of_specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read where the working directory or a folder that the user names holds them, and from nowhere else."""
    for folder in ("project/specs", "project/data", "other"):
        (tmp_path / folder).mkdir(parents=True)
    spec, data = tmp_path / "project/specs/spec.yaml", tmp_path / "project/data/data.csv"
    data.write_text("x1,x2,label\n0,0,0\n", "utf-8")
    (tmp_path / "project/data/link.csv").symlink_to(tmp_path / "other/secret.csv")
    (tmp_path / "other/secret.csv").write_text("x1,x2,label\n0,0,0\n", "utf-8")

    def readable(file: str, root: Path | None = None) -> bool:
        spec.write_text(f"{TEXT}data: {{file: '{file}', target: label}}\n", "utf-8")
        try:
            return load(spec, root).data is not None
        except SpecError as error:
            [found] = error.diagnostics
            assert found.message == "data.file: the file is outside the spec's folder and the working directory"
            assert found.help == "move it there, or allow its folder with `--data-root FOLDER`"
            return False

    monkeypatch.chdir(tmp_path / "project")
    assert readable("../data/data.csv")
    assert not readable("../data/link.csv")
    assert not readable("../../other/secret.csv")
    monkeypatch.chdir(tmp_path / "other")
    assert not readable("../data/data.csv")
    assert readable("../data/data.csv", tmp_path / "project")
    assert readable("../data/data.csv", Path("../project/data"))
    monkeypatch.chdir("/")
    assert not readable("../data/data.csv")
