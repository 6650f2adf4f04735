from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cnncalc.output.words.concentration import EXCESS, HALF, LONGEST, Run, densest


def test_the_end_of_vgg16_holds_its_parameters() -> None:
    convolutions = [1792, 36928, 73856, 147584, 295168, 590080, 590080, 1180160, 2359808, 2359808, 2359808, 2359808, 2359808]
    classifier = [102764544, 16781312, 4097000]
    run = densest(convolutions + classifier, [1] * 16)
    assert run == Run(13, 16, sum(classifier), 138357544)


def test_an_even_spread_is_not_worth_a_word() -> None:
    assert densest([5] * 20, [1] * 20) is None
    assert densest([], []) is None
    assert densest([0, 0, 0, 0], [1, 1, 1, 1]) is None
    assert densest([1, 9], [1, 1]) is None


def test_one_layer_may_hold_it() -> None:
    assert densest([1, 1, 96, 1, 1], [1] * 5) == Run(2, 3, 96, 100)


def test_free_layers_do_not_stretch_a_run() -> None:
    assert densest([0, 50, 0, 45, 0, 1, 1, 1, 1, 1], [0, 1, 0, 1, 0, 1, 1, 1, 1, 1]) == Run(1, 4, 95, 100)


def test_of_many_lines_only_the_ends_are_tried() -> None:
    middle = [1] * 100 + [1000] * 3 + [1] * 100
    assert len(middle) > LONGEST
    run = densest(middle, [1] * len(middle))
    assert run is not None
    assert 0 in (run.start, len(middle) - run.end)


def test_free_layers_at_the_end_of_many_lines_do_not_stretch_a_run() -> None:
    costs, weights = [1] * 200 + [1000] * 3 + [0] * 5, [1] * 203 + [0] * 5
    assert len(costs) > LONGEST
    assert densest(costs, weights) == Run(200, 203, 3000, 3200)


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 3)), max_size=30))
def test_a_run_holds_what_it_says(lines: list[tuple[int, int]]) -> None:
    costs = [cost if layers else 0 for cost, layers in lines]
    layers = [count for _, count in lines]
    run = densest(costs, layers)
    if run is not None:
        assert run.part == sum(costs[run.start : run.end])
        assert run.whole == sum(costs)
        assert layers[run.start]
        assert layers[run.end - 1]
        share = run.part / run.whole
        assert share >= HALF
        assert share - sum(layers[run.start : run.end]) / sum(layers) >= EXCESS
