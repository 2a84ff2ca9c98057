# A container without a limit of memory can take that of every other pod of its node.
package starter

import rego.v1

# METADATA
# title: A container has no limit of memory
warn_memory_limit contains {"msg": msg, "path": array.concat(found.path, ["resources", "limits", "memory"])} if {
	some found in containers
	not found.container.resources.limits.memory
	msg := sprintf("container %s has no limit of memory", [found.container.name])
}

# METADATA
# title: A container requests no CPU or memory
warn_requests contains {"msg": msg, "path": array.concat(found.path, ["resources", "requests", resource])} if {
	some found in containers
	some resource in ["cpu", "memory"]
	not requests(found.container, resource)
	msg := sprintf("container %s requests no %s", [found.container.name, resource])
}

requests(container, resource) if container.resources.requests[resource]

# What is not requested is the limit.
requests(container, resource) if container.resources.limits[resource]
