"""The pages that anybody opens, without an account: file, follow, write to a mailbox, read what was answered."""
