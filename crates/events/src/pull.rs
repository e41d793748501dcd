//! Asking the services that one listens to for what they have told: what a push did not reach.

use crate::consumer::is_for;
use crate::inbox::{self, InboxMessage};
use crate::outbox::{PAGE, Page};
use bytes::Bytes;
use http::StatusCode;
use spindle_contracts::event::producers_for;
use spindle_platform::Context;
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;
use std::time::{Duration, Instant};

/// How long a service may take for one answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Keeps what the services tell that this one listens to, until they have no more or `until` is over; says how many events were news.
/// One that does not answer is asked again at the next tick.
pub(crate) async fn pull(context: &Context, db: &Connection, until: Instant) -> usize {
    let mut news = 0;
    for producer in producers_for(context.service()) {
        while Instant::now() < until {
            match pull_page(context, db, producer).await {
                Ok((more, count)) => {
                    news += count;
                    if !more {
                        break;
                    }
                }
                Err(cause) => {
                    let fields = [("from", producer.into()), ("cause", cause.into())];
                    context.log(Level::Warn, "events not pulled", &fields);
                    break;
                }
            }
        }
    }
    news
}

/// Whether there is more, and how many events were news.
async fn pull_page(context: &Context, db: &Connection, producer: &str) -> Result<(bool, usize), String> {
    let after = inbox::cursor(db, producer).await.map_err(|error| error.to_string())?;
    let request = http::Request::get(format!("/internal/{producer}/events?after={after}")).body(Bytes::new());
    let request = request.map_err(|error| error.to_string())?;
    let response = context.client().call(producer, request, TIMEOUT).await.map_err(|error| error.to_string())?;
    if response.status() != StatusCode::OK {
        return Err(format!("{producer} answered {}", response.status().as_u16()));
    }
    let Page { events, next } = serde_json::from_slice(response.body()).map_err(|error| error.to_string())?;
    let more = events.len() == PAGE;
    if next <= after {
        return Ok((false, 0));
    }
    let own =
        |event: &spindle_contracts::event::CloudEvent| event.producer() == producer && is_for(event, context.service());
    let events: Vec<InboxMessage> = events.into_iter().filter(own).map(InboxMessage::from).collect();
    let keep = async {
        let transaction = db.transaction().await?;
        let news = inbox::insert(&transaction, &events, context.now()).await?;
        inbox::set_cursor(&transaction, producer, next).await?;
        transaction.commit().await?;
        Ok::<usize, spindle_platform::sql::Error>(news.len())
    };
    Ok((more, keep.await.map_err(|error| error.to_string())?))
}
