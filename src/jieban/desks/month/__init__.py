"""The month at a glance: figures that were counted beforehand, for those who answer for the city."""
