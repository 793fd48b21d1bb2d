use indexmap::IndexMap;

use crate::section::section;
use crate::value::{Duration, HttpUrl, SecretValue, Written};

section! {
    /// Webhooks for pushes, pulls and deletes.
    pub struct DockerNotifications {
        /// Who is told.
        extension endpoints: Vec<DockerEndpoint>;
        /// What is told.
        extension events: Option<DockerEvents>;
    }
}

section! {
    /// Who is told of events.
    pub struct DockerEndpoint {
        /// Its name.
        extension name: String;
        /// Whether it is switched off.
        extension disabled: bool = false;
        /// Where events are posted to.
        extension url: Written<HttpUrl>, code "DR-047";
        /// Headers of the requests, such as Authorization.
        extension headers: IndexMap<String, Vec<SecretValue>>;
        /// How long an answer may take.
        extension timeout: Option<Written<Duration>>, code "DR-047";
        /// After how many failures it waits.
        extension threshold: Option<i64>, range 1 to 1_000_000, code "DR-047";
        /// How long it waits then.
        extension backoff: Option<Written<Duration>>, code "DR-047";
        /// Events it isn't told.
        extension ignore: Option<DockerEventsIgnored>;
    }
}

section! {
    /// Events that an endpoint isn't told.
    pub struct DockerEventsIgnored {
        /// Of these media types.
        extension mediatypes: Vec<String>;
        /// Of these actions: pull, push, mount, delete.
        extension actions: Vec<String>;
    }
}

section! {
    /// What events tell.
    pub struct DockerEvents {
        /// Whether those of a manifest hold what it refers to.
        extension includereferences: bool = false;
    }
}
