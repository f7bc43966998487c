"""``python -m nngen`` is the command ``nngen``."""

from nngen.cli import main

main(prog_name="nngen")
