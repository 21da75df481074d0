"""How we run newswatch: base.py, and local.py for what is yours."""
