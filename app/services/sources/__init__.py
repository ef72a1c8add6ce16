"""Registers from elsewhere: sources configured, pulled step by step, landed, and matched with each other."""
