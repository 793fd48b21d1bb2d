use berth_plan::object::ObjectKey;
use kube::core::Request;
use kube::core::subresource::LogParams;

use crate::Cluster;
use crate::get::malformed;
use crate::kinds::GroupKind;
use crate::refused::{Asked, Refused, Verb};
use crate::send::Repeat;

/// How much of a log is read, at most.
const LIMIT_BYTES: i64 = 1024 * 1024;

/// Which part of a pod's log.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LogOptions {
    /// The container; without it the only one.
    pub container: Option<String>,
    /// The last lines; without it all, up to 1 MiB.
    pub lines: Option<u32>,
    /// The container before it was last restarted.
    pub previous: bool,
}

impl Cluster {
    /// The log of a pod's container.
    ///
    /// # Errors
    /// [`crate::Cause::Invalid`] when the container has not run, or any other.
    pub async fn logs(&self, namespace: &str, pod: &str, options: &LogOptions) -> Result<String, Refused> {
        let key = ObjectKey {
            namespace: Some(namespace.to_owned()),
            name: pod.to_owned(),
            group: "".into(),
            kind: "Pod".into(),
        };
        let mut asked = Asked::of(Verb::Get, &key);
        asked.what = format!("the log of {key}");
        let resource = self.resource_for(&asked, &GroupKind::of(&key), None).await?;
        let params = LogParams {
            container: options.container.clone(),
            previous: options.previous,
            tail_lines: options.lines.map(i64::from),
            limit_bytes: Some(LIMIT_BYTES),
            ..LogParams::default()
        };
        let call = Request::new(resource.path(Some(namespace))).logs(pod, &params);
        let call = call.map_err(|source| asked.refused(malformed(&source)))?;
        let answer = self.send(&asked, call, Repeat::Safe).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}
