"""The pages of the knowledge base: its lists, an article, writing one, and what is offered of it elsewhere."""
