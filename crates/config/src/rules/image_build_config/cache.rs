//! The cache of a build.

use berth_finding::Rule;

use crate::rules::Out;
use crate::sections::{BuildCache, ImageBuildConfig};
use crate::value::{CacheType, Written};

pub(super) const IB_002: Rule = Rule::error(
    "IB-002",
    "the cache can't be used as declared",
    "A cache is of type `registry`, `local` or `inline`. One in a registry needs the reference it \
     is pushed to, which must not be the image's own: the two would overwrite each other.\n\n\
     Example:\n\n    \
     cache: {enabled: true, type: registry, image: \"registry.example.com/team/app:cache\"}",
);

pub(super) const IB_003: Rule = Rule::warning(
    "IB-003",
    "the size of this cache can't be limited here",
    "Only a local cache has a size that a build can keep to. One in a registry grows with every new layer; what limits it is \
     a retention policy on its repository.\n\n\
     Leave `maxSize` out, or cache locally:\n\n    \
     cache: {type: local, maxSize: 10Gi}",
);

pub(super) const IB_007: Rule = Rule::error(
    "IB-007",
    "the size of the cache is too small to hold anything",
    "The size is a quantity as Kubernetes writes it, such as `10Gi`. A small `m` at the end means thousandths of a byte, and a \
     number alone means bytes.\n\n\
     Example:\n\n    \
     cache: {maxSize: 10Gi}",
);

pub(super) fn check(build: &ImageBuildConfig, out: &mut Out<'_, '_>) {
    if build.cache.enabled {
        ib_002_place(build, out);
        ib_002_mode(&build.cache, out);
        ib_003(&build.cache, out);
        ib_007(&build.cache, out);
    }
}

fn ib_002_place(build: &ImageBuildConfig, out: &mut Out<'_, '_>) {
    if build.cache.kind.value() != Some(&CacheType::Registry) {
        return;
    }
    let cache = build.cache.image.as_ref().filter(|image| !image.is_empty());
    let output = build.output.as_ref().map(|output| &output.image);
    match cache {
        None => {
            out.at(
                "cache.image",
                IB_002,
                "a cache in a registry has no image to be kept in",
            )
            .help("such as `registry.example.com/team/app:cache`, or `cache.type: inline`");
        }
        Some(cache) if cache.value().is_some() && output.and_then(Written::value) == cache.value() => {
            out.at("cache.image", IB_002, "cache and image overwrite each other")
                .help("give the cache a tag of its own");
        }
        Some(_) => {}
    }
}

fn ib_002_mode(cache: &BuildCache, out: &mut Out<'_, '_>) {
    let inline = cache.kind.value() == Some(&CacheType::Inline);
    match cache.mode.as_deref() {
        None | Some("min") => {}
        Some("max") if !inline => {}
        Some("max") => {
            out.at(
                "cache.mode",
                IB_002,
                "a cache within the image holds the final stage only",
            )
            .help("`min`, or another type");
        }
        Some(_) => {
            out.at(
                "cache.mode",
                IB_002,
                "the mode of the cache is neither min nor max",
            )
            .help("`max` keeps every stage");
        }
    }
}

fn ib_003(cache: &BuildCache, out: &mut Out<'_, '_>) {
    let limited = matches!(cache.kind.value(), Some(CacheType::Registry | CacheType::Inline));
    if limited && out.is_set("cache.maxSize") {
        out.at(
            "cache.maxSize",
            IB_003,
            "not applied: only a local cache has a size",
        )
        .help("leave it out, and put a retention policy on the cache's repository");
    }
}

fn ib_007(cache: &BuildCache, out: &mut Out<'_, '_>) {
    let local = cache.kind.value() == Some(&CacheType::Local);
    if local
        && cache
            .max_size
            .value()
            .is_some_and(|size| size.is_milli() || size.bytes() < 1 << 20)
    {
        out.at("cache.maxSize", IB_007, "less than one MiB")
            .help("such as `10Gi`");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::fires;

    const KIND: &str = "ImageBuildConfig";

    #[test]
    fn ib_002_fires_when_a_cache_can_not_be_used_and_not_otherwise() {
        for wrong in [
            "{}",
            "{cache: {image: 'a.example.com/b:1'}, output: {image: 'a.example.com/b:1'}}",
            "cache: {type: inline, mode: max}",
            "cache: {type: local, mode: all}",
        ] {
            assert!(fires("IB-002", KIND, wrong), "{wrong}");
        }
        assert!(!fires(
            "IB-002",
            KIND,
            "{cache: {image: 'a.example.com/b:cache', mode: max}, output: {image: 'a.example.com/b:1'}}"
        ));
        assert!(!fires("IB-002", KIND, "cache: {type: inline}"));
        assert!(!fires("IB-002", KIND, "cache: {enabled: false}"));
    }

    #[test]
    fn ib_003_fires_when_a_size_has_no_effect_and_not_otherwise() {
        assert!(fires("IB-003", KIND, "cache: {maxSize: 20Gi}"));
        assert!(!fires("IB-003", KIND, "cache: {type: local, maxSize: 20Gi}"));
        assert!(!fires("IB-003", KIND, "{}"));
    }

    #[test]
    fn ib_007_fires_when_the_size_holds_nothing_and_not_otherwise() {
        assert!(fires("IB-007", KIND, "cache: {type: local, maxSize: 10m}"));
        assert!(fires("IB-007", KIND, "cache: {type: local, maxSize: 0}"));
        assert!(!fires("IB-007", KIND, "cache: {type: local, maxSize: 10Gi}"));
    }
}
