module programs/definitions

go 1.26.0

require (
	github.com/prometheus-operator/prometheus-operator v0.79.2
	sigs.k8s.io/gateway-api v1.2.1
)
