"""The catalogue of optimizers, a module for each family.

``w`` is a parameter, ``g`` its gradient, ``t`` the number of the step, counted from 1. The lines of an optimizer hold
for each parameter separately; its memory keeps values from step to step.
"""

from nngen.mathematics.catalogue.entry import catalogue
from nngen.mathematics.catalogue.optimizers.adam import ADAM
from nngen.mathematics.catalogue.optimizers.descent import DESCENT
from nngen.mathematics.catalogue.optimizers.signs import SIGNS
from nngen.mathematics.catalogue.optimizers.squares import SQUARES

OPTIMIZERS = catalogue([*DESCENT, *SQUARES, *ADAM, *SIGNS])
