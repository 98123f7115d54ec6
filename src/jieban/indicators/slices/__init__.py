"""What a row is asked, in two layers, so that the costly one runs on the engine and the rest on a few counted rows.

`atoms`: comparisons with the row's own columns, in Ibis. `flags`: everything that indicators name, as boolean
algebra over atoms; the same code reads Ibis columns, counted patterns (numpy) and the names alone.
"""
