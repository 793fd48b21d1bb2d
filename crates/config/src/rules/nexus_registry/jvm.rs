//! The sizes of the Java machine.

use berth_finding::{Level, Rule};

use crate::nexus::{Database, database};
use crate::rules::{Out, RuleContext};
use crate::sections::NexusRegistry;

pub(super) const NX_010: Rule = Rule::error(
    "NX-010",
    "a Java memory size is not one Java understands",
    "Java takes a whole number and one letter: `k`, `m` or `g`. Anything else (`2Gi`, `1.5g`, `2048`, a zero) stops the \
     Java machine with `Invalid maximum heap size`, or means bytes.\n\n\
     Example:\n\n    \
     jvm: {maxMemory: 2703m, minMemory: 2703m, directMemory: 2703m}",
);

pub(super) const NX_011: Rule = Rule::error(
    "NX-011",
    "the first heap size is not the largest one",
    "With `minMemory` above `maxMemory` Java refuses to start. With a smaller `minMemory`, which is only a warning, the \
     heap grows under load with a pause each time, and the pod looks smaller to the scheduler than it will be; the \
     vendor advises equal sizes.\n\n\
     Example:\n\n    \
     jvm: {maxMemory: 2703m, minMemory: 2703m}",
);

pub(super) const NX_012: Rule = Rule::error(
    "NX-012",
    "heap and direct memory don't fit into the memory limit",
    "The Java machine may use `maxMemory` and `directMemory` in full, and needs about another 20 % (at least 512 MiB) for \
     threads, code and class data. Where the sum passes `resources.limits.memory`, the kernel kills Nexus under \
     load (OOMKilled), with an embedded database open. It is an error when the two sizes alone pass the limit, and a \
     warning when only the overhead no longer fits.\n\n\
     Raise the limit or lower the sizes:\n\n    \
     jvm: {maxMemory: 2048m, directMemory: 512m}\n    \
     resources: {limits: {memory: 3328Mi}}",
);

pub(super) const NX_013: Rule = Rule::warning(
    "NX-013",
    "the heap size is outside what Nexus runs well with",
    "Below 1200 MiB of heap Nexus runs, but searches and cleanup tasks fail with `OutOfMemoryError`. The image itself \
     ships with 2703 MiB of heap and of direct memory, and production should not go below it. Above 4 GiB with \
     OrientDB the memory is missing to the database, which works outside the heap.\n\n\
     Example:\n\n    \
     jvm: {maxMemory: 2703m, directMemory: 2703m}",
);

pub(super) const NX_014: Rule = Rule::warning(
    "NX-014",
    "OrientDB has too little direct memory",
    "OrientDB caches its pages in direct memory. With less than 2 GiB it reads from the disk all the time and can fail \
     with `Direct buffer memory` under load.\n\n\
     Give it more, or choose H2, which lives in the heap:\n\n    \
     jvm: {directMemory: 2703m}\n    \
     database: {type: h2}",
);

const MIB: u128 = 1 << 20;

/// The smallest heap that works.
const LEAST_HEAP: u128 = 1200 * MIB;

/// Heap and direct memory as the image ships.
const IMAGE_DEFAULT: u128 = 2703 * MIB;

/// The most heap that leaves `OrientDB` enough beside it.
const MOST_HEAP_WITH_ORIENTDB: u128 = 4096 * MIB;

/// The least direct memory for `OrientDB`.
const LEAST_DIRECT_WITH_ORIENTDB: u128 = 2048 * MIB;

pub(super) fn check(nexus: &NexusRegistry, cx: &RuleContext<'_>, out: &mut Out<'_, '_>) {
    nx_011(nexus, out);
    nx_012(nexus, out);
    nx_013(nexus, cx, out);
    nx_014(nexus, out);
}

fn nx_011(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let (Some(least), Some(most)) = (nexus.jvm.min_memory.value(), nexus.jvm.max_memory.value()) else {
        return;
    };
    if least > most {
        out.at(
            "jvm.minMemory",
            NX_011,
            "`minMemory` is more than `maxMemory`, and Java refuses to start",
        )
        .help("set both to the same size");
    } else if least < most {
        out.at("jvm.minMemory", NX_011, "`minMemory` is less than `maxMemory`")
            .level(Level::Warning)
            .help("set both to the same size");
    }
}

fn nx_012(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let sizes = (
        nexus.jvm.max_memory.value(),
        nexus.jvm.direct_memory.value(),
        nexus.resources.limits.memory.value(),
    );
    let (Some(heap), Some(direct), Some(limit)) = sizes else {
        return;
    };
    let used = heap.bytes() + direct.bytes();
    let needed = used + (512 * MIB).max(used / 5);
    let help = format!("a limit of {}Mi or more, or smaller sizes", needed.div_ceil(MIB));
    if used > limit.bytes() {
        out.at(
            "resources.limits.memory",
            NX_012,
            "heap and direct memory alone are more than the limit",
        )
        .help(help);
    } else if needed > limit.bytes() {
        out.at(
            "resources.limits.memory",
            NX_012,
            "heap, direct memory and Java's own needs are more than the limit",
        )
        .level(Level::Warning)
        .help(help);
    }
}

fn nx_013(nexus: &NexusRegistry, cx: &RuleContext<'_>, out: &mut Out<'_, '_>) {
    let jvm = &nexus.jvm;
    let heap = jvm.max_memory.value().map(|size| size.bytes());
    let direct = jvm.direct_memory.value().map(|size| size.bytes());
    let prod = cx.is_prod();
    if heap.is_some_and(|heap| heap < LEAST_HEAP) {
        out.at(
            "jvm.maxMemory",
            NX_013,
            "a heap under 1200m runs out of memory in searches and tasks",
        )
        .help("set `jvm.maxMemory: 2703m`, and the limit with it");
    } else if prod && heap.is_some_and(|heap| heap < IMAGE_DEFAULT) {
        out.at("jvm.maxMemory", NX_013, "less heap than the image's own 2703m")
            .help("set `jvm.maxMemory: 2703m` or more");
    } else if database(nexus) == Database::Orientdb && heap.is_some_and(|heap| heap > MOST_HEAP_WITH_ORIENTDB)
    {
        out.at(
            "jvm.maxMemory",
            NX_013,
            "a heap over 4g takes the memory that OrientDB needs beside it",
        )
        .help("set `jvm.maxMemory: 4g` or less, and give the rest to `jvm.directMemory`");
    }
    if prod && direct.is_some_and(|direct| direct < IMAGE_DEFAULT) {
        out.at(
            "jvm.directMemory",
            NX_013,
            "less direct memory than the image's own 2703m",
        )
        .help("set `jvm.directMemory: 2703m` or more");
    }
}

fn nx_014(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let direct = nexus.jvm.direct_memory.value();
    if database(nexus) == Database::Orientdb
        && direct.is_some_and(|size| size.bytes() < LEAST_DIRECT_WITH_ORIENTDB)
    {
        out.at("jvm.directMemory", NX_014, "OrientDB needs 2g of direct memory")
            .help("set `jvm.directMemory: 2703m`, or `database.type: h2`");
    }
}

#[cfg(test)]
mod tests {
    use berth_finding::Level;

    use crate::rules::nexus_registry::testing::{fires, fires_in_prod, level};

    #[test]
    fn nx_010_fires_when_java_can_not_read_a_size_and_not_otherwise() {
        assert!(fires("NX-010", "jvm: {maxMemory: 2Gi}"));
        assert!(!fires("NX-010", "jvm: {maxMemory: 2g}"));
    }

    #[test]
    fn nx_011_fires_when_the_heap_sizes_differ_and_not_otherwise() {
        assert_eq!(
            level("NX-011", "jvm: {minMemory: 2g, maxMemory: 1g}"),
            Some(Level::Error)
        );
        assert_eq!(
            level("NX-011", "jvm: {minMemory: 1g, maxMemory: 2g}"),
            Some(Level::Warning)
        );
        assert_eq!(level("NX-011", "jvm: {minMemory: 1024m, maxMemory: 1g}"), None);
    }

    #[test]
    fn nx_012_fires_when_java_outgrows_the_limit_and_not_otherwise() {
        let sized = |limit: &str| {
            format!(
                "{{jvm: {{maxMemory: 2048m, directMemory: 512m}}, resources: {{limits: {{memory: {limit}}}}}}}"
            )
        };
        assert!(fires("NX-012", &sized("2Gi")));
        assert_eq!(level("NX-012", &sized("2560Mi")), Some(Level::Warning));
        assert_eq!(level("NX-012", &sized("3072Mi")), None);
    }

    #[test]
    fn nx_013_fires_when_the_heap_is_outside_the_good_range_and_not_otherwise() {
        assert!(fires("NX-013", "jvm: {maxMemory: 1024m}"));
        assert!(fires("NX-013", "jvm: {maxMemory: 6g}"));
        assert!(fires_in_prod("NX-013", "jvm: {maxMemory: 2g, directMemory: 3g}"));
        assert!(fires_in_prod("NX-013", "jvm: {maxMemory: 3g, directMemory: 2g}"));
        assert!(!fires("NX-013", "jvm: {maxMemory: 2g}"));
        assert!(!fires("NX-013", "{jvm: {maxMemory: 6g}, database: {type: h2}}"));
        assert!(!fires_in_prod(
            "NX-013",
            "jvm: {maxMemory: 2703m, directMemory: 2703m}"
        ));
    }

    #[test]
    fn nx_014_fires_when_orientdb_lacks_direct_memory_and_not_otherwise() {
        assert!(fires("NX-014", "jvm: {directMemory: 512m}"));
        assert!(!fires("NX-014", "jvm: {directMemory: 2g}"));
        assert!(!fires(
            "NX-014",
            "{jvm: {directMemory: 512m}, database: {type: h2}}"
        ));
    }
}
