"""Which SQL statements the tests ran: every server and command appends their names to a file at its end (COUNTERSIGN_STATEMENTS).
A whole `make test` fails when one was never run on one of the engines: a statement that nobody runs may be wrong there, or dead."""
import os

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOGS = os.path.join(ROOT, "out", "test-logs")
ENGINES = ("sqlite", "postgres")


def path(engine):
    return os.path.join(LOGS, f"statements-{engine}.txt")


def env(engine):
    return {"COUNTERSIGN_STATEMENTS": path(engine)}


def begin():
    """Before the first program of the run."""
    for engine in ENGINES:
        with open(path(engine), "w", encoding="utf-8"):
            pass


def names(file):
    with open(file, encoding="utf-8") as f:
        return set(f.read().split())


def never_run(engine):
    """The declared statements that no program ran on this engine, in order."""
    return sorted(names(os.path.join(ROOT, "out", "gen", "db_stmts.txt")) - names(path(engine)))


def say(engines):
    """How much was run on these engines, and what was not, a line for each .sql file."""
    declared = len(names(os.path.join(ROOT, "out", "gen", "db_stmts.txt")))
    for engine in engines:
        missing = never_run(engine)
        print(f"statements run on {engine}: {declared - len(missing)} of {declared}")
        files = {}
        for name in missing:
            file, statement = name.split(".", 1)
            files.setdefault(file, []).append(statement)
        for file, statements in sorted(files.items()):
            print(f"  never, of {file}.sql: {', '.join(statements)}")
