"""Files of parameters: each target reads what another wrote, and no module takes numbers from a broken one."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from nngen.proof.reference import Network
from tests.support.cases import examples, same, start
from tests.support.modules import SPECS, TARGETS, built, named, spec


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_one_target_loads_what_the_other_saved(path: Path, tmp_path: Path) -> None:
    network = Network(spec(path))
    x, _ = examples(network, 4)
    python, numpy = built(path, "python"), built(path, "numpy")
    python.save(python.unpack(start(network)), str(tmp_path / "python.json"))
    numpy.save(numpy.unpack(start(network)), str(tmp_path / "numpy.json"))
    assert (tmp_path / "python.json").read_bytes() == (tmp_path / "numpy.json").read_bytes()
    outputs = numpy.forward(numpy.load(str(tmp_path / "python.json")), x)
    same([python.forward(python.load(str(tmp_path / "numpy.json")), row) for row in x.tolist()], outputs)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "Expecting value"),
        ("[1, 2]", "expected the parameters of 'xor_mlp .* got those of None"),
        ('{"parameters": [1, 2]}', "got those of None"),
        ('{"layout": "other", "parameters": [1, 2]}', "got those of 'other'"),
        ('{"layout": LAYOUT}', "expected a list of finite numbers"),
        ('{"layout": LAYOUT, "parameters": "123456789"}', "expected a list of finite numbers"),
        ('{"layout": LAYOUT, "parameters": [null, 1, 1, 1, 1, 1, 1, 1, 1]}', "expected a list of finite numbers"),
        ('{"layout": LAYOUT, "parameters": [1, 2]}', "expected 9 parameters, got 2"),
    ],
)
def test_load_refuses_other_files(target: str, content: str, message: str, tmp_path: Path) -> None:
    module = built(named("xor_mlp"), target)
    file = tmp_path / "params.json"
    file.write_text(content.replace("LAYOUT", json.dumps(module.LAYOUT)))
    with pytest.raises(ValueError, match=message):
        module.load(str(file))


@pytest.mark.parametrize("target", TARGETS)
def test_save_refuses_what_is_no_number(target: str, tmp_path: Path) -> None:
    module = built(named("xor_mlp"), target)
    file = tmp_path / "params.json"
    file.write_text("as it was")
    with pytest.raises(ValueError, match="finite"):
        module.save(module.unpack([math.nan] + [0.0] * 8), str(file))
    assert file.read_text() == "as it was"


@pytest.mark.parametrize("target", TARGETS)
def test_every_truncated_file_of_parameters_is_refused(target: str, tmp_path: Path) -> None:
    module = built(named("xor_mlp"), target)
    file = tmp_path / "params.json"
    module.save(module.init(), str(file))
    whole = file.read_bytes()
    for end in range(len(whole)):
        file.write_bytes(whole[:end])
        with pytest.raises(ValueError, match=r"\w"):
            module.load(str(file))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "number",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "true",
        "null",
        "1e400",
        "-1e999",
        '"1"',
        "[1]",
        "{}",
        "9" * 309,
        "-" + "9" * 4000,
    ],
)
def test_parameters_of_a_file_are_finite_numbers(target: str, number: str, tmp_path: Path) -> None:
    module = built(named("xor_mlp"), target)
    file = tmp_path / "params.json"
    file.write_text(f'{{"layout": {json.dumps(module.LAYOUT)}, "parameters": [{number}{", 1.0" * 8}]}}')
    with pytest.raises(ValueError, match="expected a list of finite numbers"):
        module.load(str(file))


def test_no_network_takes_the_file_of_another(tmp_path: Path) -> None:
    for path in SPECS:
        module = built(path, "numpy")
        module.save(module.init(), str(tmp_path / f"{path.stem}.json"))
    for path in SPECS:
        for other in SPECS:
            if other != path:
                with pytest.raises(ValueError, match="expected the parameters of"):
                    built(path, "python").load(str(tmp_path / f"{other.stem}.json"))


def _file(module: Any, tmp_path: Path, numbers: str) -> str:
    file = tmp_path / "params.json"
    file.write_text(f'{{"layout": {json.dumps(module.LAYOUT)}, "parameters": [{numbers}]}}')
    return str(file)


@pytest.mark.parametrize("target", TARGETS)
def test_numbers_of_a_file_as_other_programs_write_them(target: str, tmp_path: Path) -> None:
    """JavaScript writes 1e20 with all its digits; the sign of a zero stays."""
    module = built(named("xor_mlp"), target)
    numbers = "1, -0.0, 100000000000000000000, 1e-400, 2.5E1, 1.7976931348623157e308, -0, 0.1, 9007199254740993"
    loaded = module.pack(module.load(_file(module, tmp_path, numbers)))
    assert [number.hex() for number in loaded] == [
        number.hex() for number in (1.0, -0.0, 1e20, 0.0, 25.0, 1.7976931348623157e308, 0.0, 0.1, 9007199254740992.0)
    ]


@pytest.mark.parametrize("target", TARGETS)
def test_files_that_are_hostile(target: str, tmp_path: Path) -> None:
    module = built(named("xor_mlp"), target)
    file = tmp_path / "params.json"
    nested = "expected a JSON object of a text and a list, got one nested too deep"
    hostile: list[tuple[bytes, str]] = [
        (b"[" * 100_000, nested),
        (b'{"a":' * 100_000, nested),
        (b'{"layout": "", "parameters": ' + b"[" * 100_000, nested),
        (b'{"a": ' + b"9" * 10_000 + b"}", "Exceeds the limit|expected the parameters of"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b"\xff\xfe{\x00}\x00", "decode|Expecting value"),
        (b"\0", "Expecting value"),
        (b"", "Expecting value"),
        (b"[1]", "expected the parameters of"),
        (b'{"layout": null, "layout": []}', "expected the parameters of"),
    ]
    for content, words in hostile:
        file.write_bytes(content)
        with pytest.raises(ValueError, match=words):
            module.load(str(file))
    with pytest.raises(ValueError, match="expected 9 parameters, got 1000000"):
        module.load(_file(module, tmp_path, "0.125, " * 999_999 + "0.125"))


@pytest.mark.parametrize("target", TARGETS)
def test_of_a_key_that_a_file_has_twice_the_last_counts(target: str, tmp_path: Path) -> None:
    """Readers of JSON in Python and JavaScript do the same."""
    module = built(named("xor_mlp"), target)
    file = _file(module, tmp_path, '0.0], "parameters": [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0')
    assert module.pack(module.load(file)) == [1.0] * 9
