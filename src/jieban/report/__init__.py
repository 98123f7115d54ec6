"""Outline to document model to Word, PDF, web page and workbook; charts; checks (校核). Pure."""
