"""Perl as a target of nngen: modules that compute the outputs of a network, with or without trained parameters."""

import re

from nngen.targets import Syntax, Target, Words

WORDS = Words(
    {name: name for name in "abs cos erfc exp expm1 floor log log1p sigmoid sin softplus sqrt tanh".split()}
    | {"maximum": "fmax", "minimum": "fmin", "sign": "({0} > 0) - ({0} < 0)", "where": "{0} ? {1} : {2}"},
    variable="${}",
    conjunction="&&",  # Perl has no a < b < c
    modulo="fmod",
    prefix="&",  # a function of ours, even if Perl has one of its name
)

MODULE = """\
{% from "sections.jinja" import sections %}
{% set plan = page.plan %}
{{ (plan.name ~ ", a neural network: " ~ plan.summary) | comment(0) }}
#
{{ page.origin | comment(0) }}
package {{ plan.name }};
use strict;
use warnings;
use List::Util qw(max);
use POSIX qw(erfc expm1 floor fmax fmin fmod log1p tanh);
{# how each form of an equation is written: a macro has the name of the form #}
{% macro value(e) %}my {{ e.name }} = {{ e.terms[0] | flat }};{% endmacro %}
{% macro sum(e) %}my {{ e.name }} = {{ e.terms | plus | flat }};{% endmacro %}
{% macro mean(e) %}my {{ e.name }} = ({{ e.terms | plus | flat }}) / {{ e.terms | length }};{% endmacro %}
{% macro max(e) %}my {{ e.name }} = max({{ e.terms | join(", ") | flat }});{% endmacro %}
{% for helper in plan.page_functions %}

# {{ helper.says }}
sub {{ helper.name }} {
    my (${{ helper.arguments | join(", $") }}) = @_;
{% for line in helper.lines %}
    my ${{ line.name }} = {{ line.formula.write(page.words) | flat }};
{% endfor %}
    return {{ helper.value.write(page.words) | flat }};
}
{% endfor %}

# The outputs of one example: {{ plan.inputs | span }} → {{ plan.output.units | span }}.
sub forward {
    die "expected {{ plan.inputs | length }} inputs" unless @{ $_[1] } == {{ plan.inputs | length }};
    my (
{% for row in plan.parameter_rows() %}
        ${{ row | join(", $") }},
{% endfor %}
    ) = @{ $_[0] };
    my (${{ plan.inputs | join(", $") }}) = @{ $_[1] };
{{ sections(page.by_unit("weighted_example").forward, {"value": value, "sum": sum, "mean": mean, "max": max}) }}

    return (${{ plan.output.names("a") | join(", $") }});
}
{% if page.trained %}

our @TRAINED = (
{% for row in page.trained.rows(plan) %}
    {{ row | join(", ") }},
{% endfor %}
);

# As a program: it reads the inputs of an example from each line, as the network takes them, and prints the outputs.
unless (caller) {
    while (<STDIN>) { print join(" ", map { sprintf("%.6g", $_) } forward([@TRAINED], [split])), $/ }
}
{% endif %}
1;
"""

DRIVER = """\
{# nngen verify writes a call on a line: network, function, and arguments: numbers are the digits of their 64 bits #}
$| = 1;
{% for page in pages %}
require "./{{ page.plan.name }}.pl";
{% endfor %}
while (<STDIN>) {
    chomp;
    my ($network, $function, %given) = split /[ =]/;
    my @lists = map { [map { unpack("d>", pack("H16", $_)) } split /,/] } @given{qw(params x)};
    my @found = eval { $network->can($function)->(@lists) };
    print $@ ? "!$@" : join(",", map { unpack("H16", pack("d>", $_)) } @found), $/;
}
"""

TARGET = Target(
    name="perl",
    suffix=".pl",
    words=WORDS,
    syntax=Syntax(re.compile(r"^sub (\w+)", re.MULTILINE), comments="#.*"),  # subs that a module does not need go
    templates={"module.pl.jinja": MODULE, "driver.pl.jinja": DRIVER},
    parts=frozenset({"forward"}),
    levels=("weights",),
    runs=("perl", "_driver.pl"),
)
