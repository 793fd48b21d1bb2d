use std::error::Error as _;
use std::io;
use std::time::Duration;

use http::StatusCode;
use http::header::RETRY_AFTER;
use http_body_util::BodyExt;
use kube::client::Body;
use serde_json::Value as Json;
use tokio::time::{Instant, sleep, timeout};

use crate::Cluster;
use crate::refused::{Asked, Cause, Refused};

/// How often one call is sent, at most.
const ATTEMPTS: u32 = 6;
/// The first pause between two of them; each is twice the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest pause that the server may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// A call on its way to the server.
pub(crate) type Call = http::Request<Vec<u8>>;

/// Whether sending a call twice does what sending it once does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Repeat {
    /// It does: what reads, what applies, what deletes one uid.
    Safe,
    /// It doesn't: repeated only where the server did surely not act.
    Unsafe,
}

/// Why an attempt failed, and whether another may follow.
struct Failure {
    cause: Cause,
    again: Again,
}

enum Again {
    Never,
    /// After a pause of the caller's choice, or the server's.
    After(Option<Duration>),
}

impl Cluster {
    /// Sends a call until it is answered, refused, or time is over.
    pub(crate) async fn send(&self, asked: &Asked, call: Call, repeat: Repeat) -> Result<Vec<u8>, Refused> {
        let end = Instant::now() + self.call_timeout();
        let mut pause = FIRST_PAUSE;
        let mut attempt = 1;
        loop {
            let failure = match self.attempt(asked, call.clone(), repeat, end).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let Again::After(told) = failure.again else {
                return Err(asked.refused(failure.cause));
            };
            let wait = told.unwrap_or(pause).min(LONGEST_PAUSE);
            if attempt == ATTEMPTS || Instant::now() + wait >= end {
                return Err(asked.refused(failure.cause));
            }
            sleep(wait).await;
            pause *= 2;
            attempt += 1;
        }
    }

    /// Sends a call and reads the JSON that it is answered with.
    pub(crate) async fn send_json(&self, asked: &Asked, call: Call, repeat: Repeat) -> Result<Json, Refused> {
        let answer = self.send(asked, call, repeat).await?;
        serde_json::from_slice(&answer).map_err(|source| asked.refused(self.unreachable(source)))
    }

    /// Reads the JSON at a path.
    pub(crate) async fn read(&self, asked: &Asked, path: &str) -> Result<Json, Refused> {
        let call = http::Request::get(path).body(Vec::new());
        let call = call.map_err(|source| asked.refused(self.unreachable(source)))?;
        self.send_json(asked, call, Repeat::Safe).await
    }

    /// That no answer came that makes sense.
    pub(crate) fn unreachable(&self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Cause {
        Cause::Unreachable {
            address: self.address().to_owned(),
            source: source.into(),
        }
    }

    async fn attempt(
        &self,
        asked: &Asked,
        call: Call,
        repeat: Repeat,
        end: Instant,
    ) -> Result<Vec<u8>, Failure> {
        let exchange = async {
            let answer = self.client().send(call.map(Body::from)).await?;
            let (parts, body) = answer.into_parts();
            let body = body.collect().await?.to_bytes().to_vec();
            Ok::<_, kube::Error>((parts, body))
        };
        let left = end.saturating_duration_since(Instant::now());
        let (parts, body) = match timeout(left, exchange).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(self.broken(error, repeat)),
            Err(elapsed) => {
                return Err(Failure {
                    cause: self.unreachable(elapsed),
                    again: Again::Never,
                });
            }
        };
        if parts.status.is_success() {
            return Ok(body);
        }
        let told = parts
            .headers
            .get(RETRY_AFTER)
            .and_then(|it| it.to_str().ok()?.parse().ok());
        let cause = Cause::of(asked, parts.status.as_u16(), &body);
        let again = again(&cause, parts.status, told.map(Duration::from_secs), repeat);
        Err(Failure { cause, again })
    }

    fn broken(&self, error: kube::Error, repeat: Repeat) -> Failure {
        // Nobody listened: the server has not seen the call. Bad credentials or certificates won't get better.
        let again = match io_kind(&error) {
            Some(io::ErrorKind::ConnectionRefused) => Again::After(None),
            Some(io::ErrorKind::InvalidData) => Again::Never,
            Some(_) if repeat == Repeat::Safe => Again::After(None),
            None if repeat == Repeat::Safe && is_broken_connection(&error) => Again::After(None),
            _ => Again::Never,
        };
        Failure {
            cause: self.unreachable(error),
            again,
        }
    }
}

fn again(cause: &Cause, status: StatusCode, told: Option<Duration>, repeat: Repeat) -> Again {
    match cause {
        // The server turns calls away before it acts on them.
        Cause::TooManyRequests => Again::After(told),
        Cause::Server { .. } if told.is_some() => Again::After(told),
        Cause::Server { .. } if status.is_server_error() && repeat == Repeat::Safe => Again::After(None),
        _ => Again::Never,
    }
}

/// The kind of the error of the operating system at the bottom.
fn io_kind(error: &kube::Error) -> Option<io::ErrorKind> {
    let mut source = error.source();
    let mut found = None;
    while let Some(error) = source {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            found = Some(io.kind());
        }
        source = error.source();
    }
    found
}

/// A connection that ended in the middle, without an error of the operating system.
fn is_broken_connection(error: &kube::Error) -> bool {
    matches!(error, kube::Error::HyperError(_) | kube::Error::Service(_))
}
