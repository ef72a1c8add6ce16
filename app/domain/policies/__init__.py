"""Policies 抽查规则 as documents: what they may say, when they hold, and what they say of an entity."""
