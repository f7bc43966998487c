"""The command ``nngen schema``."""

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of a spec, for editors."""
    import json

    from nngen.description.model import editor_schema

    click.echo(json.dumps(editor_schema(), indent=2))
