"""When the disk below the SQLite file goes wrong: a clear answer to the one, no harm to others, and it goes on by itself."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import disks  # noqa: E402  (first: it makes the process a mount namespace of its own)
from faults import EMAIL, FaultTest, change, name_of  # noqa: E402
from harness import run_command, template  # noqa: E402

ENGINES = ("sqlite",)
NO_MOUNT = "this machine lets nobody mount"


class StartTest(unittest.TestCase):
    """A file that cannot be used is told of in one line at the start."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="faults-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        shutil.copytree(template(), self.folder, dirs_exist_ok=True)
        self.path = os.path.join(self.folder, "shop.db")

    def refused(self, *says, commands=("serve", "migrate", "verify", "config")):
        lines = {"serve": ("serve", "--listen", "127.0.0.1:0"), "migrate": ("migrate",), "verify": ("audit", "verify"),
                 "config": ("config", "set", "general/store/name", "X"), "backup": ("backup", "--out", self.folder + "/copy.db")}
        for name in commands:
            with self.subTest(name):
                r = run_command(*lines[name], "--db", f"sqlite:{self.path}", cwd=self.folder, preexec_fn=disks.without_root)
                self.assertEqual(r.returncode, 2, r.stdout + r.stderr)
                self.assertEqual(len(r.stderr.strip().split("\n")), 1, r.stderr)
                for part in says:
                    self.assertIn(part, r.stderr)

    def test_a_file_that_may_not_be_read(self):
        os.chmod(self.path, 0)
        self.refused(self.path, "Permission denied")

    def test_a_file_that_may_not_be_written(self):
        os.chmod(self.path, 0o400)
        self.refused(self.path, "Permission denied", commands=("serve", "migrate", "config"))

    def test_a_folder_that_may_not_be_written(self):
        os.chmod(self.folder, 0o500)
        self.refused(self.folder, "Permission denied", commands=("serve", "migrate", "config", "backup"))

    def test_a_folder_that_may_not_be_entered(self):
        inner = os.path.join(self.folder, "inner")
        os.mkdir(inner)
        shutil.copy(self.path, inner)
        self.path = os.path.join(inner, "shop.db")
        os.chmod(inner, 0)
        self.refused(self.path, "Permission denied")
        os.chmod(inner, 0o700)

    @unittest.skipUnless(disks.can_mount, NO_MOUNT)
    def test_a_read_only_disk(self):
        disk = disks.SmallDisk(os.path.join(self.folder, "disk"), 32)
        self.addCleanup(disk.remove)
        shutil.copy(self.path, disk.folder)
        self.path = os.path.join(disk.folder, "shop.db")
        disk.remount("ro")
        self.refused(self.path, "Read-only file system", commands=("serve", "migrate", "config"))

    @unittest.skipUnless(disks.can_mount, NO_MOUNT)
    def test_a_full_disk(self):
        disk = disks.SmallDisk(os.path.join(self.folder, "disk"), 32)
        self.addCleanup(disk.remove)
        shutil.copy(self.path, disk.folder)
        self.path = os.path.join(disk.folder, "shop.db")
        disk.fill()
        self.refused("No space left on device", commands=("serve", "config"))
        disk.free()
        r = run_command("audit", "verify", "--db", f"sqlite:{self.path}")
        self.assertEqual(r.returncode, 0, r.stdout + r.stderr)

    @unittest.skipUnless(disks.can_mount, NO_MOUNT)
    def test_a_disk_too_small_for_the_demo_or_a_backup(self):
        disk = disks.SmallDisk(os.path.join(self.folder, "disk"), 1)
        self.addCleanup(disk.remove)
        for command in (("demo", "--db", f"sqlite:{disk.folder}/demo.db"),
                        ("backup", "--db", f"sqlite:{self.path}", "--out", f"{disk.folder}/copy.db")):
            r = run_command(*command, cwd=self.folder)
            self.assertEqual(r.returncode, 2, r.stdout + r.stderr)
            self.assertEqual(len(r.stderr.strip().split("\n")), 1, r.stderr)
            self.assertRegex(r.stderr, "disk is full|No space left")
        self.assertFalse(os.path.exists(f"{disk.folder}/copy.db"), "half a backup is left behind")


class FullTest(FaultTest):
    """A running shop whose disk takes no more bytes: it is read as before, and what cannot be saved is refused."""

    def refuses_and_recovers(self, server, full, empty, *words):
        reader = server.customer(EMAIL)
        with self.writing(server) as writers:
            self.goes_on(writers)
            full()
            self.are_refused(writers)
            for path in ("/", "/customer/account", "/search?q=the", "/healthz"):
                self.assertEqual(reader.get(path).status, 200, path)
            before = name_of(server, EMAIL)
            self.refused_clearly(change(reader, "Refused"))
            self.assertEqual(name_of(server, EMAIL), before)
            self.told(server, "failing", "writing", *words)
            empty()
            self.goes_on(writers)
            self.told_well(server, "writing")
        server.stop()
        self.whole(server)

    @unittest.skipUnless(disks.can_mount, NO_MOUNT)
    def test_a_full_disk(self):
        disk = disks.SmallDisk(tempfile.mkdtemp(prefix="faults-test-"), 48)
        self.addCleanup(disk.remove)
        server = self.serve(folder=os.path.join(disk.folder, "shop"))
        self.refuses_and_recovers(server, disk.fill, disk.free, "database or disk is full")

    def test_a_limit_on_the_size_of_files(self):
        server = self.serve()
        self.refuses_and_recovers(server, lambda: disks.limit_files(server.process.pid, 4096),
                                  lambda: disks.limit_files(server.process.pid, None), "File too large")

    @unittest.skipUnless(disks.can_mount, NO_MOUNT)
    def test_stopping_and_starting_on_a_full_disk(self):
        """The stop is clean although the record cannot be sealed; nothing that was acknowledged is gone."""
        disk = disks.SmallDisk(tempfile.mkdtemp(prefix="faults-test-"), 48)
        self.addCleanup(disk.remove)
        server = self.serve(folder=os.path.join(disk.folder, "shop"))
        self.assertEqual(change(server.customer(EMAIL), "Saved").status, 303)
        disk.fill()
        server.stop()
        disk.free()
        server.start()
        self.assertEqual(name_of(server, EMAIL), "Saved")
        self.assertEqual(change(server.customer(EMAIL), "Again").status, 303)
        server.stop()


class ReadOnlyTest(FaultTest):
    """A disk that becomes read-only while the shop runs, as after an error of the hardware."""

    def setUp(self):
        if not disks.can_mount:
            self.skipTest(NO_MOUNT)
        try:
            self.disk = disks.FailingDisk(tempfile.mkdtemp(prefix="faults-test-"))
        except (OSError, subprocess.CalledProcessError):
            self.skipTest("this machine has no loop devices")
        self.addCleanup(self.disk.remove)

    def test_what_was_acknowledged_is_there_after_the_repair(self):
        server = self.serve(folder=os.path.join(self.disk.folder, "shop"))
        server.verify_at_stop = False  # not before the disk is repaired
        reader = server.customer(EMAIL)
        with self.writing(server) as writers:
            self.goes_on(writers)
            with self.at_rest(writers):  # while it aborts, ext4 may say of a flush that it is done, and it is not
                self.disk.fail()
            self.are_refused(writers)
            self.refused_clearly(change(reader, "Refused"))
            for path in ("/", "/healthz"):
                self.assertEqual(reader.get(path).status, 200, path)
            self.told(server, "failing", "writing", "disk I/O error")
        server.stop()
        self.disk.repair()
        server.verify_at_stop = True
        server.start()
        for w in writers:
            self.assertIn(name_of(server, w.email), w.possible)
        self.assertEqual(change(server.customer(EMAIL), "Again").status, 303)
        server.stop()


if __name__ == "__main__":
    unittest.main()
