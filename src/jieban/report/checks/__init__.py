"""校核: the checks that run over a report's figures, each with its result and, where one asks, the explanation."""
