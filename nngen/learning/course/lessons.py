"""The lessons: their order, their networks, and what each is for.

The texts of a lesson are in ``templates/course/NAME.html.jinja``, its spec in ``specs/NAME.yaml``.
"""

from typing import Any

from nngen.common.messages import message
from nngen.common.records import dataclass


@dataclass(frozen=True)
class Outline:
    """A lesson before it is rendered. Its texts in English are messages of the catalogues."""

    name: str
    """The name of its spec and of its template."""
    title: str
    minutes: int
    """How long a learner needs."""
    teaches: str
    """What a learner can do afterwards."""
    room: str
    """A question for the room, with its answer, for teachers."""
    proves: tuple[Any, ...] = ()
    """The claim about its network that this answer makes, with its values; see ``claims``. Empty: it is general."""
    worksheet: bool = False
    """Whether the course has a worksheet of its step, to compute by hand."""
    code: bool = False
    """Whether it shows the code of each line."""
    first: str = ""
    """The title of its own network beside those of its variants."""
    variants: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """Other networks for the same text: a name, a title, and values that replace those of the spec."""


LESSONS = (
    Outline(
        name="biology",
        title=message("Neurons in nature and in numbers"),
        minutes=8,
        teaches=message("say what the model takes from nature and from parallel computers, and what it leaves out"),
        room=message(
            "If a network learns like a brain, why do we not understand brains by it? The model keeps the connections "
            "and drops time, chemistry and the body."
        ),
    ),
    Outline(
        name="threshold_neuron",
        title=message("A neuron that says yes or no"),
        minutes=10,
        teaches=message("compute the answer of a threshold neuron, and move its line"),
        room=message(
            "Which of AND, OR and NOT can one neuron compute? All three: find weights for each, on the board."
        ),
    ),
    Outline(
        name="threshold",
        title=message("The threshold is a bias"),
        minutes=6,
        teaches=message("turn a threshold into a bias and back"),
        room=message("Why is the bias a weight? It belongs to an input that is always 1."),
    ),
    Outline(
        name="perceptron_rule",
        title=message("The perceptron learns from mistakes"),
        minutes=12,
        teaches=message("apply the rule of Rosenblatt by hand until no example is wrong"),
        room=message("Can a step make an example wrong that was right? Yes: the line moves for all of them."),
        proves=("a_step_makes_a_right_answer_wrong",),
        worksheet=True,
    ),
    Outline(
        name="one_layer",
        title=message("One layer cannot learn XOR"),
        minutes=8,
        teaches=message("say which tables a single neuron can learn, and why XOR is none of them"),
        room=message(
            "How many of the 16 tables of two inputs can one neuron compute? All but two: XOR and its opposite."
        ),
        proves=("lines_make", 14, "AND", "OR"),
    ),
    Outline(
        name="slope",
        title=message("Why learning needs a slope"),
        minutes=10,
        teaches=message("read a slope off a curve, and say why a step cannot learn by slopes"),
        room=message("Where is the slope of the sigmoid largest? At z = 0, where the neuron is least sure."),
    ),
    Outline(
        name="derivatives",
        title=message("The slopes of sigmoid, tanh and relu"),
        minutes=12,
        teaches=message("derive the slopes of sigmoid, tanh and relu from their values"),
        room=message("Which activation costs least on the way back? relu: its slope is 0 or 1."),
    ),
    Outline(
        name="losses",
        title=message("Losses: how wrong is an answer?"),
        minutes=10,
        teaches=message("compute squared error and log loss, and choose the one that fits an output"),
        room=message("Why not count mistakes? A count does not change when a weight moves a little."),
    ),
    Outline(
        name="delta",
        title=message("δ: how the loss depends on a sum"),
        minutes=10,
        teaches=message("derive δ of an output for each pair of activation and loss"),
        room=message("Why is δ useful? Every weight of the unit needs it, and nothing else that lies behind the unit."),
    ),
    Outline(
        name="descent",
        title=message("Gradient descent on w and b"),
        minutes=12,
        teaches=message("make a step of gradient descent with the whole training set, and count the steps of an epoch"),
        room=message("Can the loss of one example rise in a step that lowers the mean? Yes, if the others gain more."),
        proves=("an_example_loses_while_the_mean_gains",),
        worksheet=True,
    ),
    Outline(
        name="learning_rate",
        title=message("The learning rate"),
        minutes=10,
        teaches=message("foretell from the rate whether steps come closer, jump, or fly away"),
        room=message("Which rate reaches the best weight in one step here? 0.5: then 1 − 2 · rate is 0."),
        proves=("step_multiplies_the_distance_by", 0.0, 0.5),
        first=message("rate 0.25"),
        variants=(
            ("learning_rate_1", message("rate 1.0"), ("training.optimizer.rate=1.0",)),
            ("learning_rate_1_1", message("rate 1.1"), ("training.optimizer.rate=1.1",)),
        ),
    ),
    Outline(
        name="hidden_layer",
        title=message("A hidden layer can"),
        minutes=10,
        teaches=message("build XOR from two hidden units and an output"),
        room=message("Is this the only way to build XOR? No: h1 AND NOT h2 is one of many."),
        proves=("weight_of_h2_gives", -20, "XOR"),
    ),
    Outline(
        name="inference",
        code=True,
        title=message("Inference and training"),
        minutes=8,
        teaches=message("count layers and parameters, and tell inference from training"),
        room=message("Does a network learn while it answers? No: without a target there is no error."),
    ),
    Outline(
        name="backpropagation",
        code=True,
        title=message("Backpropagation through one hidden layer"),
        minutes=20,
        teaches=message("compute a whole training step by hand, and check a derivative by a nudge"),
        room=message(
            "What would happen with all weights and biases 0? In the first step every hidden δ would be 0, and only "
            "the output would move. Later the hidden units would move, but alike: they would stay equal."
        ),
        proves=("zeros_stay_alike",),
        worksheet=True,
    ),
    Outline(
        name="squared_error",
        code=True,
        title=message("Backpropagation with the squared error"),
        minutes=15,
        teaches=message("compute δ of an output and of a hidden unit as most textbooks do"),
        room=message("For which outputs is o (1 − o) smallest? Near 0 and near 1, right or wrong."),
        worksheet=True,
    ),
    Outline(
        name="several_layers",
        code=True,
        title=message("Backpropagation through several layers"),
        minutes=12,
        teaches=message("send errors through many layers, and say why they fade"),
        room=message("How could weights keep δ from fading? If weight times slope is near 1 in each layer."),
    ),
    Outline(
        name="saturation",
        title=message("Saturation: sure, and wrong"),
        minutes=10,
        teaches=message("see why a sure and wrong neuron hardly learns with the squared error"),
        room=message("How do you keep units from saturating? Small initial weights, and inputs of similar size."),
        worksheet=True,
        first=message("squared error"),
        variants=(("saturation_log", message("log loss"), ("loss.name=binary_cross_entropy",)),),
    ),
    Outline(
        name="dead_units",
        title=message("Dead units"),
        minutes=8,
        teaches=message("recognize a dead relu, and name a remedy"),
        room=message("Can a dead unit come back by itself? Only if the layer before it changes its inputs."),
        proves=("h1_never_moves",),
        first=message("relu"),
        variants=(("dead_units_leaky", message("leaky relu"), ("layers.0.activation=leaky_relu",)),),
    ),
    Outline(
        name="symmetry",
        title=message("Units that stay the same"),
        minutes=8,
        teaches=message("say why hidden weights begin with random numbers"),
        room=message("Why may all biases begin with 0? The weights already make the units different."),
        first=message("equal weights"),
        variants=(
            (
                "symmetry_broken",
                message("different weights"),
                ("layers.0.weights.initial=[[0.5, -0.5], [-0.4, 0.6]]",),
            ),
        ),
    ),
    Outline(
        name="ratings",
        title=message("Ratings as dot products"),
        minutes=15,
        teaches=message("predict a rating from two rows, and compare with filtering by similarity"),
        room=message("What about a new film that nobody has rated? Its row never moves: another source must help."),
        proves=("other_rows_stay",),
    ),
    Outline(
        name="own_table",
        title=message("A network for your own table"),
        minutes=20,
        teaches=message("choose inputs, output and loss for a table, and build its network"),
        room=message("All exams in the table were passed: what will the network learn? To say yes to everybody."),
    ),
)
"""The lessons in their order."""
