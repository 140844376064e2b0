"""What templates may do with values besides what Jinja can: filters that know the page's place and language."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from markupsafe import Markup

from ssg.language import Language, written_date
from ssg.markdown.marks import TAGS_PLACE
from ssg.model import NavItem
from ssg.urls import ELSEWHERE, Start, relative

_PERMALINK = '<a class="headerlink" '
_QUIET = '<a class="headerlink" aria-hidden="true" tabindex="-1" '


def link(url: str, start: str | None, base_url: str) -> str:
    """Return an address as it is written in a page; `url` is relative to the site's root, or leads elsewhere.

    `start` is the page's own address. Without one, `base_url` is where the site's root is on its host.
    """
    if ELSEWHERE.match(url):
        return url
    return relative(url, start) if start is not None else f"{base_url.rstrip('/')}/{url.removeprefix('./')}"


def filters(language: Language, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the filters that templates may use besides Jinja's own; `url` and `script_tag` are MkDocs's.

    `names` are those that files have instead of the ones that templates write.
    """
    from jinja2 import pass_context

    @pass_context
    def url(context: Any, value: Any) -> str:
        start: Start | None = context.parent["start"]  # as `context[...]`, which takes twice as long
        if start is not None and type(value) is str:
            return start.to(names.get(value, value))
        value = str(value["path"] if isinstance(value, dict) else value)  # an item of config.extra_javascript
        return link(names.get(value, value), context["start_url"], context["base_url"])

    @pass_context
    def links(context: Any, items: Iterable[NavItem]) -> list[tuple[NavItem, str]]:
        """Return each item with its address on this page, which is empty for those that are more than a line.

        Nearly all lines of navigation are pages of which there is nothing else to say: a page has up to 60 of these.
        """
        start: Start | None = context.parent["start"]
        way = partial(link, start=None, base_url=context["base_url"]) if start is None else start.to
        return [(item, "" if item.is_section or item.active or item.status else way(item.url)) for item in items]

    @pass_context
    def script_tag(context: Any, script: Any) -> Markup:
        kind = Markup(' type="{}"').format(script["type"]) if script.get("type") else ""
        flags = Markup("").join(Markup(f" {name}") for name in ("defer", "async") if script.get(name))  # noqa: S704
        return Markup('<script src="{}"{}{}></script>').format(url(context, script["path"]), kind, flags)

    @pass_context  # so that Jinja does not build a date in this language into the code of a template
    def date(context: Any, value: Any) -> str:
        return written_date(value, language.words, language.months)

    def quiet(content: Markup) -> Markup:
        """Keep permalinks out of the names of headings; the theme's script gives them names of their own."""
        return Markup(str.replace(content, _PERMALINK, _QUIET))  # noqa: S704 - the page's own HTML

    def css_text(value: Any) -> Markup:
        """Return a text as one of a style sheet: https://www.w3.org/TR/css-syntax-3/#consume-string-token."""
        signs = (sign if sign.isalnum() or sign in " .,-" else f"\\{ord(sign):x} " for sign in str(value))
        return Markup(f'"{"".join(signs)}"')  # noqa: S704 - only letters, digits and escapes

    def with_tags(content: Markup, listing: str) -> Markup:
        """Put the list of tags where a page says that it is to be, or below its text."""
        place = TAGS_PLACE.search(content)
        start, end = place.span() if place else (len(content), len(content))
        return content[:start] + listing + content[end:]

    return {
        "with_tags": with_tags,
        "url": url,
        "links": links,
        "script_tag": script_tag,
        "date": date,
        "quiet": quiet,
        "css_text": css_text,
    }
