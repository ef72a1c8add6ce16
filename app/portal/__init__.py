"""Public pages."""

from app.portal import pages, pages_appeals, pages_calendar, pages_items, pages_results

PAGES = (pages.router, pages_results.router, pages_items.router, pages_calendar.router, pages_appeals.router)
"""Every router of pages for people."""
