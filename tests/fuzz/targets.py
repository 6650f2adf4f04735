"""The fuzz targets, one per row, for pytest (few inputs) and `python -m tests.fuzz` (many)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from tests.fuzz import arithmetic, command_lines, environments, pictures, quizzes, sheets, strangers, valid
from tests.fuzz.specs import specs
from tests.layers import test_brute_force
from tests.propagate import networks, test_symbolic
from tests.study.memory import test_peak as test_memory

if TYPE_CHECKING:
    from collections.abc import Callable


class Target(NamedTuple):
    """Inputs, and what must hold for each of them."""

    name: str
    cost: float  # milliseconds that an input takes, more or less
    examples: int  # that pytest tries here; 0 where a test of its own does
    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], None]


def of_test(test: Any) -> Callable[[Any], None]:
    """The check of a test that takes several values, here all of them at once."""
    return lambda values: test.hypothesis.inner_test(*values)


windows = st.tuples(st.integers(1, 12), test_brute_force.windows)
symbolic = st.tuples(networks.networks, networks.points)
TARGETS = (
    Target("bytes", 1, 60, strangers.any_bytes, strangers.looked_at),
    Target("lines", 2, 120, strangers.any_lines, strangers.looked_at),
    Target("mistakes", 6, 120, strangers.mistaken(strangers.catalogue_files), strangers.looked_at),
    Target("formulas", 8, 100, arithmetic.formulas, arithmetic.a_formula_is_its_numbers),
    Target("formula-networks", 60, 25, arithmetic.networks, arithmetic.a_network_is_its_numbers),
    Target("valid-networks", 45, 150, specs(), valid.short_is_long),
    Target("answers", 8, 60, st.lists(sheets.question(), min_size=1, max_size=4), sheets.are_graded_by_what_a_loop_counts),
    Target("sheets", 9, 120, strangers.mistaken(st.sampled_from(sheets.SHEETS), 3), sheets.are_graded_or_told),
    Target("quizzes", 100, 8, quizzes.quizzes, quizzes.keys_are_right),
    Target("words", 30, 250, command_lines.any_words(), command_lines.end_in_a_result_or_a_message),
    Target("commands", 40, 60, command_lines.commands(), command_lines.work_on_every_kind),
    Target("pictures", 400, 6, pictures.large_networks(), pictures.twice_the_layers_are_twice_the_work),
    *(() if sys.platform == "win32" else (Target("environments", 400, 6, environments.processes, environments.end_as_they_should),)),
    Target("windows", 1.5, 0, windows, of_test(test_brute_force.test_places_of_a_window)),
    Target("peak-memory", 5, 0, st.tuples(test_memory.NODES), of_test(test_memory.test_the_best_order_is_the_best_of_all)),
    Target("symbols", 17, 0, symbolic, of_test(test_symbolic.test_random_networks)),
)
