"""The texts of help topics: a summary line, then paragraphs. Indented lines are not wrapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TOPICS: Mapping[str, str] = {
    "arithmetic": """Arithmetic in options, network files and answer sheets.

An expression can be used in place of any number: --set width=1.1**3, kernel: "2*r + 1" in a file, params: (11*11*3)*96+96 in
an answer sheet.

  + - * / // % ** ^               // rounds down, ^ and ** are powers
  == != < <= > >= and or not      conditions
  a if c else b, x[i], [a, b]     choices and lists
  ceil floor round min max sum len range
  divisible(v, by, least)         rounding to a multiple, as MobileNet does it

Numbers are exact: 1.4 is 7/5, and / gives a fraction. If a field must be whole but is a fraction, the error
shows the fraction.

Ranges of values, in --vary and solve, are written FROM:TO or FROM:TO:STEP, lists with commas: width=0.25:1:0.25,
depth=18,34,50.

Numbers with a unit, in budgets and answer sheets: 35K, 1.43G, 96MB, 93MiB. In an answer sheet such a number is right
within half a unit of its last digit.
""",
    "conventions": """FLOP counting conventions: what --counting accepts.

MACs are multiply-accumulates of layers with weights, the number that papers print. There are several definitions of
a FLOP; --counting chooses the convention for the FLOPs column:

  full           2 per MAC, 1 per bias, and 1 per element or kernel input of
                 everything else (default)
  macs           1 per MAC, nothing else
  flops          2 per MAC, nothing else
  connections    every use of a weight, a bias or a kernel input, as in
                 LeCun et al., 1998

These reproduce the numbers of a tool exactly:

  torchinfo, fvcore, ptflops, ptflops-aten, thop, calflops, torch, keras

cnncalc counts NETWORK applies all of them to one network, --between A B explains why two of them differ, and --rules
prints what each counts.

MB is 1000 x 1000 bytes and MiB is 1024 x 1024 bytes. --units binary prints MiB.
""",
    "environment": r"""Environment variables, terminals and pipes.

  NO_COLOR       no colour, unless empty
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

  0      success
  1      the answer is no: wrong or unclear answers in check, problems in
         validate, no match in list, solve, fit or memory --within, a kernel
         that does not divide its input evenly under --strict
  2      a wrong option, or a file that is unreadable or invalid
  130    interrupted (Ctrl-C, SIGINT)
  141    broken pipe: the program reading the output has ended
  143    terminated (SIGTERM); 129 if the terminal was closed (SIGHUP)

Results go to standard output, messages to standard error.
""",
    "networks": """How to specify a network.

Every NETWORK argument accepts any of these:

  vgg16                       a network of the catalogue (cnncalc list)
  mine.yaml                   a file
  mine.yaml:small             a variant of a file
  "conv 96 11x11 /4, relu"    layers in shorthand; /4 is the stride
  -                           a file on standard input

Options change it: --input 299x299x3 the input size, --set width=1.4 a param of its file, --but CONV1.kernel=7 a field
of one step, --batch 8 the batch size, --dtype fp16 the element type.

A letter instead of a number is a symbol, a whole number from 1 up: --input HxWx3, --set width=w, --batch N. Sizes and
costs are then formulas.

A LAYER is a path as in the table, or the end of a path if it is unambiguous: stage2/unit1/conv1, unit1/conv1.
A folder of layers (stage2) means all layers in it.
""",
    "options": """Options with the same meaning in every command.

  -i, --input HxWxC             input size: 299x299x3, HxWx3
  -s, --set PARAM=VALUE         set a param of the network: width=1.4
      --but STEP.FIELD=VALUE    change a field of a step: CONV1.kernel=7
  -b, --batch N                 batch size
  -d, --dtype TYPE              element type: float32, fp16, bf16, fp64, int8
      --counting NAME           FLOP counting convention (help conventions)
      --layout LAYOUT           order of sizes: channels_last, channels_first
      --sides                   include auxiliary heads
      --no-bias                 leave biases out of the parameters
      --freeze LAYER            freeze the weights of a layer or folder
      --freeze-until LAYER      freeze a layer and all that it depends on
      --until LAYER             cut the network after a layer or folder
      --deployed                merge batch norms and parallel branches into
                                convolutions, as for inference
      --strict                  exit with code 1 if a kernel does not divide
                                its input evenly
  -c, --columns A,B             show these columns; +A,-B changes the default
      --work                    show how each number is derived
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

Options can come before or after the network. Case and the difference between - and _ do not matter: --counting PTFLOPS_aten.
For an unknown word, the nearest one is suggested.

In solve, --output is the output size; use -o to write to a file.
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

A network is a name of the catalogue, a path from the sheet's folder, or a network in place. Without a layer the question is
about the whole network.

Quantities: output, params, weights, biases, buffers, macs, flops, activations, memory, receptive_field,
weight_layers, kernel, stride, pad, dilation, filters, weight_shape, multiplications, additions, peak_memory,
training_memory, model_size, and fits (true if every kernel divides its input evenly).

A plain number must match exactly. 35K or 1.43G must be right within half a unit of the last digit, ~50 within 5%, and
tolerance: 1% sets another limit. Formulas are compared as formulas.

The verdict is right, wrong or unclear; for a wrong number, check names the mistake that leads to it. --hide leaves out the correct
answers, --score adds up points, and several sheets make a gradebook. cnncalc quiz writes worksheets in this form.

Volumes are height x width x channels; layout: channels_first, on a sheet or a question, puts the channels first.
torch.Size([1, 96, 55, 55]) and (None, 55, 55, 96) are recognized in their own order. choose: [34848, 34944] makes a multiple
choice, text: asks for free text, which the teacher grades.

A class is graded by one worksheet: check --against worksheet.yaml answers/. Students give answers only, in a filled
sheet, as q1: 55x55x96, as CSV (id,answer, or student,q1,q2 for a class) or in a filled Markdown worksheet.
""",
}


def summaries() -> dict[str, str]:
    """Return the summary of each topic."""
    return {name: text.partition("\n")[0] for name, text in TOPICS.items()}
