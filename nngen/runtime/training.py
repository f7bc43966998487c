"""Training: steps on batches of examples, until the last epoch is done or a rule stops it."""

from nngen.runtime.kit import (
    DEFAULTS,
    U32,
    Callback,
    Inputs,
    Num,
    Outputs,
    Params,
    Products,
    Progress,
    Settings,
    State,
    add_products,
    chunks,
    clear,
    copied,
    divide,
    infinity,
    kept,
    no_slopes_in,
    not_there,
    picked,
    put_back,
    refuse,
    resume,
    slopes_of_training,
    with_params,
    with_state,
)
from nngen.runtime.losses import loss
from nngen.runtime.network import (
    ALWAYS,
    BY_CLASS,
    COPIES,
    DESCENDS,
    DIVIDES,
    EVERY,
    EXAMPLE_WEIGHTS,
    FILES,
    LATER,
    LAZY,
    LISTED,
    MEAN,
    MEAN_LOSS,
    MEASURED_BEFORE,
    OWN_WEIGHT,
    PARAMETERS,
    RATE,
    REMEMBERS,
    SIZES,
    STOP,
    TOGETHER,
    UNTYPED,
    VALIDATION,
    VALIDATION_PLACES,
    WEIGHTED_MEAN,
)
from nngen.runtime.numbers import _sum
from nngen.runtime.order import _held_out, _order, _others_than, _seeds_of
from nngen.runtime.stated import (
    _add_gradient,
    _check_example,
    _check_examples,
    _class_weight,
    _ends,
    _size_of,
    _update,
    batch_gradient,
    init_state,
)
from nngen.runtime.steps import _selected, step
from nngen.runtime.weights import _weights_of, _whole_of


def train_step(params: Params, x: Inputs, y: Outputs, state: State, weight: Num = 1.0, seed: U32 | None = None) -> Num:
    """SAYS_STEPPED."""
    if TOGETHER:
        not_there()
    if SIZES:
        _check_example(params, x, y, weight)
    if DESCENDS:
        own = weight if OWN_WEIGHT else 1.0
        return with_state(_add_gradient(params, x, y, own, seed, params, None, -RATE), params, state)
    slopes = no_slopes_in(state, params)
    loss = _add_gradient(params, x, y, weight if OWN_WEIGHT else 1.0, seed, slopes)
    if COPIES:
        _update(params, slopes, state, [])
        return with_state(loss, params, state)
    if LAZY:
        _update(params, slopes, state, _selected([x], [0]))
    else:
        step(params, slopes, state)
    return loss


def fit(
    params: Params,
    xs: list[Inputs],
    ys: list[Outputs],
    weights: list[Num] | None = None,
    settings: Settings = DEFAULTS,
    callback: Callback | None = None,
) -> list[Num]:
    """Train on examples, SAYS_GIVEN of each epoch, measured before each step.

    SAYS_FIT
    """
    if UNTYPED:
        size = _size_of(params, xs, ys, settings.batch_size, settings.seed)
    else:
        size = len(xs) if settings.batch_size is None else settings.batch_size
        if len(xs) == 0 or len(xs) != len(ys) or size < 1:
            refuse("xs", "as many as ys, at least 1, in batches of at least 1")
        if SIZES:
            _check_examples(params, xs, ys, settings.seed)
    own = _weights_of(weights, len(xs))
    if not BY_CLASS:
        totals = own
    elif EXAMPLE_WEIGHTS:
        totals = [own[k] * _class_weight(ys[k]) for k in range(len(xs))]
    else:
        totals = [_class_weight(ys[k]) for k in range(len(xs))]
    left_out = VALIDATION_PLACES if LISTED else _held_out(len(xs)) if VALIDATION else []
    places = _others_than(left_out, len(xs)) if VALIDATION else list(range(len(xs)))
    epoch = 0
    state = init_state()
    if MEASURED_BEFORE:
        measured = infinity()
    best = infinity()
    since = Num(0.0)
    best_params = kept(params)
    if FILES:
        start = settings.progress
        if start is not None:
            epoch = start.epochs
            if COPIES:
                state = start.state
            else:
                resume(state, start.state)
            if MEASURED_BEFORE:
                measured = start.measured
            if STOP:
                best = start.best
                since = start.since
                best_params = start.best_params
            if COPIES and REMEMBERS:
                state = copied(state)
    if COPIES:
        params = kept(params)  # training changes it in place
    slopes = slopes_of_training(params)
    history: list[Num] = []
    while epoch < settings.epochs:
        if STOP and _ends(measured, best, since):
            break
        loss_of_epoch = Num(0.0)
        seeds = _seeds_of(places, len(xs), settings.seed, epoch)
        drawn = _order(places, settings.seed, epoch)
        if DESCENDS and size == 1:  # each parameter changes where its derivative is known
            for k in drawn:
                loss_of_epoch += _add_gradient(params, xs[k], ys[k], own[k], seeds[k], params, None, -RATE)
        else:
            for batch in chunks(drawn, size):
                whole = _whole_of(picked(totals, batch)) if WEIGHTED_MEAN else Num(len(batch))
                loss = _train_batch(
                    params,
                    xs,
                    ys,
                    totals if WEIGHTED_MEAN and not TOGETHER else own,
                    seeds,
                    batch,
                    whole,
                    slopes,
                    state,
                )
                loss_of_epoch += loss * whole if MEAN else loss
        if MEAN:
            loss_of_epoch /= _sum(picked(totals, places)) if WEIGHTED_MEAN else Num(len(places))
        history.append(loss_of_epoch)
        epoch += 1
        if STOP and (ALWAYS or epoch % EVERY == 0):
            measured = _loss_over(params, xs, ys, own, totals, left_out) if VALIDATION else loss_of_epoch
            since += Num(EVERY)
            if measured < best:
                best = measured
                since = 0.0
                best_params = kept(params)
        if FILES and callback is not None:
            if STOP:
                progress = Progress(epoch, copied(state), measured, best, since, best_params)
            else:
                progress = Progress(epoch, copied(state))
            if callback(epoch - 1, loss_of_epoch, kept(params) if COPIES else params, progress):
                break
        if (
            not FILES
            and callback is not None
            and callback(epoch - 1, loss_of_epoch, kept(params) if COPIES else params)
        ):
            break
    if STOP and epoch >= EVERY:
        put_back(params, best_params)
    if COPIES:
        return with_params(params, history)
    return history


def _train_batch(
    params: Params,
    xs: list[Inputs],
    ys: list[Outputs],
    weights: list[Num],
    seeds: list[U32],
    batch: list[int],
    whole: Num,
    slopes: Params,
    state: State,
) -> Num:
    """Make a step on the examples of a batch, in place, and return their loss before the step."""
    if TOGETHER:
        loss, derivatives, after = batch_gradient(
            params, picked(xs, batch), picked(ys, batch), picked(weights, batch), picked(seeds, batch), True
        )
        put_back(params, after)
        if COPIES:
            _update(params, derivatives, state, [])
        else:
            step(params, derivatives, state)
        return loss
    loss = Num(0.0)
    products: Products = []
    for k in batch:
        loss += _add_gradient(
            params, xs[k], ys[k], weights[k] / whole if WEIGHTED_MEAN else weights[k], seeds[k], slopes, products
        )
    if LATER:
        add_products(products)
    if MEAN_LOSS:
        loss /= whole
    if LAZY:
        places = _selected(xs, batch)
        if MEAN_LOSS:
            for i in places:
                slopes[i] /= whole
        _update(params, slopes, state, places)
        for i in places:
            slopes[i] = 0.0
    else:
        if MEAN_LOSS and DIVIDES:
            divide(slopes, whole)
        elif MEAN_LOSS:
            for i in range(PARAMETERS):
                slopes[i] /= whole
        if COPIES:
            _update(params, slopes, state, [])
        else:
            step(params, slopes, state)
        clear(slopes)
    return loss


def _loss_over(
    params: Params,
    xs: list[Inputs],
    ys: list[Outputs],
    weights: list[Num],
    totals: list[Num],
    places: list[int],
) -> Num:
    """The loss over examples that are kept for validation."""
    whole = _whole_of(picked(totals, places)) if WEIGHTED_MEAN else Num(len(places))
    total = Num(0.0)
    for k in places:
        if WEIGHTED_MEAN:
            one = loss(params, xs[k], ys[k], weights[k])
            total += totals[k] / whole * one
        else:
            total += loss(params, xs[k], ys[k], weights[k])
    if MEAN_LOSS:
        total /= whole
    return total
