"""Archives that ``torch.export`` has written: the networks that their modules give, compared by PyTorch."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

import nngen
from nngen.bridges.importing import source
from nngen.bridges.importing.assemble import assemble
from nngen.bridges.importing.compare import compare, outputs, sample
from tests.support.differences import seen

pytestmark = pytest.mark.oracle

MODULES = {
    "normalized": "nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.LayerNorm(8), nn.RMSNorm(8))",
    "activations": "nn.Sequential(nn.Linear(8, 8), nn.GELU(), nn.PReLU(8), nn.Softplus(), nn.Threshold(0.1, 0.2),"
    " nn.RReLU(), nn.Dropout(0.2), nn.Linear(8, 8), nn.GLU(), nn.LogSoftmax(1))",
    "parts": "nn.Sequential(nn.Linear(8, 8), Function(lambda z: torch.cat(z.split([3, 5], 1)[::-1], 1)),"
    " Function(lambda z: z.chunk(2, 1)[1] * z[:, :4]), nn.Linear(4, 3))",
    "residual": "Residual()",
    "constants": "nn.Sequential(nn.Linear(8, 8), Function(lambda z: z * torch.arange(1.0, 9.0).double()),"
    " nn.utils.parametrizations.weight_norm(nn.Linear(8, 3)))",
    "not trained": "nn.Sequential(Frozen(nn.Linear(8, 8)), nn.ReLU(), nn.Linear(8, 3))",
}
RATINGS = {
    "bags": "Ratings('self.out(u * v)', users=Bag(7), items=nn.Embedding(5, 4), out=nn.Linear(4, 1))",
    "numbers": "Ratings('self.out(torch.cat([u + v, numbers], 1))', out=nn.Linear(7, 2))",
}


def same(module: Any, x: tuple[Any, ...], folder: Path, **options: Any) -> None:
    """The archive of a module becomes the same network as the module, and PyTorch computes its outputs."""
    import torch

    exported = torch.export.export(module.eval(), x, **options)
    path = folder / "model.pt2"
    torch.export.save(exported, path)
    expected = nngen.from_torch(module, x if len(x) > 1 else x[0], name="model")
    read = source.load(path)
    made = assemble(read.graph, "model", name="model")
    assert made.text.partition("inputs:")[2] == expected[0].partition("inputs:")[2]
    assert list(made.parameters) == expected[1]
    given = sample(made)
    judgements = read.judge(made, given)
    compared = compare(made, given, judgements)
    assert (compared.right, compared.judged) == (True, True), compared.text
    if judgements[0].outputs is not None and not made.log_outputs:
        targets = [str(node.target) for node in exported.graph.nodes if str(node.target).startswith("aten.")]
        parts = [target.removeprefix("aten.").partition(".")[0].strip("_") for target in targets]
        seen("PyTorch", parts, outputs(made, given), judgements[0].outputs)


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize("name", MODULES)
def test_modules(name: str, tmp_path: Path) -> None:
    from tests.oracle.torch_modules import built

    module, x = built(MODULES[name])
    same(module, (x,), tmp_path)


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize("name", RATINGS)
def test_modules_with_ids(name: str, tmp_path: Path) -> None:
    from tests.oracle.torch_ratings import built

    same(*built(RATINGS[name]), tmp_path)


def test_batches_of_any_size_and_pickles_that_nobody_reads(tmp_path: Path) -> None:
    import torch

    from tests.oracle.torch_modules import built

    module, x = built("nn.Sequential(nn.Linear(8, 8), nn.Flatten(), Function(lambda z: z.view(z.shape[0], 8).relu()))")
    same(module, (x,), tmp_path, dynamic_shapes=({0: torch.export.Dim("rows")},))
    damaged = tmp_path / "damaged.pt2"
    with zipfile.ZipFile(tmp_path / "model.pt2") as old, zipfile.ZipFile(damaged, "w") as new:
        for member in old.infolist():
            pickled = "sample_inputs" in member.filename
            new.writestr(member, b"cos\nsystem\n(S'exit 1'\ntR." if pickled else old.read(member))
    read = source.load(damaged)
    made = assemble(read.graph, "model")
    given = sample(made)
    compared = compare(made, given, read.judge(made, given))
    assert (compared.right, compared.judged) == (True, True), compared.text
