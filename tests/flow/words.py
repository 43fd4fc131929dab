"""The tables of words that triggers keep to the search texts (tools/sqlwords.py): whether they hold what the texts hold."""


def words_of(text):
    """What the database should have made of a search text."""
    text = text.removeprefix(" ")
    return {(part, word) for part, words in enumerate(text.split(" = ")) for word in words.split(" ") if word}


def check_words(case, db):
    """`db`: a connection of either engine."""
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'table'"
    listing = sqlite if type(db).__module__ == "sqlite3" else "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    tables = [n for n, in db.execute(listing).fetchall() if n.endswith("_word")]
    case.assertGreater(len(tables), 4)
    for words in tables:
        table = words.removesuffix("_word")
        kept = {tuple(r) for r in db.execute(f"SELECT id, part, word FROM {words}").fetchall()}
        wanted = {(i, *w) for i, text in db.execute(f"SELECT id, search_fold FROM {table}").fetchall() for w in words_of(text)}
        case.assertEqual(kept ^ wanted, set(), table)
