"""Settings, urls, jobs and the command line: where everything is put together."""
