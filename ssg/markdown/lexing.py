"""Code -> tokens, as Pygments does it, less the rules that cannot match.

A lexer of Pygments tries the regular expressions of its state one after the other at each place of the text, and most
of them fail at the first character. Which characters a regular expression can begin with is read off it, so that only
those are tried that have a chance: the same tokens in the same order.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from pygments.lexer import DelegatingLexer, ExtendedRegexLexer, Lexer, LexerContext, RegexLexer
from pygments.lexers.shell import ShellSessionBaseLexer
from pygments.token import Error, Text, Whitespace, _TokenType

from ssg.markdown.regex import begins

_WORTH = 100
"""To read regular expressions takes a while: not before a state has been asked for its rules so often."""


class _State(dict[str, tuple[Any, ...]]):
    """The rules of a state by the next character, found out when it is met."""

    def __init__(self, rules: list[Any]) -> None:
        super().__init__()
        self._asked = 0
        self._rules = tuple([_rule(*rule) for rule in rules])

    def __missing__(self, character: str) -> tuple[Any, ...]:
        self._asked += 1
        if character > "\x7f" or self._asked < _WORTH:  # of characters beyond ASCII there are too many
            return self._rules
        found = tuple(rule for rule in self._rules if _may_match(rule[0], character))
        self[character] = found
        return found


def _rule(match: Any, action: Any, new: Any) -> tuple[Any, _TokenType | None, Any, Any]:
    """Return a rule with its type of token and its callback, of which it has one or none, told apart."""
    return (match, action, None, new) if type(action) is _TokenType else (match, None, action, new)


def _may_match(match: Any, character: str) -> bool:
    pattern = getattr(match, "__self__", None)
    return not isinstance(pattern, re.Pattern) or begins(pattern, character)


_states: dict[int, tuple[Any, dict[str, _State]]] = {}


def _states_of(definitions: Any) -> dict[str, _State]:
    """Return the states of a lexer; those of one class are shared."""
    found = _states.get(id(definitions))
    if found is None:  # with the definitions, so that no others come to have their id
        states = {name: _State(rules) for name, rules in definitions.items()}
        found = _states[id(definitions)] = (definitions, states)
    return found[1]


class _QuickRegexLexer(RegexLexer):
    """Stands between a lexer and `RegexLexer`, and does its work."""

    _tokens: Any

    def get_tokens_unprocessed(
        self, text: str, stack: Iterable[str] = ("root",)
    ) -> Iterator[tuple[int, _TokenType, str]]:
        """Yield the tokens of a text with their places."""
        states = _states_of(self._tokens)
        names = list(stack)
        state = states[names[-1]]
        position, end = 0, len(text)
        while True:
            for match, kind, action, new in state[text[position] if position < end else ""]:
                found = match(text, position)
                if not found:
                    continue
                if kind is not None:
                    yield position, kind, found[0]
                elif action is not None:
                    yield from action(self, found)
                position = found.end()
                if new is not None:
                    _change(names, new)
                    state = states[names[-1]]
                break
            else:
                if position >= end:
                    return
                if text[position] == "\n":  # a line that no rule is for ends all states
                    names = ["root"]
                    state = states["root"]
                    yield position, Whitespace, "\n"
                else:
                    yield position, Error, text[position]
                position += 1


class _QuickExtendedRegexLexer(ExtendedRegexLexer):
    """Likewise for `ExtendedRegexLexer`."""

    _tokens: Any

    def get_tokens_unprocessed(  # type: ignore[override]
        self, text: str | None = None, context: LexerContext | None = None
    ) -> Iterator[tuple[int, _TokenType, str]]:
        """Yield the tokens of a text with their places, or of the text in a context."""
        states = _states_of(self._tokens)
        at: Any = context or LexerContext(text, 0)
        state = states[at.stack[-1]]
        text = at.text
        while True:
            for match, kind, action, new in state[text[at.pos] if at.pos < at.end else ""]:
                found = match(text, at.pos, at.end)
                if not found:
                    continue
                if kind is not None:
                    yield at.pos, kind, found[0]
                    at.pos = found.end()
                elif action is not None:
                    yield from action(self, found, at)
                    if not new:
                        state = states[at.stack[-1]]
                if new is not None:
                    _change(at.stack, new)
                    state = states[at.stack[-1]]
                break
            else:
                if at.pos >= at.end:
                    return
                if text[at.pos] == "\n":
                    at.stack = ["root"]
                    state = states["root"]
                    yield at.pos, Text, "\n"
                else:
                    yield at.pos, Error, text[at.pos]
                at.pos += 1


def accelerate(lexer: Lexer) -> Lexer:
    """Make a lexer faster if it is of a kind that is known, and return it."""
    quick = _quick(type(lexer))
    if quick is not None:
        lexer.__class__ = quick
    elif isinstance(lexer, DelegatingLexer):
        accelerate(lexer.root_lexer)
        accelerate(lexer.language_lexer)
    elif isinstance(lexer, ShellSessionBaseLexer):
        session: Any = lexer
        inner = accelerate(session._innerLexerCls(**lexer.options))
        session._innerLexerCls = lambda **options: inner
    return lexer


@cache
def _quick(kind: Any) -> Any:
    """Return a class like this one, whose `super()` is one of those above; None if there can be none."""
    if not issubclass(kind, RegexLexer):
        return None
    base = _QuickExtendedRegexLexer if issubclass(kind, ExtendedRegexLexer) else _QuickRegexLexer
    try:
        return type(kind)(kind.__name__, (kind, base), {})
    except TypeError:  # its bases have another order
        return None


def _change(names: list[str], new: Any) -> None:
    """Go over to another state, as a rule says: a number of states to leave, or names of those to enter."""
    if isinstance(new, tuple):
        for name in new:
            if name == "#pop":
                if len(names) > 1:
                    names.pop()
            else:
                names.append(names[-1] if name == "#push" else name)
    elif isinstance(new, int):
        if -new >= len(names):  # the first state stays
            del names[1:]
        else:
            del names[new:]
    else:
        names.append(names[-1])
