{
  description = "Berth: container registries from one declaration";

  # No inputs: the library is plain builtins, so there is nothing to lock or fetch.
  outputs =
    { self }:
    let
      lib = import ./nix { };
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forEachSystem =
        make:
        builtins.listToAttrs (
          map (system: {
            name = system;
            value = make system;
          }) systems
        );
      # Those that are called with a name and a config.
      builders = builtins.attrNames (
        removeAttrs lib [
          "calculateStorageRequirements"
          "framework"
          "mkCostAllocation"
          "mkSecurityScan"
          "validateRegistryConfig"
        ]
      );
    in
    {
      inherit lib;

      # Evaluating the check evaluates every builder; the derivation itself only has to exist.
      checks = forEachSystem (system: {
        builders = builtins.deepSeq (map (name: lib.${name} "check" { }) builders) (derivation {
          name = "berth-builders";
          inherit system;
          builder = "/bin/sh";
          args = [
            "-c"
            "echo ok > $out"
          ];
        });
      });
    };
}
