"""Any GitOps tree, read: its files, the documents in them, and what each of them is."""
