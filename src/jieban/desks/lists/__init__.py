"""Lists as workbooks: at once where they are short, in the background where they are long."""
