"""Equations as text, worksheets, living pages and the course."""
