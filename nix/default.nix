# Berth's builders for Nix: configurations of registries and image policies with every default filled in.
#
# Plain builtins only, so it needs no nixpkgs and no channel. `lib` is accepted because callers have the
# habit of passing it; nothing here depends on it.
{
  lib ? null,
}:
let
  merge = import ./merge.nix;
  # Generated from the Rust types, which own the defaults; see nix/README.md.
  defaults = builtins.fromJSON (builtins.readFile ./defaults.json);
in
import ./builders.nix { inherit defaults merge; }
// import ./companions.nix { inherit merge; }
// import ./checks.nix
// {
  framework = import ./framework.nix;
}
