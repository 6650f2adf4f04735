"""A grid of settings in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.analysis import locate, option_text, option_texts
from cnncalc.errors import Problem, SpecError
from cnncalc.explore.sweep import USUAL, sweep
from cnncalc.explore.vary import Axis, axis, check_size, typed
from cnncalc.study.metrics import metric

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def space(
    network: str | Mapping[str, Any], vary: Mapping[str, str | Iterable[Any]], metrics: str | Iterable[str] = USUAL, **options: Any
) -> list[dict[str, Any]]:
    """Return the metrics of a network for every combination of values, the last varying fastest: one dictionary per setting.

    `vary` has the values of each param, or of input, resolution, batch or dtype: {"width": [0.5, 1], "resolution": "128:224:32"}.
    The `options` are those of `analyze`. A setting that is invalid has its "error" in place of the metrics. Raises SpecError.
    """
    along = [
        axis(f"{name}={values}") if isinstance(values, str) else Axis(name, tuple(dict.fromkeys(map(option_text, values))))
        for name, values in vary.items()
    ]
    check_size(along)
    for each in along:
        if not each.values:
            raise SpecError(Problem(f"vary: no values for {each.name}"))
    wanted = [metric(name) for name in ([metrics] if isinstance(metrics, str) else metrics)]
    values = {each.name: {value: typed(value) for value in each.values} for each in along}
    return [
        {
            **{name: values[name][value] for name, value in found.values.items()},
            **({"error": found.why_not} if found.error is not None else found.metrics),
        }
        for found in sweep(locate(network), along, option_texts(**options), wanted)
    ]
