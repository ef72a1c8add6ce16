"""Drawing 抽取: commit, public randomness, selection and teams, reveal or void, and the record."""
