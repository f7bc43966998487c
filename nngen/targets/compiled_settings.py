"""What the capital letters of the runtime files of compiled languages stand for in the module of a network."""

from nngen.targets.page import Page
from nngen.targets.settings import flags, named, numbers
from nngen.targets.specific import Settings
from nngen.targets.target import Dialect, Target


def settings_of_compiled(page: Page, target: Target, dialect: Dialect) -> Settings:
    """What a network has, and the words of its module in a language."""
    plan = page.plan
    loss, stop = plan.loss, plan.stop
    own, lazy = loss.example_weights, bool(plan.indices) and not plan.dense_steps
    its_weight = ", times its weight" if loss.weight and not loss.weighted_mean else ""
    how = f", as {dialect.forward} computes" * plan.needs_batch
    return {
        **flags(page),
        **named(numbers(page)),
        "CLASS_WEIGHTS": loss.weight is not None and loss.weight.by_class is not None,
        "DIVIDED": (loss.mean or loss.weighted_mean) and not plan.needs_batch,
        "FAILS": bool(plan.indices) or page.has("checks") or plan.needs_batch,
        "LAZY": lazy,
        "LEARN_WEIGHTS": own or (loss.weighted_mean and not plan.needs_batch),
        "MEAN_LOSS": loss.mean,
        "OWN_WEIGHT": page.weighted,
        "SEEDED": plan.has_dropout and not plan.needs_batch,
        "WEIGHED": own or loss.weighted_mean,
        "BATCH_SIZE": dialect.all if plan.batch_size is None else str(plan.batch_size),
        "ENDS": dialect.expression(stop.condition.write(page.words)) if stop else "",
        "ORDER_SEED": dialect.in_order if plan.order_seed is None else f"{plan.order_seed}{dialect.long}",
        "SAYS_LOSS": f"loss of one example{its_weight}{how}",
        "SAYS_SLOPES": f"loss{its_weight}, and its slope by each parameter{how}",
        "SAYS_STOP": dialect.comment(stop.comment) if stop else "",
        "SHARES": loss.weighted_mean and not plan.needs_batch,
        "STOP_SEED": f"{stop.seed if stop else 0}{dialect.long}",
        "TRAINING_SEED": f"{plan.training_seed}{dialect.long}",
    }
