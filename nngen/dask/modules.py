"""The module of a training, and the one that computes on workers, from what a user names."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from nngen.dask.kernels import Module, module_of

NUMPY = "\nimport numpy as np\n"
"""A line of each module with the target numpy."""

BUILT = "\nPARAMETERS = "
"""The beginning of a line in each module of Python."""


WHOLE = "build it with `nngen build SPEC --target numpy --contents all`"
"""What to do about a module that is missing, or lacks parts."""


def chosen(module: str | Path | Module) -> Module:
    """The module for workers.

    Args:
        module: the text or the path of a module with the target numpy; or the path of one of Python, or of the binding
            of a header of C, whose network also has a module with the target numpy in ``../numpy``. Or a module that
            is chosen already.

    Raises:
        ValueError: it cannot be read, or there is no module with the target numpy.
    """
    if isinstance(module, tuple):
        return module
    if isinstance(module, str) and "\n" in module:
        return _named(module, {})
    path = Path(module)
    header, source = path.with_name(f"{path.stem.removesuffix('_c')}.h"), path.with_name("binding.c")
    if path.stem.endswith("_c"):
        for needed in (header, source):
            if not needed.is_file():
                raise ValueError(f"{path}: {needed.name}, which it compiles, is not beside it")
        files = {file.name: _read(file) for file in (path, header, source)}
        return _named(_page(path, header.stem), files)
    text = _read(path)
    if NUMPY in text or BUILT not in text:
        return _named(text, {})
    return _named(_page(path, path.stem), {path.name: text})


def numpy_module(module: Module) -> Any:
    """The module with the target numpy.

    Raises:
        ValueError: it is not one of nngen with this target.
    """
    net = module_of(module)
    if not (hasattr(net, "np") and hasattr(net, "_SHAPES")):
        raise ValueError("expected a module that nngen built with the target numpy, or the path of another target's")
    if not (hasattr(net, "LAYOUT") and hasattr(net, "_checked")):
        raise ValueError(f"the module of numpy has only some parts; {WHOLE}")
    return net


def with_kernel(texts: dict[str, str], name: str, target: str) -> Module:
    """The module of built texts by target, whose gradients a target computes."""
    kernels: dict[str, dict[str, str]] = {
        "numpy": {},
        "python": {f"{name}.py": texts.get("python", "")},
        "c": {
            f"{name}_c.py": texts.get("binding", ""),
            f"{name}.h": texts.get("c", ""),
            "binding.c": texts.get("binding.c", ""),
        },
    }
    return _named(texts["numpy"], kernels[target])


def _page(path: Path, name: str) -> str:
    """The text of the module with the target numpy of the same network."""
    places = [path.with_name(f"{name}.py"), path.parent.parent / "numpy" / f"{name}.py"]
    for place in places:
        if place != path and place.is_file() and NUMPY in (text := _read(place)):
            return text
    message = f"{path}: a module with the target numpy trains it, and there is none at {places[-1]}"
    raise ValueError(f"{message}; {WHOLE}")


def _named(text: str, files: dict[str, str]) -> Module:
    digest = sha256("\0".join((text, *files.values())).encode()).hexdigest()[:16]
    return f"nngen_{digest}", text, files


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"the module {str(path)!r:.80} cannot be read: {error}") from None
