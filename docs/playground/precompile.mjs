// Compiles modules and templates with the Python that will read them. Arguments: the folder of folders to compile.
import { loadPyodide } from "pyodide";

const python = await loadPyodide();
python.FS.mkdirTree("/made");
python.mountNodeFS("/made", process.argv[2]);
try {
  python.runPython(`
import compileall, os, py_compile, shutil, sys
from pathlib import Path
sys.dont_write_bytecode = False  # Pyodide sets it, and nngen then keeps no compiled templates
sys.path.insert(0, "/made/lib")
os.chdir("/made/lib")
import work
for spec in sorted(Path("examples").glob("*.yaml")):  # their templates are compiled on the way
    found = work.answer(spec.read_text(), ("page", *work.TARGETS))
    assert not found["mistakes"], (spec, found["mistakes"])
    work.answer(spec.read_text(), work.TARGETS, ("all",))
hashed = py_compile.PycInvalidationMode.UNCHECKED_HASH  # no times, so that each build makes the same bytes
model = Path("/made/lib/nngen/description/model")  # Pydantic reads the help of messages from its docstrings
for folder in map(Path, ("/made/lib", "/made/std", "/made/workbook")):  # elsewhere only byte code: smaller, and no times are compared
    compileall.compile_dir(folder, quiet=2, legacy=True, invalidation_mode=hashed)
    for cache in folder.rglob("__pycache__"):
        if "templates" not in cache.parts:
            shutil.rmtree(cache)
for code in model.glob("*.pyc"):
    code.unlink()
compileall.compile_dir(model, quiet=2, invalidation_mode=hashed)
`);
} catch (error) {
  console.error(error.message.slice(-2000)); // Node itself would print a line of Pyodide that is a megabyte long
  process.exit(1);
}
