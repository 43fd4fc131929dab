"""Disks that go wrong, for the tests of faults: full ones, ones that become read-only, and an account without root's powers.

Mounts are made in a mount namespace of this process alone, so nobody else sees them and none is left behind, however the tests
end. Where that is not allowed, `can_mount` is False, and the tests that need it say so."""
import ctypes
import errno
import os
import resource
import shutil
import subprocess

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_REC, MS_PRIVATE = 1 << 14, 1 << 18
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
_libc = ctypes.CDLL(None, use_errno=True)


def _own_namespace():
    """A mount namespace for this process and its children. To be made before there are threads."""
    user, group = os.getuid(), os.getgid()
    if _libc.unshare(CLONE_NEWNS if user == 0 else CLONE_NEWNS | CLONE_NEWUSER) != 0:
        return False
    if user != 0:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as f:
                f.write(text)
    return _libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) == 0


can_mount = _own_namespace()


def without_root():
    """For preexec_fn: the modes of files count for root too, as they do for everybody else."""
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


class SmallDisk:
    """A disk of some megabytes in `folder`, which can be filled up and freed again."""

    def __init__(self, folder, megabytes, owner=None):
        self.folder, self.ballast = folder, os.path.join(folder, "ballast")
        options = f"size={megabytes}m,mode=0700" + (f",uid={owner[0]},gid={owner[1]}" if owner else "")
        os.makedirs(folder, exist_ok=True)
        if _libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, options.encode()) != 0:
            raise OSError(ctypes.get_errno(), "no tmpfs")

    def fill(self):
        with open(self.ballast, "ab", buffering=0) as f:
            piece = 1 << 20
            while piece:
                try:
                    f.write(bytes(piece))
                except OSError as e:
                    if e.errno != errno.ENOSPC:
                        raise
                    piece //= 2

    def free(self):
        os.remove(self.ballast)

    def remount(self, options):
        subprocess.run(["mount", "-o", f"remount,{options}", self.folder], check=True)

    def remove(self):
        subprocess.run(["umount", "-l", self.folder], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


class FailingDisk:
    """An ext4 disk in a file. It can do what such a disk does after an error of the hardware: become read-only while it is in use."""

    def __init__(self, folder, megabytes=32):
        self.folder, self.image = folder, folder + ".img"
        with open(self.image, "wb") as f:
            f.truncate(megabytes << 20)
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["/sbin/mkfs.ext4", "-q", self.image], check=True, capture_output=True)
        self.mount()

    def mount(self):
        subprocess.run(["mount", "-o", "loop", self.image, self.folder], check=True, capture_output=True)

    def fail(self):
        subprocess.run(["mount", "-o", "remount,abort", self.folder], check=False, capture_output=True)

    def repair(self):
        """Only when nobody uses it."""
        subprocess.run(["umount", self.folder], check=True)
        subprocess.run(["/sbin/e2fsck", "-p", self.image], check=False, capture_output=True)
        self.mount()

    def remove(self):
        subprocess.run(["umount", "-l", self.folder], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.remove(self.image)


def limit_files(pid, size):
    """No file of this process may grow beyond `size` from now on; None takes the limit away."""
    hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))
