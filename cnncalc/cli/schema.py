"""cnncalc schema: JSON Schema of network files, answer sheets and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import output_options
from cnncalc.cli.command import option, with_help

if TYPE_CHECKING:
    from cnncalc.cli.output_options import Output


HELP = """Print the JSON Schema of network files, for completion and validation in editors."""
EXAMPLES = """
cnncalc schema -o cnncalc.schema.json
cnncalc schema --sheet -o sheet.schema.json
cnncalc schema --report
"""


@with_help(HELP, EXAMPLES)
@option("--sheet", is_flag=True, help="Print the schema of answer sheets.")
@option("--report", is_flag=True, help="Print the schema of the output of show --format json.")
@output_options.file
def command(out: Output, *, sheet: bool, report: bool) -> None:
    from json import dumps

    if sheet and report:
        raise click.UsageError("--sheet and --report are two schemas; choose one")
    if sheet:
        from cnncalc.output.sheet_schema import sheet_schema as schema
    elif report:
        from cnncalc.output.report_schema import report_schema as schema
    else:
        from cnncalc.output.schema import network_schema as schema
    out.write(dumps(schema(), indent=1) + "\n")
