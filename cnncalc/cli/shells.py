"""Completion for bash, zsh and fish; loaded only when a shell asks for it.

These scripts replace those of click, which cut descriptions at commas (fish) and lose text before a colon or an equals sign. A script
passes the line up to the cursor, and receives one line per completion: its type (plain or file), the word and its description.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
from click.shell_completion import ShellComplete, add_completion_class, split_arg_string

from cnncalc.errors import SpecError, printable

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

SPECIAL = frozenset("\"'`$&|;<>()[]{}*?!#~\\ \t\n")  # characters with a special meaning in a shell

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
    """Common base of the three shells."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor, and the incomplete one."""
        line = os.environ["_CNNCALC_LINE"]
        words = split_arg_string(line)
        incomplete = words.pop() if len(words) > 1 and not line[-1:].isspace() else ""
        return words[1:], incomplete

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Return whole words, also after --option=."""
        option, equals, _ = incomplete.partition("=")
        try:
            found = super().get_completions(args, incomplete)
        except (SpecError, click.ClickException):
            return []
        if equals and option.startswith("-"):
            for item in found:
                item.value = f"{option}={item.value}"
        # A shell inserts the word unquoted: a name from an untrusted file must not become a command.
        return [item for item in found if item.type != "plain" or not SPECIAL & set(item.value)]

    def format_completion(self, item: CompletionItem) -> str:
        """Format a completion as a line for the script."""
        return f"{item.type}\t{printable(item.value)}\t{printable(item.help or '')}"


class Bash(Shell):
    """Completion for bash 4.4 and later."""

    name = "bash"
    source_template = BASH


class Zsh(Shell):
    """Completion for zsh."""

    name = "zsh"
    source_template = ZSH


class Fish(Shell):
    """Completion for fish."""

    name = "fish"
    source_template = FISH


SHELLS: dict[str, type[Shell]] = {shell.name: shell for shell in (Bash, Zsh, Fish)}
for shell in SHELLS.values():
    add_completion_class(shell)
