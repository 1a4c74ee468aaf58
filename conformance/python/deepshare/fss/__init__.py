"""The backends `fss` and `fss-select`: masked openings, and keys that compare."""
