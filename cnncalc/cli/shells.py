"""Completion in bash, zsh and fish: the scripts, and what they are answered; loaded only when a shell asks.

The scripts are our own: those of click cut descriptions at commas (fish) and lose what is ahead of a colon or an equals sign. A script
hands over the line up to the cursor, and gets a line for each completion: its type (plain or file), the word, its description.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
from click.shell_completion import ShellComplete, add_completion_class, split_arg_string

from cnncalc.errors import SpecError, printable

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

SPECIAL = frozenset("\"'`$&|;<>()[]{}*?!#~\\ \t\n")  # what means something to a shell

BASH = """\
%(complete_func)s() {
    local line="${COMP_LINE:0:COMP_POINT}" breaks="${COMP_WORDBREAKS//[^:=]/}" type word help
    local typed="${line##*[[:space:]]}"
    local head=""
    if [[ -n $breaks && $typed == *[$breaks]* ]]; then head="${typed%%"${typed##*[$breaks]}"}"; fi
    COMPREPLY=()
    while IFS=$'\\t' read -r type word help; do
        if [[ $type == file ]]; then
            compopt -o default
        else
            COMPREPLY+=("${word#"$head"}")
            if [[ $word == *[=./:,] ]]; then compopt -o nospace; fi
        fi
    done < <(%(complete_var)s=bash_complete _CNNCALC_LINE="$line" "$1")
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""
ZSH = """\
#compdef %(prog_name)s
%(complete_func)s() {
    local -a whole open
    local type word help
    (( $+commands[%(prog_name)s] )) || return 1
    while IFS=$'\\t' read -r type word help; do
        if [[ $type == file ]]; then
            _files
        elif [[ $word == *[=./:,] ]]; then
            open+=("${word//:/\\\\:}${help:+:$help}")
        else
            whole+=("${word//:/\\\\:}${help:+:$help}")
        fi
    done < <(%(complete_var)s=zsh_complete _CNNCALC_LINE="${(j: :)words[1,CURRENT]}" %(prog_name)s)
    (( $#whole )) && _describe -V '%(prog_name)s' whole
    (( $#open )) && _describe -V '%(prog_name)s' open -S ''
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""
FISH = """\
function %(complete_func)s
    set -l line (commandline -cp)
    for reply in (env %(complete_var)s=fish_complete _CNNCALC_LINE="$line" %(prog_name)s)
        set -l part (string split -m 2 \\t -- $reply)
        if test $part[1] = file
            __fish_complete_path $part[2]
        else
            printf '%%s\\t%%s\\n' $part[2] $part[3]
        end
    end
end
complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class Shell(ShellComplete):
    """What the three have in common."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the cursor, and the one at it."""
        line = os.environ["_CNNCALC_LINE"]
        words = split_arg_string(line)
        incomplete = words.pop() if len(words) > 1 and not line[-1:].isspace() else ""
        return words[1:], incomplete

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Whole words, also behind an option and its equals sign."""
        option, equals, _ = incomplete.partition("=")
        try:
            found = super().get_completions(args, incomplete)
        except (SpecError, click.ClickException):
            return []
        if equals and option.startswith("-"):
            for item in found:
                item.value = f"{option}={item.value}"
        # A shell puts the word into the command line as it is: a name from a stranger's file must not be a command there.
        return [item for item in found if item.type != "plain" or not SPECIAL & set(item.value)]

    def format_completion(self, item: CompletionItem) -> str:
        """A line of the answer."""
        return f"{item.type}\t{printable(item.value)}\t{printable(item.help or '')}"


class Bash(Shell):
    """For bash 4.4 and later."""

    name = "bash"
    source_template = BASH


class Zsh(Shell):
    """For zsh."""

    name = "zsh"
    source_template = ZSH


class Fish(Shell):
    """For fish."""

    name = "fish"
    source_template = FISH


SHELLS: dict[str, type[Shell]] = {shell.name: shell for shell in (Bash, Zsh, Fish)}
for shell in SHELLS.values():
    add_completion_class(shell)
