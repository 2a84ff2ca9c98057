# What is served to the public without TLS can be read and changed on its way.
package starter

import rego.v1

# METADATA
# title: A public host is served without TLS
deny_host_without_tls contains {"msg": msg, "path": ["spec", "rules", number, "host"]} if {
	input.kind == "Ingress"
	some number, rule in input.spec.rules
	is_public(rule.host)
	not covered(rule.host)
	msg := sprintf("%s is served without TLS", [rule.host])
}

deny_host_without_tls contains {"msg": msg, "path": ["spec", "routes", number, "match"]} if {
	input.kind == "IngressRoute"
	not input.spec.tls
	some number, route in input.spec.routes
	some host in hosts_of(route.match)
	is_public(host)
	msg := sprintf("%s is served without TLS", [host])
}

# Without hosts, an entry is for all of them.
covered(_) if {
	some entry in input.spec.tls
	not entry.hosts
}

covered(host) if {
	some entry in input.spec.tls
	some pattern in entry.hosts
	glob.match(pattern, ["."], host)
}

hosts_of(match) := {host |
	some call in regex.find_n("Host\\([^)]*\\)", match, -1)
	some quoted in regex.find_n("[`\"][^`\"]+[`\"]", call, -1)
	host := trim(quoted, "`\"")
}

is_public(host) if {
	contains(host, ".")
	not private(host)
}

private(host) if {
	some suffix in [".local", ".localhost", ".internal", ".lan", ".test", ".svc", ".home.arpa"]
	endswith(host, suffix)
}
