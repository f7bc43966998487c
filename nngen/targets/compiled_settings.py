"""What the capital letters of the runtime files of compiled languages stand for in the module of a network."""

from nngen.targets.page import Page
from nngen.targets.settings import flags, named, numbers
from nngen.targets.specific import Settings
from nngen.targets.target import Dialect


def settings_of_compiled(page: Page, dialect: Dialect) -> Settings:
    """What a network has, and the words of its module in a language."""
    plan = page.plan
    loss, stop = plan.loss, plan.stop
    lazy = bool(plan.indices)
    seeded = plan.has_dropout and not plan.needs_batch
    its_weight = ", times its weight" if loss.weight and not loss.weighted_mean else ""
    how = f", as {dialect.forward} computes" * plan.needs_batch
    return {
        **flags(page),
        **named(numbers(page)),
        "ENDS": dialect.expression(stop.condition.write(page.words)) if stop else "",
        "SAYS_FIT": _trains(page, dialect),
        "SAYS_GIVEN": "in place, and return the loss",
        "SAYS_LOSS": f"loss of one example{its_weight}{how}",
        "SAYS_SLOPES": f"loss{its_weight}, and its slope by each parameter{how}{dialect.slopes}"
        + f".\n\n{dialect.seeded}".removesuffix(".") * seeded,
        "SAYS_STEP": "in place"
        + ". Of embeddings it changes only the rows whose derivatives are not all 0" * (lazy and not plan.dense_steps),
        "SAYS_STEPPED": "Make gradient and step in one, in place, and return the loss before the step",
        "STOP_SEED": f"{stop.seed if stop else 0}{dialect.long}",
        "TRAINING_SEED": f"{plan.training_seed}{dialect.long}",
    }


def _trains(page: Page, dialect: Dialect) -> str:
    """What the comment of ``fit`` says of this network."""
    plan = page.plan
    says = [dialect.trains.format(", progress" * page.has("files"))]
    says += ["The weights say how much each example counts; without them, all count 1."] * plan.loss.example_weights
    says += ["The seed also draws which units dropout leaves out, for each example of each epoch."] * plan.has_dropout
    return "\n\n".join([" ".join(says)] + ([plan.stop.comment] if plan.stop else []))
