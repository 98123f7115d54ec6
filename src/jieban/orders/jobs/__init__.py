"""What is done to orders without anybody asking: warnings, escalation, the end of a person's retention."""
