#!/bin/sh
# Makes a tiny image as an OCI layout, out of nothing: sh tiny-image.sh FOLDER [TAG]
set -eu
folder=$1
tag=${2:-latest}
blobs=$folder/blobs/sha256
new=$folder/new
image=application/vnd.oci.image
mkdir -p "$blobs" "$new/root"

# Puts a file among the blobs, and prints its digest (hexadecimal) and its size.
add() {
    hex=$(sha256sum "$1" | cut -d ' ' -f 1)
    size=$(wc -c <"$1" | tr -d ' ')
    mv "$1" "$blobs/$hex"
    echo "$hex $size"
}

echo "Hello from Berth" >"$new/root/hello.txt"
tar -C "$new/root" -cf "$new/layer" hello.txt
set -- $(add "$new/layer")
layer=$1 layer_size=$2

printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$layer" >"$new/config"
set -- $(add "$new/config")
config=$1 config_size=$2

descriptor='{"mediaType":"%s","digest":"sha256:%s","size":%s}'
printf '{"schemaVersion":2,"mediaType":"%s","config":'"$descriptor"',"layers":['"$descriptor"']}' \
    $image.manifest.v1+json \
    $image.config.v1+json "$config" "$config_size" \
    $image.layer.v1.tar "$layer" "$layer_size" >"$new/manifest"
set -- $(add "$new/manifest")

named='{"mediaType":"%s","digest":"sha256:%s","size":%s,"annotations":{"org.opencontainers.image.ref.name":"%s"}}'
printf '{"schemaVersion":2,"manifests":['"$named"']}' $image.manifest.v1+json "$1" "$2" "$tag" >"$folder/index.json"
printf '{"imageLayoutVersion":"1.0.0"}' >"$folder/oci-layout"
rm -r "$new"
echo "$folder:$tag is sha256:$1"
