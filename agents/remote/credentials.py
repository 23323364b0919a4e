"""What it takes to sign in at a remote agent: a bearer token from the environment, or one in its row, encrypted.

The key is derived from SECRET_KEY. Tokens are read where they are used, and stand in no log, error, page or event.
"""

import base64
import os
from fnmatch import fnmatch

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

from agents.contract import AgentError
from agents.remote.config import read_config

TOKEN_CHARACTERS = 4_096


class CredentialMissing(AgentError):
    """The credential of the agent is missing."""


def encrypted(token: str) -> str:
    """The token as it may stand in the database; "" for none."""
    return _fernet().encrypt(token.encode()).decode() if token else ""


def bearer(*, bearer_env: str, credential: str) -> str:
    """The token of an agent whose row has these columns; "" when it needs none.

    Raises: CredentialMissing.
    """
    if bearer_env:
        token = os.environ.get(bearer_env, "").strip()
        if not is_token(token):
            raise CredentialMissing(f"The environment variable {bearer_env} holds no token.")
        return token
    try:
        return _fernet().decrypt(credential.encode()).decode() if credential else ""
    except InvalidToken:
        raise CredentialMissing(
            "The credential was encrypted with another SECRET_KEY. Register the agent again."
        ) from None


def is_token(text: str) -> bool:
    """Whether it can stand in a header."""
    return 0 < len(text) <= TOKEN_CHARACTERS and text.isascii() and text.isprintable() and " " not in text


def may_be_named(bearer_env: str) -> bool:
    """Whether somebody who is not at the server's shell may have this variable sent to an agent of their choice."""
    return any(fnmatch(bearer_env, pattern) for pattern in read_config().bearer_envs)


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"callboard: credentials of remote agents")
    return base64.urlsafe_b64encode(derive.derive(force_bytes(secret)))
