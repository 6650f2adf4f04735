"""Title and notes of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.output.forms.numbers import NumberFormat, count, memory, size, volume
from cnncalc.output.words.concentration import sits
from cnncalc.output.words.remainders import remainder_sentence
from cnncalc.propagate.counting import CONVENTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cnncalc.dims import Condition
    from cnncalc.layers import Volume
    from cnncalc.propagate.report import Report
    from cnncalc.study.folding import Line

PLAIN = NumberFormat()
NAMED = 3  # layers that are named in a sentence


def title(report: Report) -> list[str]:
    """Return name and year, paper, and settings that differ from the file."""
    about = report.setting.about
    name = about.title or report.setting.id
    head = f"{name}, {about.year}" if about.year else name
    return [line for line in (head, about.paper or "", ", ".join(settings(report))) if line]


def settings(report: Report, *, variant: bool = True) -> Iterator[str]:
    """Yield the settings that differ from the defaults; with `variant`, including the params that the variant sets."""
    from cnncalc.layers import shown

    setting = report.setting
    if setting.input is not None:
        yield f"input {volume(report.input, PLAIN)}"
    elif not all(isinstance(side, int) for side in report.input):
        yield f"input {volume(report.input, PLAIN)} (any, without --input)"
    chosen = {**(setting.variant.params if setting.variant and variant else {}), **setting.params}
    for name, value in report.graph.params.items():
        if name in chosen:
            yield f"{name} = {shown(value)}"
    for step, fields in setting.changes.items():
        for field, value in fields.items():
            if value is not setting.network.but.get(step, {}).get(field):
                yield f"{step}.{field} = {value.expression.text if value.expression else 'changed'}"
    if setting.until is not None:
        yield f"up to {setting.until.source.text}"
    if setting.deployed:
        yield "deployed"
    if setting.freeze_until is not None:
        yield f"frozen up to {setting.freeze_until.source.text}"
    if setting.freeze:
        yield f"frozen: {', '.join([each.source.text for each in setting.freeze])}"
    yield from options(report)


def options(report: Report) -> Iterator[str]:
    """Yield the batch size, element type and absence of biases, where they differ from the defaults."""
    if report.batch != 1:
        yield f"batch {size(report.batch, PLAIN)}"
    if report.dtype != "float32":
        yield report.dtype
    if not report.bias:
        yield "biases left out"


def notes(report: Report, lines: Sequence[Line], units: str = "") -> list[str]:
    """Return the notes below a table: totals, where the costs are, published numbers, and conditions."""
    sentences = (
        facts(report, units),
        sits(lines),
        deployed(report),
        published(report),
        stated(report),
        shared(report),
        frozen(report),
        *conditions(report),
    )
    return [line for line in sentences if line]


def asides(report: Report, lines: Sequence[Line], *, notes: bool = True) -> list[str]:
    """Return the asides below the notes: unused input, folded rows, and notes of the file."""
    remarks = [f"Note: {note}" for note in report.setting.about.notes or ()]
    if remarks and not notes:
        remarks = [
            f"{len(remarks)} note{'s' if len(remarks) > 1 else ''} on this network: --notes shows {'them' if len(remarks) > 1 else 'it'}."
        ]
    return [line for line in (input_sentence(report.input), remainder_sentence(report.inexact), folded(report, lines), *remarks) if line]


def input_sentence(x: Volume) -> str:
    """Return a sentence on an input that looks like an image without channels, or with its channels first."""
    if not all(isinstance(size, int) for size in x) or hasattr(x, "printed"):
        return ""
    if x.rank == 1 and (x[0] == x.c or (x.c > 16 and 10 * x.c > x[0])):
        return f"The input {x} is read as length {x[0]} with {x.c} channels; a grayscale image is {x}×1."
    if x.rank > 1 and x[0] in (1, 3, 4) and x[1] > 4 and x.c > 64:
        first, *others = x
        channels = f"{first} channel{'s' if first > 1 else ''}"
        right = volume((*others, first), PLAIN)
        return f"The input {x} has {x.c} channels, which come last; with {channels} it is {right} (or layout: channels_first)."
    return ""


def facts(report: Report, units: str) -> str:
    """Return a sentence with the depth and the sizes of parameters, activations and operations."""
    total, fmt = report.total, NumberFormat(units)
    phrases = [f"{total.weight_layers} weight layer{'s' if total.weight_layers != 1 else ''}"]
    if isinstance(total.param_bytes, int):
        phrases.append(f"parameters take {memory(total.param_bytes, fmt)}")
    if isinstance(total.bytes, int):
        phrases.append(f"activations {memory(total.bytes, fmt)}")
    called = CONVENTIONS[report.counting].prints
    if isinstance(total.flops, int) and called:
        flops = count(total.flops, fmt if units else NumberFormat("si"))
        glued = flops[-1].isalpha() and called == "FLOPs"  # GFLOPs, but G connections
        phrases.append(f"{flops}{'' if glued else ' '}{called} ({report.counting})")
    return ", ".join(phrases) + "."


def formulas(names: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Yield symbolic totals, which are too long for a column, one per line."""
    for heading, value in names:
        if value is not None and not isinstance(value, int):
            yield f"total {heading}{' in bytes' if heading == 'memory' else ''} = {size(value, PLAIN)}"


def published(report: Report) -> str:
    """Return the published numbers, with the computed ones where they differ."""
    setting = report.setting
    numbers = setting.about.published
    if (
        not numbers
        or setting.input is not None
        or setting.params
        or setting.changes != setting.network.but
        or setting.until
        or not report.bias
    ):
        return ""
    phrases = []
    for form, prefix in (("", ""), (" deployed", "deployed_")):
        for name, word in (("params", "parameters"), ("macs", "MACs")):
            if (number := numbers.get(prefix + name)) is not None:
                comparable = setting.deployed == bool(prefix) and (name == "params" or report.batch == 1)
                here = getattr(report.total, name) if comparable else None
                text = f"{int(number):,}" if number.isdecimal() else number
                phrases.append(f"{text} {word}{form}{_differs(report, number, name, here)}")
    phrases += [
        f"{numbers[name]}% {word}" for name, word in (("top1_error", "top-1 error"), ("top5_error", "top-5 error")) if name in numbers
    ]
    if "ilsvrc_error" in numbers:
        entry = f" ({numbers['ilsvrc_entry']})" if "ilsvrc_entry" in numbers else ""
        phrases.append(f"{numbers['ilsvrc_error']}% top-5 error in the ILSVRC{entry}")
    source = f" ({numbers['source']})" if "source" in numbers else ""
    return f"Published: {', '.join(phrases)}{source}." if phrases else ""


def deployed(report: Report) -> str:
    """Return a sentence on the deployed form: what is merged, the trained network's totals, and what stays."""
    form = report.graph.deployed
    if form is None:
        return ""
    from cnncalc.propagate.walk import propagate

    trained = propagate(report.setting, form.trained, batch=report.batch, counting=report.counting, bias=report.bias).total
    merged = [len(node.parts) for node in report.graph.nodes if node.parts]
    text = f"Deployed: {len(merged)} layers replace {sum(merged)} of the trained network"
    text += f", which has {count(trained.params, PLAIN)} parameters and {count(trained.macs, PLAIN)} MACs."
    kept = [f"{path} {reason}" for path, reason in form.kept.items()]
    if not kept:
        return text
    more = f"; and {len(kept) - NAMED} more" if len(kept) > NAMED else ""
    return f"{text} Not merged: {'; '.join(kept[:NAMED])}{more}."


def stated(report: Report) -> str:
    """Return a sentence on layers whose costs are stated in the file, not computed."""
    rows = [row for row in report.rows if row.layer.stated]
    if not rows:
        return ""
    paths = ", ".join(row.path for row in rows[:NAMED]) + (f" and {len(rows) - NAMED} more" if len(rows) > NAMED else "")
    params, macs = (size(sum(getattr(row, name) for row in rows), PLAIN) for name in ("params", "macs"))
    return f"Stated by the author of the file, not computed: {params} parameters and {macs} MACs of {paths}."


def shared(report: Report) -> str:
    """Return a sentence on layers that use the weights of others."""
    nodes = report.graph.nodes
    owners = dict.fromkeys(node.owner for node in nodes if node.owner)
    if not owners:
        return ""
    users = sum(1 for node in nodes if node.owner)
    paths = ", ".join([*owners][:NAMED]) + (f" and {len(owners) - NAMED} more" if len(owners) > NAMED else "")
    return f"{users} layer{'s use' if users > 1 else ' uses'} the weights of others, which are counted once: those of {paths}."


def frozen(report: Report) -> str:
    """Return a sentence on parameters that are not trained."""
    if not report.freezes:
        return ""
    total = report.total
    return f"{count(total.frozen, PLAIN)} parameters are frozen, {count(total.trainable, PLAIN)} are trained."


def _differs(report: Report, text: str, name: str, here: Any) -> str:
    if isinstance(here, int) and (text == str(here) or rounds_to(text, here)):
        return ""  # the usual cases, for which fractions need not be loaded

    from cnncalc.printed_number import printed_number

    printed = printed_number(text)
    if printed is None or not isinstance(here, int) or printed.agrees(here):
        return ""
    counting = (report.setting.about.published or {}).get("counted_as")
    if counting:
        from cnncalc.explore.counts import counts

        (counted,) = counts(report, [counting])
        value: Any = counted.params if name == "params" else counted.value
        if printed.agrees(value):
            return f" (here {here:,}; {value:,} as {counting} counts)"
    return f" (here {here:,})"


def rounds_to(text: str, here: int) -> bool:
    """Return whether a number rounds to a text with a point, such as 25.6M or 1.8G; other texts are left to printed_number."""
    whole, point, part = text.partition(".")
    power = {"M": 6, "G": 9}.get(text[-1])
    return bool(point and power) and whole != "0" and f"{here / 10 ** (power or 0):.{len(part) - 1}f}" == text[:-1]


def conditions(report: Report, point: Mapping[str, int] | None = None) -> Iterator[str]:
    """Yield a sentence that says for which values of its symbols a report holds; those of a point are known."""
    groups: dict[tuple[bool, str], list[str]] = {}
    others: list[str] = []
    for condition in report.conditions:
        here = condition.substituted(point or {})
        if here.bound is not None:
            name, least = here.bound
            sign = ">" if here.relation == "above" else "≥"
            groups.setdefault((report.graph.symbols.domain(name).whole, f"{sign} {least}"), []).append(name)
        elif not here.holds:
            others.append(spoken(here))
    phrases = [f"every {'whole' if whole else 'fraction'} {', '.join(names)} {bound}" for (whole, bound), names in groups.items()]
    if phrases:
        yield f"For {' and '.join(filter(None, (', '.join(phrases[:-1]), phrases[-1])))}{' with ' if others else ''}{', '.join(others)}."


def spoken(condition: Condition) -> str:
    """Format a condition with mathematical signs."""
    left, right = size(condition.left, PLAIN), size(condition.right, PLAIN)
    if condition.relation == "divides":
        if left == "1":
            return f"{right} whole"
        return f"{right} even" if left == "2" else f"{right} divisible by {left}"
    if condition.relation == "at_least" and isinstance(condition.left, int):
        return f"{right} ≤ {left}"
    return f"{left} {'≥' if condition.relation == 'at_least' else '='} {right}"


def folded(report: Report, lines: Sequence[Line]) -> str:
    """Return a sentence on folded rows."""
    if all(len(line.rows) == 1 for line in lines):
        return ""
    rows = sum(len(line.rows) for line in lines)
    return f"{rows} layers in {len(lines)} rows; --fold none shows every layer."
