"""Planning 抽查计划: items, policies, drafts, preflight, approval, and the input of a draw."""
