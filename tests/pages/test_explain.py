"""The living page as text: its parts, without a browser."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.common.choices import Scene
from nngen.common.diagnostics import SpecError
from nngen.description.data.examples import read_examples
from nngen.description.model.spec import Spec
from nngen.learning.explain.columns import MOST_CELLS
from nngen.learning.explain.equations import kinds, of_layers
from nngen.learning.explain.page import living_page
from nngen.learning.explain.picture import picture
from nngen.learning.explain.ratings import factorization, planes
from nngen.learning.explain.statements import code, marked
from nngen.learning.explain.variants import varies
from nngen.learning.typeset import Symbols
from nngen.plan.planner import plan
from nngen.reading.source import parse
from nngen.targets.modules import as_module, texts
from tests.support.answering import kept
from tests.support.kinds import NETWORKS as WITH_IDS
from tests.support.living import Reader, page_of
from tests.support.modules import ALL_SPECS, ROOT, SPECS, named, spec
from tests.support.network import layer, network
from tests.support.networks import NETWORKS
from tests.support.predictors import hostile

RECOMMENDERS = sorted((ROOT / "specs" / "recommend").glob("*.yaml"))
PICTURES = sorted((ROOT / "docs" / "gallery").glob("*.png"))
PICTURED = [path.stem for path in PICTURES]


def test_parts_of_a_page_have_names(tmp_path: Path) -> None:
    made = CliRunner().invoke(
        main, ["explain", str(named("xor_mlp")), "--parts", "picture,bakward", "-o", str(tmp_path / "x.html")]
    )
    assert made.exit_code == 2
    assert "'bakward' is not one of 'form', 'picture'" in made.output
    with pytest.raises(SpecError, match="the page has no form"):
        living_page(spec(named("xor_mlp")), named("xor_mlp").parent, parts=("form",))


@pytest.mark.parametrize("parts", [("picture", "backward"), ("charts",), ("forward",), ("general",)], ids=",".join)
@pytest.mark.parametrize("name", ["xor_mlp", "ratings_mf"])
def test_a_page_has_nothing_of_other_parts(name: str, parts: tuple[Scene, ...]) -> None:
    text = living_page(spec(named(name)), named(name).parent, parts=parts, variants=False)
    page, whole = Reader(text), living_page(spec(named(name)), named(name).parent, variants=False)
    assert {scene for _, held in page.tags for scene in (held.get("data-scene") or "").split()} == {*parts}
    module = texts(spec(named(name)), named(name).parent, ["javascript"])["javascript"]
    assert "".join(page.code[part] for part in sorted(page.code)) == module
    assert ('<dl class="general">' in text) is ("general" in parts)
    assert ('class="equation"' in text) is bool({"forward", "backward"} & {*parts})
    assert ("function drawSurface(" in text) is ("charts" in parts)
    assert ('<table id="parameters">' in text) is (name == "xor_mlp" and "backward" in parts)
    assert ('class="edge' in text) is ("picture" in parts and 'class="edge' in whole)
    assert len(text) < (0.94 if "charts" in parts else 0.78) * len(whole)


def test_hostile_names_end_no_script() -> None:
    hostile_page = living_page(hostile(), named("iris").parent)
    assert hostile_page.lower().count("</script") == 2  # the facts, the script
    page = Reader(hostile_page)
    assert "alert(1)" in "".join(page.code.values())
    assert json.loads(page.facts)["name"] == "loans"


def test_parameters_of_another_network_are_refused(tmp_path: Path) -> None:
    module = as_module("iris", texts(spec(named("iris")), named("iris").parent, ["python"])["python"])
    kept(tmp_path / "iris.json", spec(named("iris")), named("iris").parent, module.pack(module.init()))
    page = Reader(living_page(spec(named("iris")), named("iris").parent, tmp_path / "iris.json"))
    assert json.loads(page.facts)["parameters"] == module.pack(module.init())
    with pytest.raises(SpecError, match="expected the parameters of 'xor_mlp', got those of 'iris'"):
        living_page(spec(named("xor_mlp")), named("xor_mlp").parent, tmp_path / "iris.json")


def test_the_gallery_has_six_pages_with_pictures() -> None:
    made = re.search(r"^GALLERY := (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert made
    assert sorted(Path(name).name for name in made[1].split()) == PICTURED
    for path in PICTURES:
        assert len(page_of(path.stem)) < 1_000_000
        assert 1_000 < path.stat().st_size < 150_000


READ = [path for path in [*ALL_SPECS, *RECOMMENDERS][::2] if path.stem in PICTURED or not varies(spec(path))]
"""Specs whose pages are quick, or of the gallery: variants take seconds."""


@pytest.mark.parametrize("path", READ, ids=lambda path: path.stem)
def test_the_code_of_a_page_is_the_module(path: Path) -> None:
    page = Reader(page_of(path.stem))
    module = texts(spec(path), path.parent, ["javascript"])["javascript"]
    assert "".join(page.code[part] for part in sorted(page.code)) == module


@pytest.mark.parametrize("name", NETWORKS)
def test_every_module_is_read_to_the_last_character(name: str) -> None:
    """Networks have the two forms of page in turn."""
    level = ("weights", "layers")[list(NETWORKS).index(name) % 2]
    given = Spec.model_validate(
        NETWORKS[name].spec.model_dump(by_alias=True, exclude_unset=True)
        | {"targets": [{"name": "javascript", "unroll": level}]}
    )
    text = texts(given, Path(), ["javascript"])["javascript"]
    parts = code(text)
    pieces = [parts.before, *(one.text for one in parts.statements), parts.between, parts.step, parts.after]
    assert "".join(pieces) == text
    assert {"loss"} <= {one.name for one in parts.statements}


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_connection_is_in_the_picture(path: Path) -> None:
    planned = plan(spec(path))
    drawn = picture(planned)
    single = {name for block in planned.blocks for row in block.rows for name in row}
    fields = {column.name for column in drawn.columns if column.cells}
    if not fields:
        assert {edge.name for edge in drawn.edges} == single
    assert {edge.name for edge in drawn.edges} <= single
    left, top, width, height = map(float, drawn.view.split())
    for column in drawn.columns:
        for unit in column.units:
            assert left < unit.x - column.size
            assert unit.x + column.size < left + width
            assert top < unit.y - column.size
            assert unit.y + column.size < top + height


def test_connections_that_skip_a_layer_go_around_it() -> None:
    drawn = picture(plan(spec(named("skip_mlp"))))
    assert {edge.name for edge in drawn.edges if edge.skips} == {"w_y_x1", "w_y_x2"}


def test_a_large_layer_is_cut() -> None:
    given = f"""
name: large
inputs: {{name: x, size: {MOST_CELLS + 7}}}
layers: [{{name: output, units: [y], activation: sigmoid}}]
loss: {{name: binary_cross_entropy, outputs: sum}}
training: {{optimizer: {{name: gradient_descent, rate: 1.0}}}}
"""
    made = parse(given, "large.yaml")
    column = picture(plan(made)).columns[0]
    assert (len(column.units), column.left_out) == (MOST_CELLS, 7)
    assert "and 7 more" in living_page(made, Path())


def test_names_have_their_general_equation() -> None:
    known = kinds(plan(spec(named("xor_mlp"))))
    found = {name: known[name] for name in ("z_h1", "a_y", "loss", "dz_y", "dz_h2", "dw_h1_x1", "db_y")}
    assert list(found.values()) == [
        "sum", "activation", "loss", "delta-output", "delta-hidden", "gradient", "gradient"
    ]  # fmt: skip


def test_layers_have_equations_of_vectors() -> None:
    planned = plan(spec(named("digits")))
    found = of_layers(planned, Symbols(planned))
    assert 'data-name="W_hidden"' in found["z_hidden"][0]
    assert 'data-name="dz_output"' in found["da_hidden"][0]


def test_every_part_of_a_long_sum_has_its_equation() -> None:
    given = network([layer("o", 1, "linear")], "squared_error", inputs=[f"x{i}" for i in range(150)]).spec
    page = living_page(given, Path())
    assert page.count('<div class="row" tabindex="-1" data-name="z_o1" data-at="') == 2


def test_equations_of_layers_hold_the_weight_of_an_example() -> None:
    planned = plan(network([layer("o", 2, "linear")], {"name": "squared_error", "example_weights": True}).spec)
    assert 'data-name="weight"' in of_layers(planned, Symbols(planned))["da_o"][0]


def test_text_becomes_markup_nowhere() -> None:
    """``test_variants.py`` has pages with variants."""
    said = "</script><script>alert(1)</script><!-- & {{ 7 * 7 }}"
    made = spec(named("iris")).model_copy(update={"description": said})
    page = Reader(living_page(made, named("iris").parent, variants=False))
    assert sum(tag == "script" for tag, _ in page.tags) == 2  # the facts, the script
    module = texts(made, named("iris").parent, ["javascript"])["javascript"]
    assert "".join(page.code[part] for part in sorted(page.code)) == module
    assert marked("<b>&", frozenset()) == "&lt;b&gt;&amp;"


def test_facts_are_json_with_all_examples() -> None:
    path = named("iris")
    facts = json.loads(Reader(page_of("iris")).facts)
    data = read_examples(spec(path), path.parent)
    assert facts["data"]["train"]["x"] == data.train_x.tolist()
    assert facts["data"]["test"]["of"] == len(data.test_x)


def test_nothing_is_loaded_from_anywhere() -> None:
    page = page_of("digits")
    assert not re.search(r"(src|href|action)=|@import|url\(", page)
    addresses = set(re.findall(r"https?://[\w./]+", page))
    assert addresses <= {"http://www.w3.org/1998/Math/MathML", "http://www.w3.org/2000/svg"}  # names, no places


def test_a_network_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text(
        "name: large\ninputs: {name: x, size: 1000}\n"
        "layers:\n  - {name: hidden, units: 300, activation: tanh}\n"
        "  - {name: output, units: [y], activation: sigmoid}\n"
        "loss: {name: binary_cross_entropy, outputs: sum}\n"
        "training: {optimizer: {name: gradient_descent, rate: 1.0}}\n"
    )
    done = CliRunner().invoke(main, ["explain", str(path), "-o", str(tmp_path / "page.html")])
    assert done.exit_code == 2
    assert "300,601 parameters; a living page takes at most 200,000" in done.output
    assert not (tmp_path / "page.html").exists()


def test_the_command_writes_a_page_over_a_page_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = str(named("neuron"))  # whose page has no variants, and is quick
    done = CliRunner().invoke(main, ["explain", path])
    assert (done.exit_code, done.output) == (0, "wrote neuron.html\n")
    assert Path("neuron.html").read_text("utf-8") == page_of("neuron")
    assert CliRunner().invoke(main, ["explain", path]).exit_code == 0
    Path("mine.html").write_text("<p>mine</p>")
    done = CliRunner().invoke(main, ["explain", path, "-o", "mine.html"])
    assert done.exit_code == 2
    assert "--force" in done.output
    assert Path("mine.html").read_text() == "<p>mine</p>"
    assert CliRunner().invoke(main, ["explain", path, "-o", "mine.html", "--force"]).exit_code == 0
    assert CliRunner().invoke(main, ["explain", path, "-o", "no/such/folder.html"]).exit_code == 2


RATINGS = """
name: ratings
inputs:
  - {name: user, ids: [Ada, "</script><b>", 'a "b" & c'], unknown: row}
  - {name: item, ids: 1001}
layers:
  - {name: p, kind: embedding, from: user, units: 2%s}
  - {name: q, kind: embedding, from: item, units: 2}
  - {name: bu, kind: embedding, from: user, units: 1}
  - {name: pq, kind: dot, from: [p, q]}
  - {name: rating, kind: add, from: [%s], units: 1}
loss: squared_error
training: {optimizer: {name: gradient_descent, rate: 0.1}}
"""


def test_a_factorization_is_told_from_other_networks_with_ids() -> None:
    def found(more: str = "", sources: str = "bu, pq") -> Any:
        return factorization(plan(parse(RATINGS % (more, sources), "ratings.yaml")))

    plain = found()
    assert [side["layer"] for side in plain["sides"]] == ["p", "q"]
    assert plain["terms"] == [{"layer": "bu", "input": 0}, {"layer": "pq", "input": None}]
    assert found(", activation: tanh") is None  # its values are not the row
    assert found(", bias: true") is None
    for name in ("every kind, adam, l2, sum",):
        assert factorization(plan(WITH_IDS[name])) is None
    for name in ("gmf", "neumf", "wide_deep", "autorec"):
        assert factorization(plan(spec(named(name)))) is None


def test_planes_show_pairs_of_embeddings() -> None:
    def found(name: str) -> list[Any]:
        return [(*(s["layer"] for s in p["sides"]), p["shared"]) for p in planes(plan(spec(named(name))))]

    assert found("two_factors") == [("taste", "content", True)]
    assert found("gmf") == [("taste", "content", True)]
    assert found("neumf") == [("taste", "content", True), ("reader_side", "book_side", False)]
    assert found("wide_deep") == [("reader_side", "book_side", False)]
    assert found("autorec") == found("xor_mlp") == []


def test_ids_are_chosen_from_a_list_or_by_number() -> None:
    page = living_page(parse(RATINGS % ("", "bu, pq"), "ratings.yaml"), Path())
    fields = [held for tag, held in Reader(page).tags if tag in ("select", "input") and "data-input" in held]
    assert [(one.get("type"), one.get("max")) for one in fields] == [(None, None), ("number", "1000")]
    options = re.findall(
        r'<option value="\d">([^<]*)</option>', page.partition('data-input="0"')[2].partition("</select>")[0]
    )
    assert options == ["Ada", "&lt;/script&gt;&lt;b&gt;", "a &#34;b&#34; &amp; c", "(other)"]
    assert page.lower().count("</script") == 2
    assert json.loads(Reader(page).facts)["ids"][0]["names"][1] == "</script><b>"


@pytest.mark.parametrize("path", [named("ratings_mf"), named("neumf")], ids=lambda path: path.stem)
def test_layers_of_the_same_depth_stand_below_each_other(path: Path) -> None:
    drawn = picture(plan(spec(path)))
    boxes = [(c.x, unit.x, unit.y, c.size) for c in drawn.columns for unit in c.units]
    for i, (_, x, y, size) in enumerate(boxes):
        for _, other_x, other_y, other in boxes[:i]:
            assert max(abs(x - other_x), abs(y - other_y)) >= size + other
    assert len(drawn.wires) >= sum(len(c.units) for c in drawn.columns if c.depth == 1)


def test_general_equations_of_batch_normalization_say_which_mean_the_page_takes() -> None:
    path = named("digits_batch_norm")
    text = {
        language: re.sub("<[^>]*>", "", living_page(spec(path), path.parent, language=language).partition("</dl>")[0])
        for language in ("en", "ko")
    }
    assert "mean and variance are taken over the examples of a batch." in text["en"]
    assert "After training, as on this page, the running mean and variance take their place" in text["en"]
    assert "hat is the normalized value before gain and shift" in text["en"]
    for english in ("taken over", "take their place", "hat is", "the examples of a batch"):
        assert english not in text["ko"]
    assert "이동 평균과 이동 분산" in text["ko"]


def test_a_missing_target_is_said_in_words() -> None:
    assert len(re.findall(r"<mtext>if&#160;</mtext><mi[^>]*>known</mi>", page_of("autorec"))) == 3
