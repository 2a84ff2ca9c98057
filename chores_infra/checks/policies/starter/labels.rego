# Labels say to whom a workload belongs. Say which are required in chores-infra.toml; without a list it is
# the name of https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/:
#
#   [policy.data]
#   required_labels = ["app.kubernetes.io/name", "team"]
package starter

import rego.v1

workloads := {"CronJob", "DaemonSet", "Deployment", "Job", "Rollout", "StatefulSet"}

# METADATA
# title: A workload lacks a required label
warn_label contains {"msg": msg, "path": ["metadata", "labels", label]} if {
	input.kind in workloads
	some label in required_labels
	not has_label(label)
	msg := sprintf("the label %s is missing", [label])
}

has_label(label) if input.metadata.labels[label]

required_labels := data.required_labels

required_labels := ["app.kubernetes.io/name"] if not data.required_labels
