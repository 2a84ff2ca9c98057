"""GitOps manifests as typed Python."""
