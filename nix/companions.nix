# Builders that stand in for neighbouring modules (RBAC, security scanning, cost), so that a configuration
# written against those can be handed to Berth. `berthType` tells Berth's loader what to make of a result.
{ merge }:
{
  # Becomes a RegistryAccess: who may do what to which Kubernetes resources.
  mkRBACPolicy =
    name: config:
    merge {
      inherit name;
      subjects = [ ];
      resources = [ ];
      verbs = [
        "get"
        "list"
        "watch"
      ];
    } config
    // {
      berthType = "rbac-policy";
    };

  # Becomes an ImageScanPolicy over the registries in `scanTargets`.
  mkSecurityScan =
    config:
    merge {
      scanType = "image-scan";
      scanTargets = [ ];
    } config
    // {
      berthType = "security-scan";
    };

  # Becomes cost labels on the registry `registryName`.
  mkCostAllocation = config: config // { berthType = "cost-allocation"; };
}
