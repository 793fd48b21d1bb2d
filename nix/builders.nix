# The nine builders: `mkX = name: config: config with defaults, baseName and the marker of its kind`.
{ defaults, merge }:
let
  # What every builder does. `given` is asked for the name, not the merged result: the default name must not
  # hide the name argument.
  build =
    builder: kind: name: given:
    if builtins.isAttrs given then
      merge defaults.${kind} given
      // {
        baseName = if given.name or null != null then given.name else name;
      }
    else
      throw "${builder}: the config of `${toString name}` is ${article given}, expected an attribute set";

  article =
    value:
    {
      int = "an integer";
      null = "null";
      lambda = "a function";
    }
    .${builtins.typeOf value} or "a ${builtins.typeOf value}";

  # Adds pairs that win over the user's. What can't take them (a list, a string) stays as written, so that
  # `berth check` finds and reports the wrong type.
  force =
    pairs: value:
    if value == null then
      pairs
    else if builtins.isAttrs value then
      value // pairs
    else
      value;

  registry =
    builder: kind: framework: prefix: name: given:
    let
      built = build builder kind name given;
    in
    built
    // {
      inherit framework;
      labels = force { inherit framework; } built.labels;
      annotations = force { "${prefix}.io/managed" = "true"; } built.annotations;
    };

  marked =
    builder: kind: marker: name: given:
    build builder kind name given // marker;
in
{
  mkDockerRegistry = registry "mkDockerRegistry" "DockerRegistry" "docker-registry" "registry";
  mkHarborRegistry = registry "mkHarborRegistry" "HarborRegistry" "harbor" "harbor";
  mkNexusRegistry = registry "mkNexusRegistry" "NexusRegistry" "nexus" "nexus";
  mkArtifactoryRegistry =
    registry "mkArtifactoryRegistry" "ArtifactoryRegistry" "artifactory"
      "artifactory";

  mkImagePullSecret = marked "mkImagePullSecret" "ImagePullSecret" { secretType = "image-pull"; };
  mkImageScanPolicy = marked "mkImageScanPolicy" "ImageScanPolicy" { policyType = "image-scan"; };
  mkImageRetentionPolicy = marked "mkImageRetentionPolicy" "ImageRetentionPolicy" {
    policyType = "image-retention";
  };
  mkImageReplicationPolicy = marked "mkImageReplicationPolicy" "ImageReplicationPolicy" {
    policyType = "image-replication";
  };
  mkImageBuildConfig = marked "mkImageBuildConfig" "ImageBuildConfig" { configType = "image-build"; };
}
