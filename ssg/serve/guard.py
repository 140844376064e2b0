"""Requests -> refused unless they reached this machine by a name of its own."""

import ipaddress
import socket

from tornado.web import HTTPError, RequestHandler


class Guarded(RequestHandler):
    """Answers nobody who reached this machine by a name that is not its own, as a foreign page may by its DNS.

    See https://en.wikipedia.org/wiki/DNS_rebinding.
    """

    def prepare(self) -> None:
        """Look at the name."""
        name = self.request.host_name
        if is_loopback(name):
            return
        hosts = self.settings["hosts"]
        if not hosts or (name.lower().rstrip(".") not in hosts and not is_address(name)):
            raise HTTPError(403)

    def set_default_headers(self) -> None:
        """What was shown is never shown again without asking."""
        self.set_header("Cache-Control", "no-store")


def is_loopback(host: str) -> bool:
    """Say whether a name or address is one of this machine, which no other can be reached by."""
    host = host.strip("[]").rstrip(".").lower()
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_address(host: str) -> bool:
    """Say whether this is an IP address: no DNS can make it lead elsewhere."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def own_names(host: str) -> frozenset[str]:
    """Return the names that this machine is known by to others when it listens at `host`; none on loopback alone."""
    if is_loopback(host):
        return frozenset()
    name = socket.gethostname().lower()
    return frozenset({host.lower(), name, name.partition(".")[0], f"{name.partition('.')[0]}.local"})
