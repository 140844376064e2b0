"""Which of several copies of a site this is: a version, a preview, or the only one."""

from msgspec import Struct


class Edition(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a build has to know of the other copies. All is empty where there is but one."""

    version: str = ""
    """The folder of this version."""
    aliases: tuple[str, ...] = ()
    """Other folders that hold this version."""
    latest: str = ""
    """The folder of the version that readers should look at."""
    outdated: bool = False
    """Whether this is an older version than that."""
    latest_url: str = ""
    """The address of that version, which search engines are told to list instead."""
    latest_pages: tuple[str, ...] | None = None
    """The pages that are there, by their addresses in the site; None: all that are here."""

    def canonical(self, url: str) -> str:
        """Return the full address of the copy of a page that counts; nothing if that is its own."""
        if not self.latest_url or (self.latest_pages is not None and url not in self.latest_pages):
            return ""
        return self.latest_url + url
