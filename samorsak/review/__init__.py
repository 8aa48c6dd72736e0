"""What a person should look at, and why: reasons to doubt, each a function of arrays, and their queue."""
