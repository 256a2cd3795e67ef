"""Speed of the batched solver against its alternatives, in paired measurements of one process."""
