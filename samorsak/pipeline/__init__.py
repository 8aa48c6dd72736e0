"""Where answers and arrays meet: one function per command."""
