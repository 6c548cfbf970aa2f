"""Who is signed in, and whether a request came from one of our own pages.

A session is a value that only the server can have signed, in a cookie that scripts cannot read and that no other site's
page makes a browser send. It is not kept anywhere: it holds until it is too old, or the token is another.

The token of a form is signed too, from the session, so that one that was seen in another session is worth nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable

SESSION_S = 12 * 3600


class Keys:
    """Signs sessions and forms with a key made from the token, or, where there is none, a new one for each process."""

    def __init__(self, token: str | None, *, clock: Callable[[], float] = time.time) -> None:
        self._token = token
        self._key = hashlib.sha256(b"lapwing\0" + (token.encode() if token else secrets.token_bytes(32))).digest()
        self._clock = clock

    def is_token(self, given: str) -> bool:
        """Whether `given` is the token."""
        return self._token is not None and hmac.compare_digest(given.encode(), self._token.encode())

    def new_session(self) -> str:
        """A session that begins now."""
        value = f"{int(self._clock())}.{secrets.token_urlsafe(12)}"
        return f"{value}.{self._sign('session', value)}"

    def is_session(self, given: str) -> bool:
        """Whether `given` is a session that still holds.

        >>> keys = Keys("secret", clock=lambda: 1000.0)
        >>> keys.is_session(keys.new_session()), keys.is_session("1000.x.y"), keys.is_session("")
        (True, False, False)
        """
        value, _, signature = given.rpartition(".")
        began, _, _ = value.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign("session", value).encode()):
            return False
        return began.isdigit() and 0 <= self._clock() - int(began) <= SESSION_S

    def csrf(self, session: str | None) -> str:
        """What a form of `session` sends back."""
        return self._sign("form", session or "")

    def is_csrf(self, given: str, session: str | None) -> bool:
        """Whether `given` is what a form of `session` sends back."""
        return hmac.compare_digest(given.encode(), self.csrf(session).encode())

    def _sign(self, purpose: str, value: str) -> str:
        return hmac.new(self._key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()
