"""Text into arrays: lexical features, and sentence encoders."""
