"""newswatch: a news monitor that keeps every revision and flags the stories that name tracked actors."""

__version__ = "0.1.0"
