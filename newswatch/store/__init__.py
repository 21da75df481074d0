"""All SQL. One SQLite file, one writer; every change of a story is one transaction."""

from newswatch.store.opening import open_store, writing

__all__ = ["open_store", "writing"]
