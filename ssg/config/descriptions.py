"""From the source of the settings to the text under each field."""

from functools import cache

from msgspec import Struct

from ssg.config import settings


@cache
def _all() -> dict[str, dict[str, str]]:
    import ast  # only for the schema and the reference: a build does not wait for these
    import inspect

    found: dict[str, dict[str, str]] = {}
    for statement in ast.parse(inspect.getsource(settings)).body:
        if isinstance(statement, ast.ClassDef):
            fields = found[statement.name] = {}
            for field, text in zip(statement.body, statement.body[1:], strict=False):
                if (
                    isinstance(field, ast.AnnAssign)
                    and isinstance(field.target, ast.Name)
                    and isinstance(text, ast.Expr)
                    and isinstance(text.value, ast.Constant)
                ):
                    fields[field.target.id] = inspect.cleandoc(str(text.value.value))
    return found


def describe(struct: type[Struct]) -> dict[str, str]:
    """The description of each field of a struct of `ssg.config.settings`, by the field's name."""
    return _all()[struct.__name__]
