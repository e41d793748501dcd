//! A running application with Redis triggers. As in Spin, messages of one server are handled serially, one that fails is dropped,
//! and a lost connection is not restored: it ends the application.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use anyhow::{Context as _, Error, Result, anyhow};
use futures::StreamExt as _;
use futures::future::join_all;
use redis::Client;
use redis::aio::PubSub;
use tokio::task::JoinSet;

use crate::app::RedisTrigger;
use crate::counters::Counts;
use crate::runtime::Runtime;

/// The components that consume each channel.
type Channels = BTreeMap<String, Vec<String>>;

/// A running application with Redis triggers. Dropping it stops it.
pub struct RedisConsumer {
    runtime: Arc<Runtime>,
    subscriptions: Vec<Subscription>,
}

/// A server with the consumers of its channels.
struct Subscription {
    /// The address without a password.
    server: String,
    channels: Channels,
    connection: PubSub,
}

impl RedisConsumer {
    /// Connects to every server and subscribes to its channels. Messages wait until [`run`](Self::run).
    pub(crate) async fn start(runtime: Arc<Runtime>) -> Result<Self> {
        let mut subscriptions = Vec::new();
        for (address, channels) in by_server(&runtime.app.redis) {
            subscriptions.push(Subscription::open(&address, channels).await?);
        }
        Ok(Self { runtime, subscriptions })
    }

    /// Returns each server with its channels, and the components that consume them.
    pub fn channels(&self) -> impl Iterator<Item = (&str, &BTreeMap<String, Vec<String>>)> {
        self.subscriptions.iter().map(|subscription| (subscription.server.as_str(), &subscription.channels))
    }

    /// Returns the counters of the host.
    pub fn counts(&self) -> Counts {
        self.runtime.counts()
    }

    /// Handles messages until a connection is lost, and returns the cause.
    pub async fn run(self) -> Error {
        let mut tasks = JoinSet::new();
        for subscription in self.subscriptions {
            tasks.spawn(subscription.run(Arc::clone(&self.runtime)));
        }
        let lost = match tasks.join_next().await {
            Some(Ok(server)) => anyhow!("disconnected from {server}"),
            Some(Err(error)) => Error::new(error).context("a message made the host panic"),
            None => anyhow!("there is no channel to consume"),
        };
        self.runtime.logs.flush().await;
        lost
    }
}

impl fmt::Debug for RedisConsumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let servers: Vec<&str> = self.channels().map(|(server, _)| server).collect();
        f.debug_struct("RedisConsumer").field("servers", &servers).finish_non_exhaustive()
    }
}

impl Subscription {
    async fn open(address: &str, channels: Channels) -> Result<Self> {
        // The error may quote the address, which may contain a password.
        let client = Client::open(address).map_err(|_| anyhow!("the address of a Redis trigger is no Redis URL"))?;
        let server = client.get_connection_info().addr().to_string();
        let connection = client.get_async_pubsub().await;
        let mut connection = connection.with_context(|| format!("Redis trigger failed to connect to {server}"))?;
        for channel in channels.keys() {
            connection
                .subscribe(channel)
                .await
                .with_context(|| format!("Redis trigger failed to subscribe to channel {channel:?} on {server}"))?;
        }
        Ok(Self { server, channels, connection })
    }

    /// Handles messages until the connection is lost, and returns the server's name.
    async fn run(self, runtime: Arc<Runtime>) -> String {
        let Self { server, channels, mut connection } = self;
        let mut messages = connection.on_message();
        while let Some(message) = messages.next().await {
            let channel = message.get_channel_name();
            let components = channels.get(channel).map(Vec::as_slice).unwrap_or_default();
            let payload = message.get_payload_bytes().to_vec();
            let handle = async |component: &String| {
                if let Err(cause) = runtime.handle_message(component, &payload).await {
                    tracing::error!(%component, %channel, "a message was dropped: {cause}");
                }
            };
            join_all(components.iter().map(handle)).await;
        }
        server
    }
}

fn by_server(triggers: &[RedisTrigger]) -> BTreeMap<String, Channels> {
    let mut servers: BTreeMap<String, Channels> = BTreeMap::new();
    for RedisTrigger { address, channel, component } in triggers {
        let channels = servers.entry(address.clone()).or_default();
        channels.entry(channel.clone()).or_default().push(component.clone());
    }
    servers
}
