"""Registers from elsewhere 外部名录来源: asking a source, reading it, believing it, finding look-alikes."""
