"""PostgreSQL for the tests, through libpq and ctypes: as much of sqlite3's face as the tests use, `?` included."""
import ctypes
import re

BOOL, BYTEA, INTS, NUMERIC = 16, 17, {20, 21, 23, 26}, 1700
OK = {1, 2}  # PGRES_COMMAND_OK, PGRES_TUPLES_OK

_pq = ctypes.CDLL("libpq.so.5")
for _name, _result in {"PQconnectdb": ctypes.c_void_p, "PQexecParams": ctypes.c_void_p, "PQerrorMessage": ctypes.c_char_p,
                       "PQresultErrorMessage": ctypes.c_char_p, "PQgetvalue": ctypes.c_void_p, "PQfname": ctypes.c_char_p,
                       "PQcmdTuples": ctypes.c_char_p}.items():
    getattr(_pq, _name).restype = _result


class Error(Exception):
    """What the server said."""


class Row(tuple):
    """A row: by number and by name."""
    names = ()

    def __getitem__(self, at):
        return tuple.__getitem__(self, self.names.index(at) if isinstance(at, str) else at)

    def keys(self):
        return list(self.names)


class Cursor(list):
    """The rows of a statement, and how many it changed."""
    rowcount, at = 0, 0

    def fetchone(self):
        self.at += 1
        return self[self.at - 1] if self.at <= len(self) else None

    def fetchall(self):
        return list(self)


def numbered(sql):
    """`?` outside of strings becomes $1, $2, …"""
    count = 0

    def number(m):
        nonlocal count
        if m[0] != "?":
            return m[0]
        count += 1
        return f"${count}"
    return re.sub(r"'(?:[^']|'')*'|\?", number, sql)


def value_of(oid, text):
    if oid in INTS:
        return int(text)
    if oid == BOOL:
        return int(text == b"t")
    if oid == BYTEA:
        return bytes.fromhex(text[2:].decode())
    if oid == NUMERIC:
        return int(text) if b"." not in text else float(text)
    return text.decode("utf-8")


class Connection:
    """A connection on which every statement commits by itself."""

    def __init__(self, url):
        self.pg = ctypes.c_void_p(_pq.PQconnectdb(url.encode()))
        if _pq.PQstatus(self.pg) != 0:
            message = _pq.PQerrorMessage(self.pg).decode()
            self.close()
            raise Error(message)
        self.row_factory = None
        self.execute("SET client_min_messages = warning")

    def close(self):
        if self.pg:
            _pq.PQfinish(self.pg)
        self.pg = None

    def is_alive(self):
        """False when it was closed, or the server has ended it."""
        return bool(self.pg) and bool(_pq.PQconsumeInput(self.pg)) and _pq.PQstatus(self.pg) == 0

    def commit(self):
        """There is nothing left to commit."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def execute(self, sql, args=()):
        if m := re.match(r"PRAGMA table_info\((\w+)\)$", sql):
            sql, args = ("SELECT ordinal_position, column_name AS name FROM information_schema.columns WHERE table_name = ?"
                         " ORDER BY 1", (m[1],))
        n = len(args)
        values = [x if isinstance(x, (bytes, type(None))) else str(int(x) if isinstance(x, bool) else x).encode() for x in args]
        types = (ctypes.c_uint * n)(*[20 if isinstance(x, int) else BYTEA if isinstance(x, bytes) else 0 for x in args])
        at = (ctypes.c_char_p * n)(*values)
        lengths = (ctypes.c_int * n)(*[len(x or b"") for x in values])
        formats = (ctypes.c_int * n)(*[int(isinstance(x, bytes)) for x in args])
        r = ctypes.c_void_p(_pq.PQexecParams(self.pg, numbered(sql).encode(), n, types, at, lengths, formats, 0))
        try:
            if _pq.PQresultStatus(r) not in OK:
                raise Error(f"{_pq.PQresultErrorMessage(r).decode().strip()} in {sql}")
            return self._rows(r)
        finally:
            _pq.PQclear(r)

    def executemany(self, sql, many):
        for args in many:
            self.execute(sql, args)

    def _rows(self, r):
        columns = range(_pq.PQnfields(r))
        kind = type("Row", (Row,), {"names": tuple(_pq.PQfname(r, c).decode() for c in columns)})
        types = [_pq.PQftype(r, c) for c in columns]
        rows = Cursor()
        for i in range(_pq.PQntuples(r)):
            rows.append(kind(None if _pq.PQgetisnull(r, i, c) else
                             value_of(types[c], ctypes.string_at(_pq.PQgetvalue(r, i, c), _pq.PQgetlength(r, i, c)))
                             for c in columns))
        rows.rowcount = int(_pq.PQcmdTuples(r) or 0)
        return rows
