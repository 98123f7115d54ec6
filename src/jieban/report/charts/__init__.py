"""Charts: document model to ECharts options, and those to SVG and PNG. One option serves page, PDF and Word."""
