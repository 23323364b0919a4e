"""Where access tokens come from: one that was given, or a sign-in, which is renewed for as long as it takes."""

import asyncio
import base64
import json
import time
from typing import Any, Final

import httpx2

from callboard_client.errors import NotSignedIn, Refused, Unreachable, refusal_of

AHEAD_SECONDS: Final = 60.0  # before its end, but not before half of its life, a token is renewed


class Session:
    """Gives access tokens. With a `token` always that one; with a name and a password it signs in when it is first asked.

    The password is kept in memory: a refresh token is good once, and the answer with the next one may be lost.
    """

    def __init__(self, http: httpx2.AsyncClient, *, token: str = "", username: str = "", password: str = "") -> None:
        if not token and not (username and password):
            raise ValueError("Give a token, or a username and a password.")
        self._http = http
        self._access = token
        self._person = {"username": username, "password": password}
        self._refresh = ""
        self._renew_at = 0.0
        self._renewing = asyncio.Lock()
        self.can_renew = not token

    async def access(self, refused: str = "") -> str:
        """A token that is good for a while; `refused` is one that the server did not take.

        Raises: NotSignedIn, Refused, Unreachable.
        """
        if not self.can_renew:
            return self._access
        async with self._renewing:
            if not self._access or self._access == refused or time.time() >= self._renew_at:
                await self._renew()
            return self._access

    async def end(self) -> None:
        """Signs out, if it has signed in; what cannot be reached ends by itself."""
        if self._refresh:
            refresh, self._refresh, self._access = self._refresh, "", ""
            await self._post("logout", {"refresh": refresh})

    async def _renew(self) -> None:
        pair = await self._refreshed() or await self._post("token", self._person)
        self._access, self._refresh = str(pair["access"]), str(pair["refresh"])
        claims = _claims(self._access)
        self._renew_at = claims["exp"] - min(AHEAD_SECONDS, (claims["exp"] - claims["iat"]) / 2)

    async def _refreshed(self) -> dict[str, Any] | None:
        if not self._refresh:
            return None
        try:
            return await self._post("token/refresh", {"refresh": self._refresh})
        except Refused:
            return None

    async def _post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        try:
            answer = await self._http.post(f"/api/auth/{path}/", json=body)
            found = answer.json() if answer.content else {}
        except (httpx2.TransportError, ValueError) as error:
            raise Unreachable(str(error)) from error
        if answer.is_error:
            raise refusal_of(answer.status_code, found)
        return dict(found)


def _claims(token: str) -> dict[str, float]:
    """Since and until when it is good, in Unix time. Not checked: that is for the server."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return {name: float(claims[name]) for name in ("iat", "exp")}
    except (IndexError, KeyError, TypeError, ValueError):
        raise NotSignedIn("The server gave a token that cannot be read.") from None
