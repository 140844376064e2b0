"""The dev server: a project folder -> its site in the browser, which is made again as files are saved."""

from ssg.serve.start import Wishes, serve

__all__ = ["Wishes", "serve"]
