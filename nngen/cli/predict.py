"""The command ``nngen predict``."""

from pathlib import Path
from typing import Annotated

import click

from nngen.cli import options
from nngen.cli.options import command
from nngen.cli.printing import notes, write_file
from nngen.cli.values import FILE
from nngen.common.ranges import Count


@command
def predict(
    *,
    spec: options.Spec,
    data: options.Data,
    params: options.Params,
    top: Annotated[
        Count | None,
        "--top K",
        "The K best items for the user of --for or for each user, or the K ids most like that of --similar.",
    ],
    user: Annotated[str | None, "--for ID", "The user of --top: an id of the first input; default: all users."],
    similar: Annotated[str | None, "--similar ID", "With --top: the ids most like this item or user."],
    of: Annotated[str | None, "--of INPUT", "The input of the id of --similar; default: items, or users without it."],
    interval: Annotated[bool, "Also write the bounds of each number, or the set of classes, of `data: {interval}`."],
    explain: Annotated[
        bool, "Also write which columns move each answer most away from that to a typical row, and by how much."
    ],
    out: Annotated[Path | None, "--out, -o", FILE, "Write the answers to this file."],
    force: Annotated[bool, "Overwrite the file of --out."],
    encoding: options.Encoding,
    decimal: options.Decimal,
    data_root: options.DataRoot,
) -> None:
    """Answer each row of DATA with the trained network of SPEC, as CSV: the class and its probabilities, or numbers.

    DATA is a table with the columns of the inputs, or - for standard input; without it, the data of SPEC. It is read
    and answered in batches, so that memory does not grow with its rows. If a row is wrong, the file of --out is not
    written; on standard output, the answers for the batches before it stand.

    With --top, SPEC has two inputs with ids, of users and of items. The items that the user has already rated are
    left out. With --top and --similar, the similarity is the cosine of the embeddings.
    """
    from nngen.commands.predict import Asked, answer_rows, lines
    from nngen.commands.recommend import new_user, ranked_rows
    from nngen.common.cautions import unknown_values
    from nngen.reading import load

    _check(top, user, similar, of)
    if top is not None and (interval or explain):
        raise click.UsageError(f"--top has no {'intervals' if interval else 'explanations'}")
    if top is not None and data is not None:
        raise click.UsageError("--top takes no DATA: it answers for the items of SPEC")
    stated = options.stated(spec, data_root, None if data else encoding, decimal)
    loaded = load(spec, data_root, () if data else stated)
    reading = load(spec, data_root, stated) if stated else None
    asked = Asked(loaded, spec, params, data, encoding, reading, interval=interval, explain=explain)
    parts = answer_rows(asked) if top is None else ranked_rows(asked, top, user, similar, of)
    write_file(out or Path("/dev/stdout"), map(lines, parts), force=force)
    notes(
        [
            *(f"caution: {text}" for text in new_user(loaded, spec, user)),
            *unknown_values(asked.unknown),
            *asked.unlike.lines(),
        ]
    )


def _check(top: int | None, user: str | None, similar: str | None, of: str | None) -> None:
    """Refuse options that do not belong together."""
    if top is None and user is not None:
        raise click.UsageError("--top and --for belong together: --top 10 --for ID")
    if top is None and similar is not None:
        raise click.UsageError("--top and --similar belong together: --similar ID --top 10")
    if user is not None and similar is not None:
        raise click.UsageError("--for names a user for the best items, --similar an id for the most similar ones")
    if of is not None and similar is None:
        raise click.UsageError("--of and --similar belong together: --similar ID --of INPUT --top 10")
