//! From a plan to a running registry: store, users, certificate, server, each by one function.

mod authentication;
mod collection;
mod greeting;
mod scrub;
mod store;
mod tls;

use anyhow::Context;
use berth_config::serve::ServePlan;
use berth_config::value::LogLevel;
use berth_registry::{ExtraHeaders, Registry, RegistryOptions, ServerOptions};
use tokio::net::TcpListener;
use tracing::level_filters::LevelFilter;

use crate::console::Console;
use crate::exit::Exit;
use crate::lifecycle;
use crate::telemetry::{self, LogFormat};

/// Serves until a signal asks to stop, then drains.
pub(crate) fn run(plan: &ServePlan, console: &mut Console) -> anyhow::Result<Exit> {
    telemetry::start(level(plan), format(plan), plan.access_log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Small requests must not wait behind the chunks of big ones.
        .event_interval(7)
        .build()
        .context("starting the runtime")?;
    runtime.block_on(serve(plan, console))
}

async fn serve(plan: &ServePlan, console: &mut Console) -> anyhow::Result<Exit> {
    let tls = plan.tls.as_ref().map(tls::load).transpose()?;
    let listener = listen(plan).await?;
    let address = listener.local_addr().context("asking for the address in use")?;
    let store = store::open(plan).await?;
    let authenticator = authentication::of(plan, console)?;
    let options = RegistryOptions {
        delete_enabled: plan.delete_enabled,
        realm: plan.realm.clone(),
        notes: plan.unenforced.clone(),
        headers: headers(plan)?,
        ..RegistryOptions::default()
    };
    let control =
        crate::control::listen(&plan.root, store.clone()).context("listening for other commands")?;
    let collection = plan
        .collection
        .clone()
        .map(|schedule| tokio::spawn(collection::run(schedule, store.clone())));
    let registry = Registry::new(store.clone(), options, authenticator);
    let server = ServerOptions {
        drain: plan.drain,
        ..ServerOptions::default()
    };
    let stop = lifecycle::Stop::listen().context("listening for signals")?;
    console.talk(&greeting::of(plan, address));
    let scrubbing = scrub::Scrubbing::start(store.clone());
    berth_registry::serve(listener, tls, registry, server, stop.asked()).await;
    scrubbing.stop().await;
    drop(control);
    collection.iter().for_each(tokio::task::JoinHandle::abort);
    store.close().await.context("closing the store")?;
    Ok(Exit::Done)
}

fn headers(plan: &ServePlan) -> anyhow::Result<ExtraHeaders> {
    let pairs = plan
        .headers
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())));
    ExtraHeaders::parse(pairs).context("reading `http.headers`")
}

async fn listen(plan: &ServePlan) -> anyhow::Result<TcpListener> {
    let host = if plan.listen.host().is_empty() {
        "::"
    } else {
        plan.listen.host()
    };
    let port = plan.listen.port();
    let bound = match TcpListener::bind((host, port)).await {
        // A machine without IPv6 still has every IPv4 address.
        Err(_) if plan.listen.host().is_empty() => TcpListener::bind(("0.0.0.0", port)).await,
        bound => bound,
    };
    bound.map_err(|error| {
        let next = match error.kind() {
            std::io::ErrorKind::AddrInUse => "another program listens there: stop it, or say --listen",
            std::io::ErrorKind::PermissionDenied => "ports below 1024 need more rights: choose another",
            std::io::ErrorKind::AddrNotAvailable => "no interface of this machine has that address",
            _ => "choose another with --listen",
        };
        anyhow::Error::new(error).context(format!("listening on {}: {next}", plan.listen.authority()))
    })
}

const fn level(plan: &ServePlan) -> LevelFilter {
    match plan.log_level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    }
}

const fn format(plan: &ServePlan) -> LogFormat {
    match plan.log_format {
        berth_config::value::LogFormat::Text => LogFormat::Text,
        _ => LogFormat::Json,
    }
}
