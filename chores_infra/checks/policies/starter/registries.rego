# Images come from registries that the team trusts. Say which in chores-infra.toml; without a list all are
# allowed:
#
#   [policy.data]
#   registries = ["registry.example.com", "ghcr.io/our-team"]
package starter

import rego.v1

# METADATA
# title: An image comes from a registry that is not allowed
deny_registry contains {"msg": msg, "path": array.concat(found.path, ["image"])} if {
	data.registries
	some found in containers
	not from_allowed(found.container.image)
	msg := concat("", [found.container.image, ": expected an image of ", concat(", ", data.registries)])
}

from_allowed(image) if {
	some registry in data.registries
	startswith(image, concat("", [trim_suffix(registry, "/"), "/"]))
}
