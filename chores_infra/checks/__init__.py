"""What is wrong in a GitOps repository: its model, references, rules, findings and reports."""
