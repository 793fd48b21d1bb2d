# What this library is and what it supports.
{
  name = "container-registry";
  version = "1.0.0";
  maturity = "stable";
  features = [
    "multi-registry"
    "image-pull-secrets"
    "vulnerability-scanning"
    "image-retention"
    "image-replication"
    "image-builds"
    "access-rules"
    "resource-estimates"
  ];
  # Those that have a builder.
  supportedRegistries = [
    "docker-registry"
    "harbor"
    "nexus"
    "artifactory"
  ];
  supportedK8sVersions = [
    "1.26"
    "1.27"
    "1.28"
    "1.29"
    "1.30"
    "1.31"
    "1.32"
    "1.33"
    "1.34"
    "1.35"
    "1.36"
    "1.37"
  ];
}
