"""Help topics: their texts. The first line is the summary; then paragraphs, and indented lines that stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TOPICS: Mapping[str, str] = {
    "arithmetic": """Arithmetic in options, network files and answer sheets.

Wherever a number may stand, arithmetic may: --set width=1.1**3, kernel: "2*r + 1" in a file, params: (11*11*3)*96+96 in
an answer sheet.

  + - * / // % ** ^               // rounds down, ^ and ** are powers
  == != < <= > >= and or not      conditions
  a if c else b, x[i], [a, b]     choices and lists
  ceil floor round min max sum len range
  divisible(v, by, least)         rounding to a multiple, as MobileNet does it

Numbers are exact: 1.4 is 7/5, and / gives a fraction. A field that does not come out whole is an error that shows the
fraction.

Ranges of values, in --vary and solve, are written FROM:TO or FROM:TO:STEP, lists with commas: width=0.25:1:0.25,
depth=18,34,50.

Numbers with a unit, in budgets and answer sheets: 35K, 1.43G, 96MB, 93MiB. In an answer sheet such a number is right
within half a unit of its last digit.
""",
    "conventions": """FLOP counting conventions: what --counting accepts.

MACs are multiply-accumulates of layers with weights, the number that papers print. What a FLOP is depends on who
counts. --counting chooses the convention of the FLOPs column:

  full           2 per MAC, 1 per bias, and 1 per element or kernel input of
                 everything else (default)
  macs           1 per MAC, nothing else
  flops          2 per MAC, nothing else
  connections    every use of a weight, a bias or a kernel input, as in
                 LeCun et al., 1998

These give the numbers of a tool, to the integer:

  torchinfo, fvcore, ptflops, ptflops-aten, thop, calflops, torch, keras

cnncalc counts NETWORK applies all of them to one network, --between A B says why two of them differ, and --rules prints
what each counts.

MB is 1000 x 1000 bytes and MiB is 1024 x 1024 bytes. --units binary prints MiB.
""",
    "environment": r"""Environment variables, terminals and pipes.

  NO_COLOR       no colour, where it is not empty
  FORCE_COLOR    colour, also in a pipe
  TERM           dumb and unknown mean no colour
  COLUMNS        the width of the terminal

--color always and --color never override the environment, before or after the command.

On a terminal a table fits the width, and says which columns are hidden; --columns chooses them, --width sets another
width, --width 0 shows all. In a pipe or a file a table has all its columns and no colour.

Where the output cannot show a character (LANG=C, a Windows code page), signs become ASCII, 3x3 and (H//2), and letters
of names become escapes such as \u7f51.

cnncalc completion SHELL prints a script that completes commands, options, networks and layers in bash, zsh or fish.
""",
    "exit-codes": """Exit codes of every command.

  0      it worked
  1      the answer is no: wrong or unclear answers in check, problems in
         validate, no match in list, solve, fit or memory --within, a kernel
         that does not divide its input evenly under --strict
  2      a wrong option, or a file that cannot be read or understood
  130    interrupted (Ctrl-C, SIGINT)
  141    broken pipe: the program that was reading the output has ended
  143    terminated (SIGTERM); 129 where the terminal was closed (SIGHUP)

Results go to standard output, messages to standard error.
""",
    "networks": """How to say which network is meant.

Every command that takes a NETWORK takes any of these:

  vgg16                       a network of the catalogue (cnncalc list)
  mine.yaml                   a file
  mine.yaml:small             a variant of a file
  "conv 96 11x11 /4, relu"    layers in shorthand; /4 is the stride
  -                           a file on standard input

Options change it: --input 299x299x3 the input size, --set width=1.4 a param of its file, --but CONV1.kernel=7 a field
of one step, --batch 8 the batch size, --dtype fp16 the element type.

A letter instead of a number is a symbol, a whole number from 1 up: --input HxWx3, --set width=w, --batch N. Sizes and
costs are then formulas.

A LAYER is a path as the table shows it, or any end of a path that only one layer has: stage2/unit1/conv1, unit1/conv1.
A folder of layers (stage2) means all layers in it.
""",
    "options": """Options that mean the same in every command.

  -i, --input HxWxC             input size: 299x299x3, HxWx3
  -s, --set PARAM=VALUE         set a param of the network: width=1.4
      --but STEP.FIELD=VALUE    change a field of a step: CONV1.kernel=7
  -b, --batch N                 batch size
  -d, --dtype TYPE              element type: float32, fp16, bf16, fp64, int8
      --counting NAME           FLOP counting convention (help conventions)
      --sides                   include auxiliary heads
      --no-bias                 leave biases out of the parameters
      --strict                  exit with code 1 where a kernel does not divide
                                its input evenly
  -c, --columns A,B             show these columns; +A,-B changes the default
      --work                    write in each cell how its number is derived
      --notes                   show the notes of the network's file
      --fold N                  collapse blocks below depth N; none: every layer
      --sort COLUMN             sort by a column, largest first
  -n, --top N                   show at most N rows
  -f, --format FORMAT           table, plain, json, csv, markdown, latex,
                                html, svg
  -o, --output FILE             write to a file; its suffix chooses the format
      --units UNITS             si (MB), binary (MiB), exact (every digit)
      --width N                 characters in a line; 0: unlimited
      --color WHEN              auto, always, never
  -h, --help                    show the help of a command

Options may stand before or after the network. Words from a list may be written in any case, with - or _: --counting PTFLOPS_aten.
A word that is not known is answered with the nearest one.

In solve, --output is the output size, and only -o writes to a file.
""",
    "sheets": """Answer sheets, which cnncalc check grades.

A sheet is a YAML file:

  title: Worksheet 3
  counting: {flops: macs, bias: true}
  questions:
    - ask: What is the output size of CONV1?
      network: alexnet
      layer: CONV1
      output: 55x55x96
    - {network: alexnet, layer: CONV1, params: (11*11*3)*96+96}
    - network: {input: 32x32x3, layers: [{conv: 10, kernel: 5, pad: 2}]}
      params: 760
    - {claim: params(alexnet) / params(googlenet), is: 8.9}

A network is a name of the catalogue, a path from the sheet's folder, or written out. Without a layer the question is
about the whole network.

What can be asked: output, params, weights, biases, buffers, macs, flops, activations, memory, receptive_field,
weight_layers, kernel, stride, pad, dilation, filters, weight_shape, multiplications, additions, peak_memory,
training_memory, model_size, and fits (true where every kernel divides its input evenly).

A plain number must match exactly. 35K or 1.43G must be right within half a unit of the last digit, ~50 within 5%, and
tolerance: 1% sets another limit. Formulas are compared as formulas.

check answers right, wrong or unclear, and names the mistake that gives a wrong number. --hide leaves out the correct
answers, --score adds up points, and several sheets make a gradebook. cnncalc quiz writes worksheets in this form.

Volumes are height x width x channels; layout: channels_first, on a sheet or a question, puts the channels first, and
torch.Size([1, 96, 55, 55]) or (None, 55, 55, 96) say their order themselves. choose: [34848, 34944] makes a multiple
choice, text: asks for free text, which the teacher grades.

A class is graded by one worksheet: check --against worksheet.yaml answers/. Students give answers only, in a filled
sheet, as q1: 55x55x96, as CSV (id,answer, or student,q1,q2 for a class) or in a filled Markdown worksheet.
""",
}


def summaries() -> dict[str, str]:
    """The summary of every topic."""
    return {name: text.partition("\n")[0] for name, text in TOPICS.items()}
