# merge defaults given -> given, with what it leaves out taken from defaults, at every depth.
#
# Two attribute sets are merged name by name. Everything else replaces: a list isn't appended to, and a null
# that was written stays null, because "none" is an answer and not the same as silence.
let
  merge =
    defaults: given:
    if builtins.isAttrs defaults && builtins.isAttrs given then
      defaults
      // builtins.mapAttrs (
        name: value: if defaults ? ${name} then merge defaults.${name} value else value
      ) given
    else
      given;
in
merge
