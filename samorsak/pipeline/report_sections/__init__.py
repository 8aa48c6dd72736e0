"""The sections of a report, a module each: from what a run folder holds to the parts that writers show."""
