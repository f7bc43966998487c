"""What all modules share, written once: typed Python that runs, and that ``nngen.printing`` writes in other languages.

The source keeps to the subset that ``nngen.printing.subset`` checks. What a language has to bring itself, such as the
sorting of places by numbers, is a function of ``kit``.
"""
