"""The report studio: from a frozen period to the published report, with a second pair of eyes between."""
