"""The schema in editors: completion, descriptions and errors of yaml-language-server, if installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from threading import Timer
from typing import TYPE_CHECKING, Any

import pytest

from cnncalc.output.schema import network_schema
from tests.output.test_schema import MISTAKES, SOUND

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVER = os.environ.get("YAML_LANGUAGE_SERVER") or shutil.which("yaml-language-server")
PATIENCE = 120  # seconds until a server that says nothing is killed
SETTINGS = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
needs_server = pytest.mark.skipif(
    SERVER is None or shutil.which("node") is None,
    reason="yaml-language-server is not on the PATH (npm install -g yaml-language-server) nor named by YAML_LANGUAGE_SERVER",
)


class Server:
    """A language server, spoken to over its standard streams."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen([str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.timer = Timer(PATIENCE, self.process.kill)
        self.timer.start()
        self.opened = 0
        self.send(id="begin", method="initialize", params={"processId": None, "rootUri": None, "capabilities": {}})
        self.wait(lambda message: message.get("id") == "begin")
        self.send(method="initialized", params={})
        self.send(method="workspace/didChangeConfiguration", params={"settings": {"yaml": SETTINGS}})

    def close(self) -> None:
        self.timer.cancel()
        self.process.kill()
        self.process.communicate()

    def send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while header := self.process.stdout.readline().strip():
            if header.lower().startswith(b"content-length"):
                length = int(header.partition(b":")[2])
        assert length, "the server has ended"
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return message

    def wait(self, wanted: Any) -> Any:
        """The first message that is wanted; what the server asks in between is answered."""
        while True:
            message = self.read()
            if "id" in message and "method" in message:
                items = message["params"].get("items", []) if message["method"] == "workspace/configuration" else None
                result = None if items is None else [SETTINGS if item.get("section") == "yaml" else {} for item in items]
                self.send(id=message["id"], result=result)
            elif wanted(message):
                return message

    def open(self, text: str) -> tuple[str, list[str]]:
        """A document with the line that attaches the schema, and its errors."""
        self.opened += 1
        uri = (self.folder / f"{self.opened}.yaml").as_uri()
        text = f"# yaml-language-server: $schema={(self.folder / 'schema.json').as_uri()}\n{text}"
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.send(method="textDocument/didOpen", params={"textDocument": document})
        found = self.wait(lambda message: message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri)
        return uri, [each["message"] for each in found["params"]["diagnostics"]]

    def ask(self, what: str, text: str, line: int, column: int) -> Any:
        uri, _ = self.open(text)
        at = {"line": line + 1, "character": column}
        self.send(id=uri, method=f"textDocument/{what}", params={"textDocument": {"uri": uri}, "position": at})
        return self.wait(lambda message: message.get("id") == uri)["result"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("editor")
    (folder / "schema.json").write_text(json.dumps(network_schema()), encoding="utf-8")
    found = Server(folder)
    yield found
    found.close()


@needs_server
@pytest.mark.parametrize("change", MISTAKES, ids=json.dumps)
def test_the_server_refuses_mistakes(server: Server, change: dict[str, Any]) -> None:
    assert server.open(json.dumps(SOUND))[1] == []
    assert server.open(json.dumps({**SOUND, **change}))[1] != []


@needs_server
def test_the_server_completes_kinds_and_their_fields(server: Server) -> None:
    head = "input: 32x32x3\nlayers:\n"
    kinds = {item["label"]: str(item.get("documentation")) for item in server.ask("completion", f"{head}  - \n", 2, 4)["items"]}
    assert {"conv", "maxpool", "relu", "add", "fc"} <= kinds.keys()
    assert "kernels over the input" in kinds["conv"]
    fields = {
        item["label"]: str(item.get("documentation")) for item in server.ask("completion", f"{head}  - conv: 3\n    \n", 3, 4)["items"]
    }
    assert {"kernel", "stride", "pad", "bias"} <= fields.keys()
    assert not {"conv", "relu"} & fields.keys()
    assert "kernel size" in fields["kernel"]


@needs_server
def test_the_server_describes_a_kind_and_a_param(server: Server) -> None:
    text = "input: 32x32x3\nparams: {k: 3}\nlayers:\n  - relu\n"
    kind, param = (str(server.ask("hover", text, *place)["contents"]) for place in ((3, 5), (1, 9)))
    assert "max(0, x)" in kind
    assert "Convolution" not in kind
    assert "variable of this file" in param


@pytest.mark.parametrize("change", MISTAKES, ids=json.dumps)
def test_jsonschema_agrees(change: dict[str, Any]) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed; it is no dependency of the tests")
    validator = jsonschema.Draft202012Validator(network_schema())
    assert validator.is_valid(SOUND)
    assert not validator.is_valid({**SOUND, **change})
