"""The calendar of draws 抽查日历: which draws a year has, when their visits are, and what became of them."""
