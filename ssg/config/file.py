"""From the path of a configuration file to one tree of nodes: its own, merged into those that it inherits."""

import os
from pathlib import Path

from ssg import yamlfile
from ssg.config.decode import is_core, is_null
from ssg.config.problems import described, nearest, yaml_problem
from ssg.config.tags import with_environment
from ssg.errors import ConfigError
from ssg.yamlfile import Scalar, YamlError, parse

FILE_NAMES = ("ssg.yml", "ssg.yaml", "mkdocs.yml", "mkdocs.yaml")
"""Names of configuration files, in the order in which they are looked for."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def find(cwd: Path) -> Path:
    """The configuration file of a folder.

    Raises:
        ConfigError: There is none.
    """
    for name in FILE_NAMES:
        # A folder of that name is not skipped: to say so is better than to say that there is nothing.
        if _exists(cwd / name):
            return cwd / name
    raise ConfigError(
        "there is no `ssg.yml` or `mkdocs.yml` in this folder",
        hint="`ssg new` makes one; with `-f` another file can be named",
    )


def _exists(file: Path) -> bool:
    try:
        return file.exists()
    except (OSError, ValueError):  # a name that is too long, a folder that may not be read
        return False


def relative(file: Path, root: Path) -> str:
    """The path of a file from a folder, with forward slashes; as it is where no path leads there (other drives)."""
    try:
        return Path(os.path.relpath(file, root)).as_posix()
    except ValueError:
        return file.as_posix()


def read_tree(file: Path, root: Path) -> tuple[yamlfile.Mapping, tuple[Path, ...]]:
    """The tree of a file, with what it inherits, and the files that it inherits from.

    Args:
        file: The configuration file.
        root: The project folder, from which paths in messages start.

    Raises:
        ConfigError: A file cannot be read, is not YAML, or is not a mapping.
    """
    return _read(file, root, ())


def _read(file: Path, root: Path, children: tuple[Path, ...]) -> tuple[yamlfile.Mapping, tuple[Path, ...]]:
    path = relative(file, root)
    try:
        node = with_environment(parse(read_text(file, path), path=path), os.environ)
    except YamlError as error:
        raise yaml_problem(error, path) from None
    if is_null(node):
        raise ConfigError("the configuration is empty", path=path, hint="start with a line `site_name: My site`")
    if not isinstance(node, yamlfile.Mapping) or not is_core(node):
        raise yaml_problem(
            node.error(f"the configuration should be a mapping, but is {described(node)}", "write `key: value` lines"),
            path,
        )
    parent = node.entries.pop("INHERIT", (None, None))[1]
    if parent is None or is_null(parent):
        return node, ()
    if not isinstance(parent, Scalar):
        raise yaml_problem(parent.error(f"`INHERIT` should be a path, but is {described(parent)}"), path)
    parent_file = Path(os.path.normpath(file.parent / parent.text))
    family = (*children, file)
    if parent_file in family:
        raise yaml_problem(parent.error("`INHERIT` leads back to a file that inherits from it"), path)
    if not _exists(parent_file):
        known = [item.name for item in parent_file.parent.glob("*.y*ml") if item not in family]
        hint = nearest(parent_file.name, known) or f"the path is relative to the folder of `{path}`"
        raise yaml_problem(parent.error(f"there is no `{parent.text}` to inherit from", hint), path)
    base, inherited = _read(parent_file, root, family)
    return _merged(base, node), (parent_file, *inherited)


def _merged(base: yamlfile.Mapping, own: yamlfile.Mapping) -> yamlfile.Mapping:
    """Both mappings in one: mappings are merged as deep as they go; of all else, `own` wins as a whole."""
    entries = dict(base.entries)
    for name, (key, value) in own.entries.items():
        below = base.get(name)
        if isinstance(below, yamlfile.Mapping) and isinstance(value, yamlfile.Mapping):
            entries[name] = key, _merged(below, value)
        else:
            entries[name] = key, value
    return yamlfile.Mapping(entries=entries, tag=own.tag, line=own.line, column=own.column, origin=own.origin)


def read_text(file: Path, path: str) -> str:
    """The text of a configuration file.

    Args:
        file: The file.
        path: Its path for messages.

    Raises:
        ConfigError: It does not exist, is a folder, may not be read, or is not UTF-8.
    """
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise ConfigError(
            f"the configuration file `{path}` does not exist", path=path, hint="`ssg new` makes a new project"
        ) from None
    except (IsADirectoryError, PermissionError) as error:
        if file.is_dir():  # Windows says that it may not be read
            message, hint = f"`{path}` is a folder, not a configuration file", f"name a file in it: `{path}/ssg.yml`"
        else:
            message, hint = f"`{path}` may not be read ({error.strerror})", "check its permissions"
        raise ConfigError(message, path=path, hint=hint) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"`{path}` cannot be read ({reason})", path=path) from None
    if data.startswith(_UTF16):
        raise ConfigError(f"`{path}` is encoded in UTF-16", path=path, hint="save it as UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        start = data.rfind(b"\n", 0, error.start) + 1
        end = data.find(b"\n", error.start)
        raise ConfigError(
            f"`{path}` is not encoded in UTF-8: the byte {data[error.start]:#04x} is not a part of any character",
            path=path,
            line=data.count(b"\n", 0, error.start) + 1,
            column=len(data[start : error.start].decode("utf-8", "replace")) + 1,
            source=data[start : end if end >= 0 else None].decode("utf-8", "replace").rstrip("\r"),
            hint="save it as UTF-8",
        ) from None
