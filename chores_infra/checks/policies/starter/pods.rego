# Where pods stand in the manifests of workloads; what the other policies of this folder share.
package starter

import rego.v1

# The spec of a pod, with its path.
pods contains {"spec": input.spec, "path": ["spec"]} if input.kind == "Pod"

pods contains {"spec": input.spec.template.spec, "path": ["spec", "template", "spec"]} if {
	input.spec.template.spec.containers
}

pods contains {"spec": spec, "path": ["spec", "jobTemplate", "spec", "template", "spec"]} if {
	spec := input.spec.jobTemplate.spec.template.spec
}

# Its containers, with their paths.
containers contains {"container": container, "path": array.concat(pod.path, [kind, number])} if {
	some pod in pods
	some kind in ["initContainers", "containers", "ephemeralContainers"]
	some number, container in pod.spec[kind]
}
