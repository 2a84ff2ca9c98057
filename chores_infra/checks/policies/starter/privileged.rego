# A privileged container is root on its node.
package starter

import rego.v1

# METADATA
# title: A container is privileged
deny_privileged contains {"msg": msg, "path": array.concat(found.path, ["securityContext", "privileged"])} if {
	some found in containers
	found.container.securityContext.privileged == true
	msg := sprintf("container %s is privileged", [found.container.name])
}
