"""Build the playground into ``build/playground/site``: ``make playground``.

Needs Node and npm. Pyodide comes from npm; wheels come from PyPI, that of pydantic-core as WebAssembly.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build" / "playground"
LIB, STANDARD, WORKBOOK = BUILD / "lib", BUILD / "std", BUILD / "workbook"
SITE = BUILD / "site"

EXAMPLES = {
    "xor_mlp": ("XOR: two hidden units draw two lines", "XOR: 은닉 유닛 두 개가 직선 두 개를 긋습니다"),
    "xor_slp": ("XOR with a single layer, which cannot learn it", "단층 퍼셉트론은 XOR을 배우지 못합니다"),
    "and_perceptron": ("AND, learned by the perceptron rule", "퍼셉트론 규칙으로 배우는 AND"),
    "skip_mlp": (
        "XOR with one hidden unit and connections that skip it",
        "은닉 유닛 하나와 건너뛰는 연결로 배우는 XOR",
    ),
    "iris": ("Three species of iris, from a table", "표에서 배우는 붓꽃 세 종"),
    "penguins": ("Penguins: gaps and categories in the table", "빈칸과 범주가 있는 펭귄 표"),
}
"""Specs to begin with, each with a sentence in English and Korean; the first is shown at once."""

PLATFORMS = {
    "pydantic-core": "pyemscripten_2026_0_wasm32",  # PyPI has it as WebAssembly
    "markupsafe": "manylinux2014_x86_64",  # its C part is dropped; it works without
}
"""Packages with parts that are not Python."""

RUNTIME = LIB / "nngen" / "runtime"
"""What nngen writes in other languages: it reads the source, and does not run it."""

READ = LIB / "nngen" / "description" / "model"
"""A folder of which nngen also reads the source."""

LEFT_OUT = ["bridges", "cli", "dask", "interface", "learning/course", "learning/trace", "proof", "sklearn"]
LEFT_OUT += [f"templates/{name}" for name in ("course", "export", "trace")]
LEFT_OUT += [
    f"commands/{name}.py"
    for name in """
        build card checkpoint dependence evaluate integers machines ranking recommend report_page report_pictures
        train_report
    """.split()
]
"""What of nngen the playground does not use."""

STANDARD_LEFT_OUT = """
    _pydatetime _pyio _pyrepl argparse bdb cmd code compileall configparser cProfile doctest ensurepip filecmp
    fileinput ftplib getopt getpass http imaplib mailbox mimetypes modulefinder multiprocessing netrc optparse pdb
    pickletools plistlib poplib profile pstats pty py_compile pyclbr pydoc rlcompleter shelve smtplib socketserver
    sqlite3 statistics tabnanny tarfile timeit tomllib trace tracemalloc unittest wave webbrowser wsgiref xml xmlrpc
    zipapp
""".split()
"""What of Python the playground does not use: a third of its library."""


def run(*command: object, folder: Path = BUILD) -> None:
    """Run a program, which must succeed."""
    subprocess.run([*map(str, command)], cwd=folder, check=True)  # noqa: S603 (our own)


def wheels() -> None:
    """Unpack nngen and the packages that it needs into one folder."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    get = [*pip, "download", "--only-binary=:all:", "--python-version=314", "--implementation=cp", "--abi=cp314"]
    get += ["--no-deps", "-d", str(BUILD / "wheels"), "--platform"]
    listed = (HERE / "requirements.txt").read_text("utf-8").splitlines()[1:]
    run(*get, "any", *(line for line in listed if line.partition("==")[0] not in PLATFORMS))
    for name, platform in PLATFORMS.items():
        run(*get, platform, *(line for line in listed if line.startswith(f"{name}==")))
    run(*pip, "wheel", "--no-deps", "-w", BUILD / "wheels", ROOT)
    for wheel in sorted((BUILD / "wheels").glob("*.whl")):
        zipfile.ZipFile(wheel).extractall(LIB)
    for part in (*(f"nngen/{name}" for name in LEFT_OUT), "pydantic/v1", "pydantic/mypy.py"):
        path = LIB / part
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.move(LIB / "xlsxwriter", WORKBOOK)  # loaded for the first workbook
    for library in LIB.glob("markupsafe/*.so"):
        library.unlink()
    shutil.copytree(HERE / "stand_in" / "numpy", LIB / "numpy", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "work.py", LIB)


def examples() -> None:
    """Copy the specs to begin with, and the tables that they name."""
    for name in EXAMPLES:
        (LIB / "examples").mkdir(exist_ok=True)
        shutil.copy(ROOT / "specs" / f"{name}.yaml", LIB / "examples")
    (LIB / "files" / "data").mkdir(parents=True)
    for table in ("iris.csv", "penguins.csv"):
        shutil.copy(ROOT / "specs" / "data" / table, LIB / "files" / "data")


def archive(folder: Path, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack a folder without the source of compiled modules: the same bytes at each build."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and _is_read(file):
                entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), (2026, 1, 1, 0, 0, 0))
                made.writestr(entry, file.read_bytes(), compression, 9)
    return stream.getvalue()


def packed(folder: Path) -> bytes:
    """The same compressed as a whole: a tenth smaller, as small files share much. Browsers unpack it."""
    return gzip.compress(archive(folder, zipfile.ZIP_STORED), 9, mtime=0)


def _is_read(file: Path) -> bool:
    """Whether the playground reads a file. Of some it reads the source, and templates are compiled."""
    if "templates" in file.parts:
        return file.suffix not in (".jinja", ".pyc") or "explain" in file.parts
    if file.parent == RUNTIME:
        return file.suffix == ".py"
    source = file.suffix in (".py", ".pyi") and file.parent != READ
    return not source and file.suffix not in (".po", ".typed") and not any(".dist-info" in part for part in file.parts)


def bundled() -> None:
    """The scripts of the page, each one file."""
    esbuild = [BUILD / "node_modules/.bin/esbuild", "--bundle", "--format=esm", "--minify", "--log-level=warning"]
    for script in HERE.glob("*.mjs"):
        shutil.copy(script, BUILD)
    outside = [f"--external:./{name}" for name in ("app.js", "start.js", "pyodide/pyodide.mjs")]
    for name in ("start", "app", "worker", "train"):
        run(*esbuild, *outside, f"{name}.mjs", f"--outfile={SITE / f'{name}.js'}")


def licences() -> str:
    """The licences of all that is shipped."""
    parts = []
    for info in sorted(LIB.glob("*.dist-info")):
        texts = [
            path.read_text("utf-8")
            for path in sorted(info.rglob("*"))
            if "licen" in path.name.lower() and path.is_file()
        ]
        parts.append((info.name.removesuffix(".dist-info"), texts))
    for package in sorted(BUILD.glob("node_modules/**/package.json")):
        if package.parent.parent.name == "node_modules" or package.parent.parent.name.startswith("@"):
            about = json.loads(package.read_text("utf-8"))
            texts = [
                path.read_text("utf-8")
                for path in sorted(package.parent.glob("*"))
                if path.name.lower().startswith("licen")
            ]
            parts.append((f"{about.get('name')} {about.get('version')}, {about.get('license')}", texts))
    parts.append(("Python, PSF-2.0", [(ROOT / "docs" / "playground" / "python_licence.txt").read_text("utf-8")]))
    return "\n\n".join("\n\n".join([f"=== {name} ===", *texts]) for name, texts in parts)


def first(bytes_loaded: int) -> str:
    """What the page has before Python is there: examples, and the answer to the first of them."""
    asked = "work.answer(sys.stdin.read(), ('page', 'rows', *work.TARGETS))"
    program = f"import json, sys, work; print(json.dumps({asked}))"
    texts = {name: (ROOT / "specs" / f"{name}.yaml").read_text("utf-8") for name in EXAMPLES}
    found = subprocess.run(  # noqa: S603 (our own)
        [sys.executable, "-c", program],
        input=texts["xor_mlp"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(ROOT)])},
        cwd=BUILD,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    ).stdout  # fmt: skip
    listed = [{"says": {"en": en, "ko": ko}, "text": texts[name]} for name, (en, ko) in EXAMPLES.items()]
    return json.dumps({"examples": listed, "answer": json.loads(found), "bytes": bytes_loaded}, ensure_ascii=False)


def service(files: Iterable[Path]) -> str:
    """The service worker: it keeps these files, and replaces those of another version."""
    names = sorted(path.relative_to(SITE).as_posix() for path in files)
    digest = hashlib.sha256(b"".join((SITE / name).read_bytes() for name in names)).hexdigest()[:12]
    kept = json.dumps(["./", *names])
    return f'const VERSION = "{digest}";\nconst FILES = {kept};\n{(HERE / "service.mjs").read_text("utf-8")}'


def main() -> None:
    """Build all, and print how much a visitor loads."""
    shutil.rmtree(BUILD, ignore_errors=True)
    for folder in (LIB, STANDARD, WORKBOOK, SITE / "pyodide"):
        folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "precompile.mjs"):  # node finds packages beside a script
        shutil.copy(HERE / name, BUILD)
    run("npm", "ci", "--silent", "--no-audit", "--no-fund")
    wheels()
    examples()
    pyodide = BUILD / "node_modules" / "pyodide"
    zipfile.ZipFile(pyodide / "python_stdlib.zip").extractall(STANDARD)
    for name in STANDARD_LEFT_OUT:
        for path in (STANDARD / name, STANDARD / f"{name}.py"):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    run("node", "precompile.mjs", BUILD)
    (SITE / "site.packed").write_bytes(packed(LIB))
    (SITE / "workbook.packed").write_bytes(packed(WORKBOOK))
    (SITE / "pyodide" / "python_stdlib.zip").write_bytes(archive(STANDARD))  # Pyodide reads it as it is
    for name in ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json"):
        shutil.copy(pyodide / name, SITE / "pyodide")
    bundled()
    for name in ("index.html", "style.css"):
        shutil.copy(HERE / name, SITE)
    shutil.copy(ROOT / "docs" / "spec.schema.json", SITE)
    (SITE / "licences.txt").write_text(licences(), "utf-8")
    (SITE / "first.json").write_text(first((SITE / "site.packed").stat().st_size), "utf-8")
    files = [path for path in SITE.rglob("*") if path.is_file()]
    (SITE / "service.js").write_text(service(files), "utf-8")
    small = sum(len(gzip.compress(path.read_bytes(), 9, mtime=0)) for path in files)
    print(f"{len(files)} files, {sum(path.stat().st_size for path in files):,} bytes, {small:,} with gzip")


if __name__ == "__main__":
    main()
