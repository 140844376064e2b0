"""Text of a page, a style sheet or a script -> the same with fewer characters.

minify-html (https://github.com/wilsonzlin/minify-html), rcssmin and rjsmin (https://opensource.perlig.de/) do it. The
first is an extra of the package. They are imported only where something is minified. Style sheets and scripts lose
comments and white space alone: nothing is renamed or put in another order.
"""

from importlib.util import find_spec

INSTALL = 'pip install "ssg-docs[minify]"'


def installed() -> bool:
    """Say whether pages can be made smaller, too."""
    return find_spec("minify_html") is not None


def html(text: str) -> str:
    """Return a page without comments and needless white space, quotes and attributes.

    Scripts and style sheets in it stay as they are, so that a content security policy can name their hashes. Closing
    tags stay, for tools that read pages less well than browsers do.
    """
    import minify_html

    return minify_html.minify(
        text,
        keep_closing_tags=True,
        keep_html_and_head_opening_tags=True,
        minify_css=False,
        minify_js=False,
        minify_doctype=False,
    )


def css(text: str) -> str:
    """Return a style sheet without needless white space, and without comments but those with a licence, `/*! … */`."""
    import rcssmin

    return str(rcssmin.cssmin(text, keep_bang_comments=True))


def js(text: str) -> str:
    """Return a script without needless white space, and without comments but those with a licence, `/*! … */`."""
    import rjsmin

    return str(rjsmin.jsmin(text, keep_bang_comments=True))
