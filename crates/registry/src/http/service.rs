//! The registry as a service: a request in, a response out. Runs on a server or, in tests, in process.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use berth_storage::Store;
use bytes::Bytes;
use http_body::Body;
use hyper::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderValue};
use hyper::{Method, Request, Response};

use super::access_event::AccessEvent;
use super::answer::Answer;
use super::body::{Content, ResponseBody};
use super::dispatch::{self, Admitted};
use super::failure::Failure;
use super::header;
use super::upload_body::{BoxError, UploadBody};
use crate::access::{Access, FullAccess, Principal, Requirement, requirement};
use crate::auth::Authenticator;
use crate::context::Context;
use crate::options::RegistryOptions;
use crate::route::Route;

/// The registry. A clone is the same one.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);

struct Inner {
    context: Context,
    authenticator: Authenticator,
}

/// An answer on its way.
pub type Answering = Pin<Box<dyn Future<Output = Result<Response<ResponseBody>, Infallible>> + Send>>;

impl Registry {
    /// A registry in which whoever the authenticator lets in may do everything.
    pub fn new(store: Store, options: RegistryOptions, authenticator: Authenticator) -> Self {
        Self::with_access(store, options, authenticator, Arc::new(FullAccess))
    }

    /// A registry in which `access` decides who may do what.
    pub fn with_access(
        store: Store,
        options: RegistryOptions,
        authenticator: Authenticator,
        access: Arc<dyn Access>,
    ) -> Self {
        let context = Context {
            store,
            options,
            access,
        };
        Self(Arc::new(Inner {
            context,
            authenticator,
        }))
    }

    fn answer<B>(&self, request: Request<B>) -> Answering
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
        B::Error: Into<BoxError>,
    {
        let inner = Arc::clone(&self.0);
        Box::pin(async move { Ok(inner.answer(request).await) })
    }
}

impl Inner {
    async fn answer<B>(&self, request: Request<B>) -> Response<ResponseBody>
    where
        B: Body<Data = Bytes> + Send + Unpin,
        B::Error: Into<BoxError>,
    {
        let (parts, body) = request.into_parts();
        let route = Route::parse(parts.method.as_str(), parts.uri.path(), parts.uri.query());
        let mut event = AccessEvent::new(&parts.method, route);
        let (principal, mut answer) = match &event.route {
            Ok(route) => {
                let idle = self.context.options.body_idle;
                let content = UploadBody::new(body, &parts.headers, idle, &event.received_bytes);
                self.serve(route, &parts.headers, content).await
            }
            Err(error) => (None, Failure::from(error).into_answer()),
        };
        event.answered(principal, answer.status());
        self.context.options.headers.add_to(answer.headers_mut());
        finished(answer, &parts.method, event)
    }

    /// Lets the request in, or not, and runs it.
    async fn serve<B>(
        &self,
        route: &Route,
        headers: &hyper::HeaderMap,
        mut content: UploadBody<'_, B>,
    ) -> (Option<Principal>, Answer)
    where
        B: Body<Data = Bytes> + Send + Unpin,
        B::Error: Into<BoxError>,
    {
        let principal = match self.admit(route, headers).await {
            Ok(principal) => principal,
            Err(failure) => return (None, failure.into_answer()),
        };
        let admitted = Admitted {
            context: &self.context,
            principal: &principal,
            headers,
        };
        let answer = match dispatch::run(admitted, route, &mut content).await {
            Ok(answer) => answer,
            Err(error) => {
                content.discard().await;
                Failure::from(error).into_answer()
            }
        };
        (Some(principal), answer)
    }

    async fn admit(&self, route: &Route, headers: &hyper::HeaderMap) -> Result<Principal, Failure> {
        let needed = requirement(route);
        if needed == Requirement::Nothing {
            return Ok(Principal::Anonymous);
        }
        let authorization = header::text(headers, AUTHORIZATION);
        let principal = self
            .authenticator
            .authenticate(authorization)
            .await
            .map_err(|refusal| Failure::refused(refusal, &self.context.options.realm))?;
        match needed {
            Requirement::Nothing | Requirement::Principal => Ok(principal),
            Requirement::Right(action, scope) if self.context.allows(&principal, action, scope) => {
                Ok(principal)
            }
            Requirement::Right(..) => Err(Failure::denied()),
        }
    }
}

/// What every answer has.
fn finished(answer: Answer, method: &Method, event: AccessEvent) -> Response<ResponseBody> {
    let (mut parts, mut content) = answer.into_parts();
    parts
        .headers
        .insert(header::API_VERSION, HeaderValue::from_static("registry/2.0"));
    if let Content::Bytes(bytes) = &content {
        parts
            .headers
            .insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    }
    if method == Method::HEAD {
        content = Content::Empty;
    }
    Response::from_parts(parts, ResponseBody::new(content, event))
}

impl<B> tower::Service<Request<B>> for Registry
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<ResponseBody>;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answering {
        self.answer(request)
    }
}

impl<B> hyper::service::Service<Request<B>> for Registry
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<ResponseBody>;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, request: Request<B>) -> Answering {
        self.answer(request)
    }
}
