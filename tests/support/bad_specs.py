"""The wrong specs, and what the schema does not find in them."""

from pathlib import Path

from nngen.common.diagnostics import SpecError
from nngen.reading.yaml_reader import read
from tests.support.modules import ROOT

NOT_CAUGHT = {
    f"{name}.yaml": reason
    for reason, names in {
        "names that only the module gives, or that differ between places": """
            collision_of_layers collision_of_units collision_with_input data_unknown_class java_package normalized_names
            own_name_of_equation own_name_of_input own_unknown properties_misfit same_layer_names same_numbered_units
            same_unit_names unit_named_as_input""",
        "what letters are and look like: patterns have no common classes of Unicode": """
            confusable_letters confusable_names invisible_characters normal_form_of_names""",
        "the modules of Python's library, which differ between its versions": "name_of_the_library",
        "numbers that are counted at one place and stand at another": """
            anomalies_of_a_target target_inputs target_inputs_of_ids
            data_number_of_classes data_wrong_sizes ids_given_rows initial_biases interval_scores initial_of_source
            quantiles_of_three_outputs
            robust_scales initial_of_sources initial_row initial_rows scaled_targets_of_counts stop_all_places
            stop_place_missing weights_of_classes_number""",
        "sums and products": """
            data_distribution ids_too_many orthogonal_too_large too_many_matrices too_many_parameters
            too_many_units unrolled""",
        "what concerns the last layer: a schema has no word for the last of a list": """
            answer_range_of_classes data_classes_without_names interval_without_rows dropout_of_outputs
            interval_without_biases deviations_without_weights
            leave_out_without_classes loss_and_activation loss_and_bounds
            loss_over_one_output missing_classes normalized_output own_outputs own_outputs_of_loss""",
        "a field that another one asks for": "calibration_without_interval",
        "what a field of the data asks of others": "log_of_ratios negatives_of_columns negatives_with_weights",
        "a null that one option of the loss allows": "missing_targets",
        "layers that feed others": """
            feeds_nothing from_itself ids_in_batch_norm ids_unused from_later from_nothing monotone own_no_slope
            step_above_trained step_hidden step_output""",
        "other files": """
            data_column_missing data_file_missing data_file_outside data_target_array ids_of_data ids_of_data_rows
            ids_of_no_data
            weights_column_missing""",
        "the values of a formula": "own_slope own_slope_undefined own_undecided own_value_undefined",
        "the encodings that Python knows": "data_encoding",
    }.items()
    for name in names.split()
}
"""The bad specs with which the schema finds no fault, each with what a schema cannot express."""


def readable(path: Path) -> bool:
    """Whether the text is YAML or JSON; other mistakes are those of an editor's own parser."""
    try:
        return not read(path.read_text("utf-8"), path.name).diagnostics
    except (SpecError, UnicodeDecodeError):
        return False


FOLDER = ROOT / "tests" / "description" / "bad_specs"

BAD = sorted(path for path in FOLDER.iterdir() if path.suffix in (".yaml", ".json"))
