"""The canonical tables with everything that indicators count named as a flag, in Ibis: one set for all engines."""
