"""A language of one's own: from a file, an installed package or an object, and never from a spec."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import invalidate_caches
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import nngen
from nngen.cli import main
from nngen.common.diagnostics import SpecError
from nngen.targets import TARGETS, Target
from nngen.targets.targets import KINDS, OWN
from tests.support.modules import ROOT

PERL = (ROOT / "examples" / "own_language" / "perl.py").read_text("utf-8")
SPEC = """\
name: xor
inputs: [x1, x2]
layers: [{name: output, units: [y], activation: tanh}]
loss: squared_error
training: {optimizer: {name: gradient_descent, rate: 1.0}}
"""


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """An empty folder with a spec and the language, which other tests do not know."""
    before = set(KINDS)
    monkeypatch.chdir(tmp_path)
    Path("xor.yaml").write_text(SPEC)
    Path("perl.py").write_text(PERL)
    yield
    for name in set(KINDS) - before:
        del KINDS[name], TARGETS[name], OWN[name]


PAGE = (ROOT / "docs" / "own_language.md").read_text("utf-8")


def test_a_stranger_follows_the_page(tmp_path: Path) -> None:
    """Written to an empty folder as the page says, by hand, and run in a shell: the page shows what is printed."""
    (tmp_path / "empty").mkdir()
    files = re.findall(r"`(\w+\.\w+)`:\n\n<!-- [^\n]+ -->\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert [name for name, _ in files] == ["xor.yaml", "perl.py"]
    for name, text in files:
        (tmp_path / "empty" / name).write_text(text, "utf-8")
    assert len(files[1][1].splitlines()) < 100
    (console,) = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for session in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
        line, _, shown = session.partition("\n")
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            line, shell=True, cwd=tmp_path / "empty", env={**os.environ, "PATH": path}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        expected = re.sub(r" +\\\.(?=  )", r" +[0-9][0-9.e+-]*", re.escape(shown).replace("\\ ", " "))
        assert "train" in line or re.fullmatch(expected, done.stdout + done.stderr), done.stdout + done.stderr


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def built(*arguments: str) -> Result:
    return run("build", "xor.yaml", *arguments)


def refused(done: Result) -> str:
    """The message of a command that has written nothing."""
    assert (done.exit_code, done.stdout, list(Path().glob("generated/*"))) == (2, "", []), done.output
    return done.stderr


def test_a_file_brings_a_language() -> None:
    assert built("--target", "./perl.py").stderr == "wrote generated/perl/xor.pl\n"
    assert built("--target", "perl.py", "--check").exit_code == 0
    text = Path("generated/perl/xor.pl").read_text("utf-8")
    assert "`nngen build --target perl.py` with that spec" in " ".join(text.replace("#", " ").split())
    done = run("verify", "generated/perl/xor.pl", "--target", "perl.py")
    assert done.exit_code == 0, done.output
    assert re.search("^forward +[0-9.]+ +4096 +right$", done.stdout, re.MULTILINE)
    Path("generated/perl/xor.pl").write_text(text.replace("$b_y +", "$b_y -"), "utf-8")
    done = run("verify", "generated/perl/xor.pl", "--target", "perl.py")
    assert done.exit_code == 1
    assert "but nngen writes `my $z_y = $b_y + $w_y_x1 * $x1 + $w_y_x2 * $x2;`" in done.stdout


def test_a_file_runs_once_for_all_specs_and_is_never_overwritten() -> None:
    Path("perl.py").write_text(PERL + 'print("loaded")\n')
    Path("other.yaml").write_text(SPEC.replace("xor", "other"))
    assert run("build", "xor.yaml", "other.yaml", "--target", "./perl.py").stdout == "loaded\n"
    assert "would overwrite it" in built("--target", "./perl.py", "-o", "perl.py", "--force").stderr


def test_templates_may_be_files(tmp_path: Path) -> None:
    Path("templates").mkdir()
    names = {"module.pl.jinja": "MODULE", "driver.pl.jinja": "DRIVER"}
    scope: dict[str, object] = {}
    exec(PERL, scope)
    for name, variable in names.items():
        Path("templates", name).write_text(str(scope[variable]))
    text = PERL.replace('{"module.pl.jinja": MODULE, "driver.pl.jinja": DRIVER}', 'Path(__file__).parent / "templates"')
    Path("perl.py").write_text(text.replace("import re\n", "import re\nfrom pathlib import Path\n"))
    assert built("--target", "./perl.py").exit_code == 0
    assert run("verify", "generated/perl/xor.pl", "--target", "perl.py").exit_code == 0
    Path("templates/module.pl.jinja").write_text("\n{{ 1 / 0 }}\n")
    message = built("--target", "./perl.py").stderr
    assert "error: the language fails: ZeroDivisionError: division by zero\n" in message
    assert "templates/module.pl.jinja:2:1" in message


WRONG = [
    ("", "the file states no language: it has no `TARGET`"),
    ("TARGET = 5\n", "this is no language, but an object of the type 'int'"),
    ("x = 1\nTARGET = 1 / 0\n", "ZeroDivisionError: division by zero --> mine.py:2:1 | 2 | TARGET = 1 / 0 |"),
    ("x = (\n", "SyntaxError: '(' was never closed --> mine.py:1:1"),
    ("raise SystemExit(0)\n", "SystemExit: 0 --> mine.py:1:1"),
    ("import nothing_of_this_name\n", "ModuleNotFoundError: No module named 'nothing_of_this_name' --> mine.py:1:1"),
    (PERL.replace('name="perl"', 'name="go"'), "the name 'go' exists already"),
    (PERL.replace('name="perl"', 'name="../perl"'), "the language has the name '../perl'"),
    (PERL.replace('suffix=".pl"', 'suffix="/pl"'), "files have a suffix such as '.pl'"),
    (PERL.replace('"module.pl.jinja"', '"modul.pl.jinja"'), "perl: it has no template 'module.pl.jinja'"),
    (PERL.replace('{"forward"}', '{"backward"}'), "perl: each module has the part forward, at a level"),
    (PERL.replace("words=WORDS", "words={}"), "perl: `words` is no `Words`"),
    (PERL.replace("words=WORDS,", "words=WORDS, mood='good',"), "TypeError: Target.__init__() got an unexpected"),
    (PERL.replace("plan.parameter_rows()", "plan.nothing"), "UndefinedError: 'nngen.plan.network.Plan object' has no"),
    (PERL.replace("{% endfor %}", "{% endfur %}", 1), "TemplateSyntaxError: Encountered unknown tag 'endfur'"),
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=range(len(WRONG)))
def test_mistakes_of_a_language_are_shown(text: str, message: str) -> None:
    Path("mine.py").write_text(text)
    found = refused(built("--target", "./mine.py"))
    assert message in " ".join(found.split())
    if "Undefined" in message or "Template" in message:  # at the line of the file in which the template stands
        line = int(re.findall(r"mine\.py:(\d+):", found)[0])
        assert any(word in text.splitlines()[line - 1] for word in ("plan.nothing", "endfur"))


def test_a_target_that_is_not_there() -> None:
    assert "this file does not exist\n  --> no.py" in refused(built("--target", "./no.py"))
    found = refused(built("--target", "numpi"))
    assert found.startswith(
        "error: unknown target 'numpi'\n  --> --target\n  = help: did you mean 'numpy'?; known: python"
    )
    assert "unknown target ''" in refused(built("--target", ""))
    done = built("--target", "./perl.py", "--target", "python")
    assert done.stderr.splitlines() == ["wrote generated/perl/xor.pl", "wrote generated/python/xor.py"]


def test_what_a_language_has_not_is_said() -> None:
    build = ("--target", "./perl.py")
    Path("xor.pl").write_text("package xor;")
    assert "knows no language whose modules end with '.pl'" in run("verify", "xor.pl").stderr
    assert "modules of perl have only forward" in refused(built(*build, "--contents", "training"))
    assert "modules of the target perl have no self-test" in refused(built(*build, "--selftest"))
    ids = "inputs: [{name: user, ids: [a, b]}]\nlayers: [{kind: embedding, from: user, name: u, units: 1}]"
    Path("xor.yaml").write_text(re.sub("inputs.*\nlayers.*", ids, SPEC))
    assert "perl have an equation for each of the weights; this network needs" in refused(built(*build))
    Path("xor.yaml").write_text(SPEC)
    assert built(*build).exit_code == 0
    Path("mute.py").write_text(PERL.replace('    runs=("perl", "_driver.pl"),\n', ""))
    done = run("verify", "generated/perl/xor.pl", "--target", "mute.py")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        2,
        "error: perl brings no driver: nothing calls its modules to compare them",
    )


def installed(folder: Path, text: str) -> None:
    """Install a language, as a wheel does."""
    made = folder / "nngen_perl-1.0.dist-info"
    made.mkdir()
    (made / "METADATA").write_text("Metadata-Version: 2.1\nName: nngen-perl\nVersion: 1.0\n")
    (made / "entry_points.txt").write_text("[nngen.targets]\nperl = nngen_perl:TARGET\n")
    (folder / "nngen_perl.py").write_text(text)


def test_an_installed_package_brings_a_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site").mkdir()
    installed(tmp_path / "site", PERL)
    monkeypatch.syspath_prepend(tmp_path / "site")
    assert "did you mean 'perl'?" in refused(built("--target", "Perll"))
    assert "nngen_perl" not in sys.modules  # only who asks for it gets it
    assert built("--target", "perl").stderr == "wrote generated/perl/xor.pl\n"
    assert run("verify", "generated/perl/xor.pl", "--target", "perl").exit_code == 0
    del sys.modules["nngen_perl"]
    (tmp_path / "site" / "nngen_perl.py").write_text("TARGET = (None, 1 / 0)\n")
    shutil.rmtree(tmp_path / "site" / "__pycache__", ignore_errors=True)
    invalidate_caches()
    assert "fails: ZeroDivisionError: division by zero\n  --> nngen.targets: perl = nngen_perl:TARGET" in (
        built("--target", "perl").stderr
    )


def test_a_spec_never_loads_a_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evil = "open('it_ran', 'w').close()\n"
    Path("evil.py").write_text(evil)
    (tmp_path / "site").mkdir()
    installed(tmp_path / "site", evil)
    monkeypatch.syspath_prepend(tmp_path / "site")
    for target in ("./evil.py", "evil.py", "evil", "perl", "nngen_perl:TARGET", "{name: ./evil.py}", "{name: perl}"):
        Path("xor.yaml").write_text(f"{SPEC}targets: ['{target}']\n".replace("'{", "{").replace("}'", "}"))
        for command in ("build", "show", "train", "verify"):
            more = ("generated.py", "--spec", "xor.yaml") if command == "verify" else ("xor.yaml",)
            done = run(command, *more)
            assert done.exit_code == 2, (command, target, done.output)
    assert not Path("it_ran").exists()


def test_the_interface_takes_a_language() -> None:
    scope: dict[str, object] = {}
    exec(PERL, scope)
    language = scope["TARGET"]
    assert isinstance(language, Target)
    module = nngen.build("xor.yaml", language)
    assert [*module.files] == ["xor.pl"]
    assert nngen.verify(module.save("here"), target=language).right
    other = replace(language, templates={"module.pl.jinja": "{{ page.origin }}"})
    assert str(nngen.build("xor.yaml", other)).startswith(
        "Written by nngen from the spec xor: `nngen build --target perl`"
    )
    unused = "# {{ page.origin }}\nsub unused { }\n"  # goes with the comment above it
    for template in ("", unused):
        with pytest.raises(SpecError, match="and an empty line"):
            nngen.build("xor.yaml", replace(language, templates={"module.pl.jinja": template}))
    with pytest.raises(SpecError, match="expected python, numpy"):
        nngen.build("xor.yaml", "perl")  # type: ignore[arg-type]  # a name is that of a built-in language
