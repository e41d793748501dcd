"""The session of a user: its tokens, and where they are kept."""

from time import time
from typing import Any, Protocol

import attrs

from ._generated.models import Identity, TokenResponse

# An access token is replaced so many seconds before it expires, and a short one after three quarters of its time.
MARGIN = 30.0


@attrs.frozen
class Session:
    """A session, which its `repr` shows without tokens."""

    user: Identity
    #: When the access token expires, in seconds since 1970.
    expires_at: float
    #: When the client replaces the access token.
    refresh_at: float
    access_token: str = attrs.field(repr=False)
    refresh_token: str = attrs.field(repr=False)

    @classmethod
    def from_tokens(cls, tokens: TokenResponse) -> "Session":
        """Returns the session that a log-in or a refresh opened just now."""
        now = time()
        return cls(
            user=tokens.user,
            expires_at=now + tokens.expires_in,
            refresh_at=now + tokens.expires_in - min(MARGIN, tokens.expires_in / 4),
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
        )

    def to_dict(self) -> dict[str, Any]:
        """Returns the session with its tokens, for a store."""
        return {
            "user": self.user.to_dict(),
            "expires_at": self.expires_at,
            "refresh_at": self.refresh_at,
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
        }

    @classmethod
    def from_dict(cls, members: dict[str, Any]) -> "Session":
        """Returns the session that `to_dict` wrote."""
        return cls(
            user=Identity.from_dict(members["user"]),
            expires_at=members["expires_at"],
            refresh_at=members["refresh_at"],
            access_token=members["access_token"],
            refresh_token=members["refresh_token"],
        )


class SessionStore(Protocol):
    """Keeps a session. A refresh token works once, so no two clients may share a store."""

    def load(self) -> Session | None:
        """Returns the session; called once, when the client is made."""
        ...

    def save(self, session: Session | None) -> None:
        """Stores the session before its tokens are used; `None` after a log-out."""
        ...


class MemorySessionStore:
    """Keeps the session as long as the object exists."""

    def __init__(self, session: Session | None = None) -> None:
        self.session = session

    def load(self) -> Session | None:
        """Returns the session."""
        return self.session

    def save(self, session: Session | None) -> None:
        """Stores the session."""
        self.session = session
