"""The notebook widget: answers are read, marked and given categories, each decision saved at once."""
