"""Reads a Keras model as the steps of a network: the config of a .keras file, or what model.to_json() returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.errors import Problem, SpecError, printable
from cnncalc.importers.keras_layers import RULES
from cnncalc.importers.keras_steps import NOTHING, KerasSteps
from cnncalc.layers import FieldError, Volume
from cnncalc.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Config = Mapping[str, Any]


class DamagedModelError(ValueError):
    """The file is no Keras model, or one that cannot be read; the text says why."""


class KerasReader(KerasSteps):
    """Turns the layers of a model into steps, one after the other."""

    def read(self, model: Config) -> dict[str, Any]:
        """Return the network as a mapping with the content of a file."""
        self.model(model, [], "")
        if not self.input or not self.steps:
            raise DamagedModelError("this model has no input with a shape, or no layers")
        if self.unknown:
            self.notes.append(f"Not modelled: {', '.join(sorted(set(self.unknown)))}. Totals are lower bounds.")
        notes = {"notes": self.notes} if self.notes else {}
        return {"name": printable(str(model["config"].get("name", "model")))[:200], "input": self.input, **notes, "layers": self.steps}

    def model(self, model: Config, inputs: Sequence[str], prefix: str) -> list[str]:
        """Write the layers of a model, and return the names of its outputs; one inside another is written in its place."""
        if prefix.count(".") > 20:
            raise DamagedModelError("models are nested more than 20 deep")
        config = model["config"]
        values: dict[tuple[str, int], list[str]] = {}
        given = list(inputs)
        before: list[str] = list(inputs)
        sequential = model["class_name"] == "Sequential"
        for layer in config["layers"]:
            name = str(layer.get("name") or layer["config"]["name"])
            if layer["class_name"] == "InputLayer":
                values[name, 0] = before = [given.pop(0)] if given else self.source(layer["config"], name)
                continue
            if sequential:
                if not before:
                    before = self.source(layer["config"], name)
                before = values[name, 0] = self.layer(layer, before, prefix + name, None)
                continue
            for call, node in enumerate(layer["inbound_nodes"]):
                sources = [value for key in histories(node) for value in self.known(values, key, name)]
                own = prefix + name
                values[name, call] = self.layer(layer, sources, own if not call else f"{own}_call{call + 1}", own if call else None)
        if sequential:
            return before
        return [value for key in _outputs(config["output_layers"]) for value in self.known(values, key, "the output")]

    def known(self, values: Mapping[tuple[str, int], list[str]], key: tuple[str, int], name: str) -> list[str]:
        """Return the steps of a tensor; layers stand behind those that they take."""
        if key not in values:
            raise DamagedModelError(f"the layer {printable(name)!r} takes {printable(key[0])!r}, which no earlier layer gives")
        return values[key]

    def source(self, config: Config, name: str) -> list[str]:
        """Name an input: the first one is that of the network, others are volumes that are given."""
        shape = config.get("batch_shape") or config.get("batch_input_shape") or []
        sizes: list[Any] = list(shape[1:])
        if not sizes or len(sizes) > 4:
            raise DamagedModelError(f"the layer {printable(name)!r} does not state the shape of its input")
        if None in sizes:
            raise DamagedModelError(f"the input {printable(name)!r} has the shape {shape}: save the model with numbers for its sides")
        sizes = [1, 1, *sizes] if len(sizes) == 1 else sizes
        if not self.input:
            self.input = sizes
            self.volumes["input"] = Volume(*sizes)
            if len(shape) == 2:
                self.vectors.add("input")
            return ["input"]
        self.notes.append(f"The input {name} is read as a volume that is given.")
        return [self.emit("constant", sizes, [], name, Volume(*sizes))]

    def layer(self, layer: Config, sources: list[str], name: str, owner: str | None) -> list[str]:
        """Write a layer, and return its outputs; `owner` is the first call of a layer that is called again."""
        kind, config = layer["class_name"], layer["config"]
        if kind in ("Functional", "Model", "Sequential"):
            return self.model(layer, sources, f"{name}.")
        if not sources:
            raise DamagedModelError(f"the layer {printable(name)!r} has no input")
        start = len(self.steps)
        rule = RULES.get(kind)
        try:
            found = rule(self, config, sources, name) if rule is not None else self.not_modelled(kind, sources, name)
        except (FieldError, ArithmeticError) as error:
            raise DamagedModelError(f"the layer {printable(name)!r} ({kind}): {error}") from None
        if owner is not None:
            for step in self.steps[start:]:
                if "filters" in config or "units" in config or next(iter(step)) == "bn":
                    step["weights"] = owner
        activation = config.get("activation")
        if kind != "Activation" and activation not in NOTHING:
            found = self.activation(activation, found, f"{name}_activation")
        return [found]


def histories(node: Any) -> Iterator[tuple[str, int]]:
    """Yield the layer and the call of each input of a call, in the form of Keras 3 or of earlier versions."""
    if isinstance(node, dict):
        history = node.get("config", {}).get("keras_history") if node.get("class_name") == "__keras_tensor__" else None
        if history is not None:
            yield str(history[0]), int(history[1])
            return
        for value in (*node.get("args", ()), *node.get("kwargs", {}).values()):
            yield from histories(value)
    elif isinstance(node, list):
        if len(node) >= 3 and isinstance(node[0], str):
            yield node[0], int(node[1])
            return
        for each in node:
            yield from histories(each)


def _outputs(layers: Any) -> list[tuple[str, int]]:
    """Return the layer and the call of each output of a model."""
    found = layers if layers and isinstance(layers[0], list) else [layers]
    return [(str(each[0]), int(each[1])) for each in found]


def read_keras(data: Any, shown: str) -> dict[str, Any]:
    """Return the network of a Keras model as a mapping with the content of a file; a SpecError calls the file `shown`."""
    try:
        model = _config(data)
        if (
            not isinstance(model, dict)
            or "class_name" not in model
            or not isinstance(model.get("config"), dict)
            or "layers" not in model["config"]
        ):
            raise DamagedModelError("no Keras model: it has no layers")
        return KerasReader().read(model)
    except DamagedModelError as error:
        raise SpecError(Problem(f"{shown}: {error}")) from None
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError) as error:  # a damaged config can lack anything
        why = f"{type(error).__name__} {printable(str(error))[:80]}"
        message = f"{shown}: the config of this model has another form than Keras writes: {why}"
        raise SpecError(Problem(message)) from None


class MappedFile:
    """A memory map as the file that `zipfile` wants: without a copy of the weights."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def seekable(self) -> bool:
        """Return that it can be read from any place."""
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self.data, name)


def _config(data: Any) -> Any:
    """Return the config of a .keras file, or of the JSON of a model."""
    import json

    if bytes(data[:2]) == b"PK":
        import zlib
        from io import BytesIO
        from zipfile import BadZipFile, ZipFile

        try:
            with ZipFile(MappedFile(data) if hasattr(data, "seek") else BytesIO(data)) as file:
                entry = file.getinfo("config.json")
                if entry.file_size > LIMITS.file_bytes:
                    raise DamagedModelError(f"config.json: too large: more than {LIMITS.file_bytes // 2**20} MiB")
                with file.open(entry) as opened:
                    text = opened.read(LIMITS.file_bytes + 1)
        except (BadZipFile, KeyError, NotImplementedError, EOFError, OSError, RuntimeError, zlib.error) as error:
            raise DamagedModelError(f"no Keras model: {error}") from None
    else:
        text = bytes(data[: LIMITS.file_bytes + 1])
    if len(text) > LIMITS.file_bytes:
        raise DamagedModelError(f"too large: more than {LIMITS.file_bytes // 2**20} MiB")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DamagedModelError(f"no Keras model: {error}") from None
