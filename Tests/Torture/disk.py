# The near side of disk.c: compiles it, gives it orders, and performs the power cut on what its
# journal says was never flushed.
import mmap
import os
import pathlib
import random
import shutil
import struct
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
# As `enum operation` and `enum entry` of disk.c.
WRITE, SYNC, OPEN, TRUNCATE = 1, 2, 4, 8
WROTE, RESIZED, SYNCED, CREATED, LINKED, UNLINKED, RENAMED, MADE_FOLDER = range(1, 9)
HEADER = struct.Struct("<IIQQIIII")
MAGIC = 0x51444A31
CONTROL = ("armed", "operations", "error", "nth", "sticky", "seen", "failed", "lying",
           "checkpoints_only")
# What a disk writes whole or not at all.
SECTOR = 512


def compile_shim(name, folder):
    """The shared object of `<name>.c`, to be preloaded."""
    target = pathlib.Path(folder) / f"{name}.so"
    compiler = os.environ.get("CC", "cc")
    subprocess.run(
        [compiler, "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o", str(target),
         str(HERE / f"{name}.c"), "-lpthread"], check=True)
    return target


class Disk:
    """What lies between one process and the files under `folder`."""

    def __init__(self, folder, name):
        self.folder = pathlib.Path(folder)
        self._place = pathlib.Path(tempfile.mkdtemp(prefix=f"q-disk-{name}-", dir=self._beside()))
        self.journal = self._place / "journal"
        self._shim = compile_shim("disk", self._place)
        control = self._place / "control"
        control.write_bytes(bytes(4 * len(CONTROL)))
        with open(control, "r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        self.environment = {
            "LD_PRELOAD": str(self._shim), "QUINTET_DISK_FOLDER": str(self.folder),
            "QUINTET_DISK_JOURNAL": str(self.journal), "QUINTET_DISK_CONTROL": str(control)}

    def _beside(self):
        # On the same file system as the folder, since the journal keeps unlinked files by links.
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        return self.folder.parent

    def __getitem__(self, field):
        return struct.unpack_from("=I", self._map, 4 * CONTROL.index(field))[0]

    def __setitem__(self, field, value):
        struct.pack_into("=I", self._map, 4 * CONTROL.index(field), value)

    def order(self, operations, error, nth, sticky=False):
        """From now on the `nth` of these operations fails, and with `sticky` all after it."""
        self["armed"] = 0
        for field, value in (("operations", operations), ("error", error), ("nth", nth),
                             ("sticky", int(sticky)), ("seen", 0), ("failed", 0)):
            self[field] = value
        self["armed"] = 1

    def heal(self):
        self["armed"] = 0

    def cut(self, seed=None):
        """Takes back what was never flushed: all of it, or by `seed` any part of it.

        To be called when the process is gone. Returns how many bytes were taken back.
        """
        if not self.journal.exists():
            return 0
        lost = cut(read_journal(self.journal), random.Random(seed) if seed is not None else None)
        for left in self._place.glob("journal*"):
            left.unlink()
        return lost


def read_journal(path):
    """(entry, path, other, offset, size, before, after) of every whole note."""
    data = path.read_bytes()
    place = 0
    while place + HEADER.size <= len(data):
        magic, entry, offset, size, *lengths = HEADER.unpack_from(data, place)
        assert magic == MAGIC, f"the journal is broken at {place}"
        end = place + HEADER.size
        if end + sum(lengths) > len(data):
            return
        parts = []
        for length in lengths:
            parts.append(data[end:end + length])
            end += length
        yield (entry, os.fsdecode(parts[0]), os.fsdecode(parts[1]), offset, size, parts[2], parts[3])
        place = end


def cut(notes, chance):
    """Takes back the changes of content, then those of names, that no flush stands behind."""
    contents, names = {}, []
    for note in notes:
        entry, path = note[0], note[1]
        if entry == SYNCED:
            contents.pop(path, None)
            # Flushing a folder makes the names in it last.
            names = [other for other in names if os.path.dirname(other[1]) != path]
        elif entry in (WROTE, RESIZED):
            contents.setdefault(path, []).append(note)
        else:
            names.append(note)
    lost = sum(_take_back(path, changes, chance) for path, changes in contents.items()
               if os.path.exists(path))
    # Names reach the disk in order, so what is lost of them is the end.
    kept = 0 if chance is None else chance.randint(0, len(names))
    for note in reversed(names[kept:]):
        _undo_name(note)
    return lost


def _take_back(path, changes, chance):
    lost = 0
    with open(path, "r+b") as file:
        for entry, _, _, offset, size, before, after in reversed(changes):
            file.seek(offset)
            file.write(before)
            file.truncate(size)
            lost += len(after) or len(before)
        if chance is None:
            return lost
        # A disk may have written any of it, in any order, by whole sectors.
        share = chance.choice([0, 0.5, 0.9, 1])
        for entry, _, _, offset, _, _, after in changes:
            if entry == RESIZED:
                if chance.random() < share:
                    file.truncate(offset)
                continue
            at = 0
            while at < len(after):
                end = min(len(after), (offset + at) // SECTOR * SECTOR + SECTOR - offset)
                if chance.random() < share:
                    file.seek(offset + at)
                    file.write(after[at:end])
                at = end
    return lost


def _undo_name(note):
    entry, path, other = note[:3]
    if entry in (CREATED, LINKED) and os.path.exists(path):
        os.unlink(path)
    elif entry == UNLINKED and other and not os.path.exists(path):
        os.link(other, path)
    elif entry == RENAMED and os.path.exists(path):
        os.rename(path, other)
    elif entry == MADE_FOLDER:
        # With all that is in it, however well that was flushed.
        shutil.rmtree(path, ignore_errors=True)
