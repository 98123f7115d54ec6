"""The same act on several orders: rehearsed first, then done one by one."""
