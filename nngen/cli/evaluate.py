"""The command ``nngen evaluate``."""

from typing import Annotated

import click

from nngen.cli import options
from nngen.cli.options import command
from nngen.cli.printing import echo, notes
from nngen.cli.values import Real
from nngen.common.choices import Integers
from nngen.common.ranges import Count


@command
def evaluate(
    *,
    spec: options.Spec,
    data: options.Data,
    params: options.Params,
    top: Annotated[Count | None, "--top K", "Judge the K best items for each user."],
    relevant: Annotated[float | None, "--relevant R", Real(), "With --top: ratings of R or more are relevant."],
    dtype: Annotated[Integers | None, "Compare the answers in integers with those in float64."],
    encoding: options.Encoding,
    decimal: options.Decimal,
    data_root: options.DataRoot,
) -> None:
    """Print how good the answers of the trained network of SPEC are.

    DATA is a table with the columns of the inputs and the target, or - for standard input. It is read in batches; of
    each row, only the targets and the outputs are kept. Without it, this judges the held-out rows of SPEC's own data,
    or all rows if none are held out.

    With --top, SPEC has two inputs with ids, of users and of items. Precision, recall, NDCG and hit rate say how many
    of the K best items are in held-out ratings, beside the items with the most ratings.

    With --dtype int8, it says how often the predictor in integers answers otherwise, and where values are cut.
    """
    from nngen.commands.evaluate import evaluation
    from nngen.commands.integers import compared
    from nngen.commands.predict import Asked
    from nngen.commands.ranking import ranking
    from nngen.common.cautions import rows_left_out, unknown_values
    from nngen.reading import load

    if relevant is not None and top is None:
        raise click.UsageError("--relevant and --top belong together: --top 10 --relevant 4")
    if top is not None and dtype is not None:
        raise click.UsageError("--dtype compares answers, and --top judges rankings: give one of them")
    if top is not None and data is not None:
        raise click.UsageError("--top takes no DATA: it judges the held-out ratings of SPEC")
    stated = options.stated(spec, data_root, None if data else encoding, decimal)
    loaded = load(spec, data_root, () if data else stated)
    if top is not None:
        found = ranking(loaded, spec, params, top, relevant)
        echo(str(found))
        notes(f"caution: {text}" for text in found.cautions)
        return
    asked = Asked(loaded, spec, params, data, encoding, load(spec, data_root, stated) if stated else None)
    echo(str(compared(asked) if dtype else evaluation(asked)))
    notes([*unknown_values(asked.unknown), *rows_left_out(asked.dropped)])
