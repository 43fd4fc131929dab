#!/usr/bin/env python3
"""Runs one Python unittest module and speaks TAP: `python3 tools/pytap.py tests/flow/test_x.py [Class.test …]`.
A subtest counts as a part of its test; a failure in setUpClass or tearDownClass counts as a failed test of its own."""
import importlib.util
import os
import sys
import time
import unittest


class TapResult(unittest.TestResult):
    """Prints one line a test, as it ends."""

    def __init__(self):
        super().__init__()
        self.count, self.bad, self.began = 0, False, 0.0

    def startTest(self, test):
        super().startTest(test)
        self.bad, self.began = False, time.monotonic()

    def _line(self, ok, test, note=""):
        self.count += 1
        name = getattr(test, "description", None) or str(test).split(" ")[0] + f" ({type(test).__name__})"
        if isinstance(test, unittest.TestCase):
            name = f"{type(test).__name__}.{test.id().rsplit('.', 1)[-1]}"
        print(f"{'ok' if ok else 'not ok'} {self.count} - {name.replace('#', '')}{note}", flush=True)

    def _failed(self, test, err):
        self.bad = True
        for line in self._exc_info_to_string(err, test).rstrip().split("\n"):
            print(f"# {line}", flush=True)

    def addError(self, test, err):
        super().addError(test, err)
        self._failed(test, err)
        if not isinstance(test, unittest.TestCase):  # setUpClass, tearDownClass, setUpModule
            self._line(False, test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._failed(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            print(f"# in {subtest}", flush=True)
            self._failed(test, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.skip_reason = reason

    def stopTest(self, test):
        if reason := getattr(self, "skip_reason", None):
            self.skip_reason = None
            self._line(True, test, f" # SKIP {reason}")
        else:
            self._line(not self.bad, test)
            took = time.monotonic() - self.began
            if took > 5:
                print(f"# that took {took:.1f} s", flush=True)
        super().stopTest(test)


def main():
    path = os.path.abspath(sys.argv[1])
    sys.path[:0] = [os.path.dirname(path)]
    name = os.path.basename(path)[:-3]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    loader = unittest.defaultTestLoader
    suite = loader.loadTestsFromNames(sys.argv[2:], module) if sys.argv[2:] else loader.loadTestsFromModule(module)
    result = TapResult()
    suite.run(result)
    print(f"1..{result.count}", flush=True)
    return 0 if result.wasSuccessful() and result.count else 1


if __name__ == "__main__":
    sys.exit(main())
