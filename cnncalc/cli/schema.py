"""cnncalc schema: JSON Schema of network files and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.cli import options
from cnncalc.cli.command import option, with_help

if TYPE_CHECKING:
    from cnncalc.cli.options import Output


HELP = """Print the JSON Schema of network files, with which editors complete and check them."""
EXAMPLES = """
cnncalc schema -o cnncalc.schema.json
cnncalc schema --report
"""


@with_help(HELP, EXAMPLES)
@option("--report", is_flag=True, help="The schema of what show --format json prints.")
@options.file
def command(out: Output, *, report: bool) -> None:
    from json import dumps

    if report:
        from cnncalc.output.report_schema import report_schema as schema
    else:
        from cnncalc.output.schema import network_schema as schema
    out.write(dumps(schema(), indent=1) + "\n")
