"""Names that Lua cannot have."""

from pathlib import Path

import pytest

import nngen

SPEC = """
name: net
inputs: [가나]
layers: [{name: output, units: 1, activation: linear}]
loss: squared_error
training: {optimizer: {name: gradient_descent, rate: 0.1}}
"""


def test_names_beyond_ascii_are_refused(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(SPEC, encoding="utf-8")
    with pytest.raises(nngen.SpecError, match="names in lua have letters of ASCII only, and this network has '가나'"):
        nngen.build(tmp_path / "net.yaml", "lua")
    assert nngen.build(tmp_path / "net.yaml", "php").text
