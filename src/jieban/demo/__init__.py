"""Makes order-level demo data whose counts equal given figures. Pure; every city's own data lie in its profile."""
