# A second opinion on audit logs, written from RFC 6962, RFC 9162 and C2SP's signed-note and
# tlog-checkpoint alone: it shares nothing with the program that it checks.
import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def leaf(content):
    return hashlib.sha256(b"\x00" + content).digest()


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(count):
    """The largest power of two below count."""
    return 1 << (count - 1).bit_length() - 1


def root(leaves):
    """RFC 6962, 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = split(len(leaves))
    return node(root(leaves[:middle]), root(leaves[middle:]))


def included(proof, leaf_hash, index, size, root_hash):
    """RFC 9162, 2.1.3.2."""
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf_hash
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root_hash


def consistent(proof, first, first_root, second, second_root):
    """RFC 9162, 2.1.4.2."""
    if first == second:
        return not proof and first_root == second_root
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root


class Key:
    """A verifier key, `name+hash+key`."""

    def __init__(self, line):
        self.name, identifier, key = line.strip().split("+", 2)
        raw = base64.b64decode(key, validate=True)
        assert raw[0] == 1 and len(raw) == 33, line
        self.identifier = hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4]
        assert self.identifier.hex() == identifier, line
        self.public = Ed25519PublicKey.from_public_bytes(raw[1:])


def checkpoint(note, key):
    """The size and root that a signed checkpoint of the key's log tells."""
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    signed = False
    for line in signatures.splitlines():
        dash, name, signature = line.split(" ")
        raw = base64.b64decode(signature, validate=True)
        assert dash == "\u2014", line
        if name == key.name and raw[:4] == key.identifier:
            try:
                key.public.verify(raw[4:], text.encode())
            except InvalidSignature:
                raise AssertionError(f"bad signature on {note}") from None
            signed = True
    assert signed, f"not signed by {key.name}: {note}"
    origin, size, root_hash = text.splitlines()
    assert origin == key.name
    return int(size), base64.b64decode(root_hash, validate=True)
