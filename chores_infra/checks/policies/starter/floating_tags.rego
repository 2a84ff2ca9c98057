# An image whose tag moves is another one tomorrow, and a rollback brings nothing back.
package starter

import rego.v1

moving_tags := {"latest", "main", "master", "stable", "edge", "dev", "develop", "nightly"}

# METADATA
# title: An image has a tag that moves
deny_floating_tag contains {"msg": msg, "path": array.concat(found.path, ["image"])} if {
	some found in containers
	floats(found.container.image)
	msg := sprintf("%s moves: name a version, or a digest", [found.container.image])
}

floats(image) if {
	not contains(image, "@")
	not contains(name_and_tag(image), ":")
}

floats(image) if {
	not contains(image, "@")
	split(name_and_tag(image), ":")[1] in moving_tags
}

# What stands behind the registry, whose port is no tag.
name_and_tag(image) := parts[count(parts) - 1] if parts := split(image, "/")
