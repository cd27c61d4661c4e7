# A terminal written by a stranger: the frames as Proto/quintet/terminal/v1 has them, on a plain socket.
import socket
import struct

from quintet.terminal.v1 import terminal_pb2 as terminal


class Line:
    """One connection to the terminal port."""

    def __init__(self, path=None, address=None, wrap=None):
        if path:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(str(path))
        else:
            self.socket = socket.create_connection(address)
        if wrap:
            self.socket = wrap(self.socket)
        self.socket.settimeout(30)

    def send(self, **frame):
        content = terminal.TerminalFrame(**frame).SerializeToString()
        self.socket.sendall(struct.pack(">I", len(content)) + content)

    def hello(self, code, token, version=1):
        self.send(hello=terminal.Hello(terminal_code=code, token=token, protocol_version=version))
        return self.next()

    def _read(self, size):
        data = b""
        while len(data) < size:
            piece = self.socket.recv(size - len(data))
            if not piece:
                return None
            data += piece
        return data

    def next(self):
        """The next frame; None at the end of the connection."""
        head = self._read(4)
        if head is None:
            return None
        return terminal.ServerFrame.FromString(self._read(struct.unpack(">I", head)[0]))

    def rest(self):
        """All that comes until the end of the connection, as it is."""
        data = b""
        try:
            while piece := self.socket.recv(4096):
                data += piece
        except ConnectionError:
            pass
        return data

    def close(self):
        self.socket.close()
