# Questions about a registry configuration. Total: they answer for whatever they are given, so that a mistake
# is reported by validation instead of stopping the evaluation.
let
  firstInteger =
    candidates: default:
    let
      integers = builtins.filter builtins.isInt candidates;
    in
    if integers == [ ] then default else builtins.head integers;
in
{
  # config -> { valid = bool; errors = [ string ]; }
  validateRegistryConfig =
    config:
    let
      errors =
        if config.framework or null == null then [ "registry framework must be specified" ] else [ ];
    in
    {
      valid = errors == [ ];
      inherit errors;
    };

  # config -> { totalCpu (millicores); totalMemory (MiB); estimatedThroughput (images a day); }
  calculateStorageRequirements =
    config:
    let
      replicas = firstInteger [
        (config.replicas or null)
        (config.coreReplicas or null)
      ] 1;
      isHarbor = config.framework or null == "harbor";
    in
    {
      totalCpu = replicas * (if isHarbor then 500 else 100);
      totalMemory = replicas * (if isHarbor then 512 else 256);
      estimatedThroughput = replicas * 100;
    };
}
