"""Connections to machines that may be asked, and to no others.

Someone who runs Lapwing as a service passes it addresses that others chose, so a name is resolved once, all that it
resolves to is checked, and the very address that was checked is connected to: a name cannot change its mind in between.
This is done where connections are made, so that a redirect, a name in another spelling, or a second look at a page goes
the same way. For the same reason proxies of the environment are not used.

Every wait for a server ends by the deadline of the whole attempt, also with a server that sends a byte at a time.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Any

from lapwing.errors import FetchError

if TYPE_CHECKING:
    import ssl

    from httpcore2 import NetworkStream

METADATA_SERVICES = frozenset({IPv4Address("168.63.129.16")})
"""Machines that tell secrets of a cloud's customers at an address that looks public (Azure). The others are link-local
or private."""

NAT64 = bytes.fromhex("0064ff9b0000000000000000")

IPV4_COMPATIBLE = bytes(12)

TRIES = 3
"""Addresses of a host that are tried, where the first ones do not answer."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to a machine of the public internet, also where IPv6 wraps IPv4.

    >>> is_public("93.184.216.34"), is_public("127.0.0.1"), is_public("169.254.169.254"), is_public("::ffff:10.0.0.1")
    (True, False, False, False)
    """
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _embedded(ip)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and ip not in METADATA_SERVICES


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    return IPv4Address(ip.packed[-4:]) if ip.packed[:12] in (NAT64, IPV4_COMPATIBLE) else None


def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The IP addresses of `host`. Raises `FetchError` where it has none, or where one of them is not public."""
    import socket

    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"no such host: {host}. Is the address right, and is there a network? ({error})") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private and (private := next((a for a in addresses if not is_public(a)), None)):
        raise FetchError(f"{host} is {private}, not a public address. Pass --allow-private if you trust it.")
    return addresses


class Network:
    """What makes the connections of an attempt, as `httpcore2.NetworkBackend` has it. `deadline` is a time of
    `time.monotonic`."""

    def __init__(self, *, deadline: float, allow_private: bool) -> None:
        self._deadline = deadline
        self._allow_private = allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        """A connection to the first address of `host` that answers. Raises `FetchError` where none may be asked."""
        import httpcore2

        error: Exception | None = None
        for address in resolve(host, port, allow_private=self._allow_private)[:TRIES]:
            try:
                wait = _left(self._deadline, timeout)
                stream = httpcore2.SyncBackend().connect_tcp(address, port, wait, local_address, socket_options)
                return _Timed(stream, deadline=self._deadline)  # type: ignore[return-value]
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as failed:
                error = failed
        raise error or FetchError(f"no such host: {host}.")

    def connect_unix_socket(self, path: str, *rest: Any, **options: Any) -> NetworkStream:
        """Never: no address of the web leads to one."""
        raise FetchError(f"{path} is no machine.")

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class _Timed:
    """A connection of which every wait ends by a deadline, as `httpcore2.NetworkStream` has it."""

    def __init__(self, stream: NetworkStream, *, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> _Timed:
        wait = _left(self._deadline, timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, wait), deadline=self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    """The seconds that may be waited. Raises `httpcore2.ReadTimeout` where there are none."""
    import httpcore2

    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the deadline of the attempt")
    return left if timeout is None else min(left, timeout)
