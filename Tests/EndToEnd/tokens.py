# Tokens as somebody else's library makes them, from the keys that `quintet keys new` made.
import json
import time
import uuid

import grpc
import jwt
from jwt.algorithms import OKPAlgorithm

# What the stories play. Not the auditor, who changes nothing.
ROLES = ["call-taker", "dispatcher", "shift-leader", "station", "officer", "analyst",
         "opinion-editor", "supervisor", "operator", "volunteer", "member"]
LIFETIME = 900


class Tokens:
    """Signs with the issuer's key of one keys folder, read anew each time."""

    def __init__(self, keys_dir):
        self.keys_dir = keys_dir
        self._known = {}
        # Seconds by which tokens and shifts begin earlier, for suites whose clock is behind.
        self.early = 0

    def key(self, owner="issuer"):
        """Key id and private key."""
        jwk = json.loads((self.keys_dir / "private" / f"{owner}.jwk").read_text())
        return jwk["kid"], OKPAlgorithm.from_jwk(jwk)

    def claims(self, subject="person/zhang.wei", **changes):
        """Those of somebody who may do everything; a claim of None is left out."""
        now = int(time.time())
        claims = {
            "iss": "quintet", "sub": subject, "aud": "quintet", "iat": now - self.early,
            "nbf": now - self.early, "exp": now + LIFETIME, "jti": str(uuid.uuid4()),
            "roles": ROLES, "areas": ["*"], "duty_from": now - self.early - 1,
            "duty_until": now + LIFETIME, "call_rate": 100_000, **changes}
        return {name: value for name, value in claims.items() if value is not None}

    def sign(self, claims, owner="issuer", headers=None):
        kid, key = self.key(owner)
        return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": kid, **(headers or {})})

    def of(self, subject="person/zhang.wei"):
        """A token that is good for some minutes."""
        token, until = self._known.get(subject, (None, 0))
        if time.time() > until:
            token = self.sign(self.claims(subject))
            self._known[subject] = (token, time.time() + LIFETIME / 2)
        return token

    def metadata(self, subject="person/zhang.wei"):
        return (("authorization", f"Bearer {self.of(subject)}"),)


class Bearer(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor,
             grpc.StreamUnaryClientInterceptor, grpc.StreamStreamClientInterceptor):
    """Sends a token with every call that has none."""

    def __init__(self, tokens, subject):
        self.tokens, self.subject = tokens, subject

    def _add(self, continuation, details, request):
        metadata = list(details.metadata or [])
        if not any(key == "authorization" for key, _ in metadata):
            metadata += self.tokens.metadata(self.subject)
        return continuation(_Details(details, metadata), request)

    intercept_unary_unary = intercept_unary_stream = _add
    intercept_stream_unary = intercept_stream_stream = _add


class _Details(grpc.ClientCallDetails):
    def __init__(self, details, metadata):
        for name in ("method", "timeout", "credentials", "wait_for_ready", "compression"):
            setattr(self, name, getattr(details, name, None))
        self.metadata = metadata
