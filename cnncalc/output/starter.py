"""The commented file that `cnncalc new` writes."""

from __future__ import annotations

TEMPLATE = """\
# A network for cnncalc.  cnncalc show {name}.yaml  shows it,  cnncalc layers  lists what may stand in a step.
# Editors complete and check it with the schema that  cnncalc schema -o cnncalc.schema.json  writes beside this file (works offline):
# yaml-language-server: $schema=cnncalc.schema.json
name: {title}
input: 32x32x3                       # height x width x channels
params:                              # your own variables; --set classes=100 changes a value
  filters: [16, 32, 64]
  classes: 10
# use: [squeeze_excite, mine.yaml]   # blocks of the catalogue's libraries and of your own files
blocks:
  conv_bn:                           # named steps; the first argument is the main one
    args: {{filters: , stride: 1}}
    layers:
      - {{conv: filters, kernel: 3, stride: stride, pad: 1, bias: false}}
      - bn
layers:                              # from top to bottom; each takes the output of the one before
  - {{conv_bn: "filters[0]", name: stem}}
  - relu
  - each: [width, stride]            # once for each row
    in:
      - ["filters[1]", 2]
      - ["filters[2]", 2]
    do:
      - add:                         # both branches start from the same volume
          residual: [{{conv_bn: width, stride: stride}}, relu, {{conv_bn: width}}]
          shortcut: {{conv: width, stride: stride, when: stride > 1 or in.c != width}}
      - relu
  - gap                              # the mean of each channel
  - {{fc: classes, name: classifier}}
"""


def starter(name: str) -> str:
    """Return the text of a new file."""
    return TEMPLATE.format(name=name, title=name.replace("_", " ").replace("-", " "))
