use super::settled::Settled;

/// The variable that hands more options of the document to the Java machine: they may hold what nobody should read.
pub(super) const MORE: &str = "NEXUS_MORE_OPTIONS";

/// The options of the Java machine. A path that is the image's own stands here too: the two can't differ.
pub(super) fn java(settled: &Settled<'_>) -> String {
    let jvm = &settled.spec.jvm;
    let storage = &settled.spec.storage;
    let mut options = vec![
        format!("-Xms{}", jvm.min_memory.text()),
        format!("-Xmx{}", jvm.max_memory.text()),
        format!("-XX:MaxDirectMemorySize={}", jvm.direct_memory.text()),
        format!("-Djava.util.prefs.userRoot={}/javaprefs", storage.data_path),
        format!("-Djava.io.tmpdir={}", storage.temp_path),
        format!("-Dkaraf.data={}", storage.data_path),
        format!("-Dkaraf.log={}", storage.log_path),
        format!("-XX:LogFile={}/jvm.log", storage.log_path),
    ];
    if settled.is_clustered() {
        options.push("-Dnexus.datastore.clustered.enabled=true".to_owned());
    }
    if settled.is_forced_to_be_free() {
        options.push("-Dnexus.loadAsOSS=true".to_owned());
    }
    if !jvm.extra_options.is_empty() {
        options.push(format!("$({MORE})"));
    }
    options.join(" ")
}
