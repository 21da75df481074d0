"""Quality and speed, measured; each module says in its docstring how it is run."""
