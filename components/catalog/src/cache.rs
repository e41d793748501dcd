//! What is read often, kept in key-value beside the database. Whether that pays depends on where the database is: the variable
//! `catalog_cache` says `on` or `off`.
//!
//! # What it promises
//!
//! - *A write shows at once.* Each place has a generation, a random token that every write replaces once it is committed. What is kept
//!   bears the generation that was read *before* the database, so that a reader whom a write overtakes keeps something that nobody
//!   takes. Lists show stock, so that they change with every write; they share one generation.
//! - *It never grows.* There is a fixed number of places; what belongs into one replaces what was there.
//! - *It is never needed.* If the store fails, the database answers and the log says so. If it fails just when a write replaces a
//!   generation, or the process dies in between, what was kept is believed for another minute at most.
//!
//! Hits and misses are in `Cache-Status` (RFC 9211) and, from there, in the access line of each request; failures are lines of their own.

mod entry;
mod place;

pub(crate) use place::Subject;

use crate::representation::Representation;
use http::HeaderValue;
use spindle_contracts::{Problem, ProductId};
use spindle_platform::kv::{self, Store};
use spindle_platform::log::Level;
use spindle_platform::{Context, config};
use std::collections::BTreeSet;
use std::str::FromStr;

/// The label of the store in spin.toml.
const STORE: &str = "cache";
/// The variable that says whether it is used.
const VARIABLE: &str = "catalog_cache";
/// The largest body that is kept, in bytes.
const MAX_BYTES: usize = 128 * 1024;

/// How a read was answered, as `Cache-Status` tells it.
const HIT: HeaderValue = HeaderValue::from_static("spindle; hit");
const STORED: HeaderValue = HeaderValue::from_static("spindle; fwd=miss; stored");
const MISSED: HeaderValue = HeaderValue::from_static("spindle; fwd=miss");
/// The cache is off or down, or it keeps nothing of this kind.
pub(crate) const BYPASSED: HeaderValue = HeaderValue::from_static("spindle; fwd=bypass");

/// Answers a read of `subject` with what is kept, or with what `load` finds and is kept from then on; and says which.
pub(crate) async fn read(
    context: &Context,
    subject: Subject<'_>,
    load: impl AsyncFnOnce() -> Result<Representation, Problem>,
) -> Result<(Representation, HeaderValue), Problem> {
    let Some(store) = open(context).await? else { return Ok((load().await?, BYPASSED)) };
    let place = match Place::look(context, &store, subject).await {
        Ok(place) => place,
        Err(error) => {
            warn(context, &error);
            return Ok((load().await?, BYPASSED));
        }
    };
    if let Some(kept) = place.kept {
        return Ok((kept, HIT));
    }
    let found = load().await?;
    if found.body.len() > MAX_BYTES {
        return Ok((found, MISSED));
    }
    let entry = entry::write(&subject.name(), &place.generation, context.now(), &found);
    match store.set(&subject.key(), &entry).await {
        Ok(()) => Ok((found, STORED)),
        Err(error) => {
            warn(context, &error);
            Ok((found, MISSED))
        }
    }
}

/// Forgets `products` and all lists: to be called when a write is committed, before it is answered.
pub(crate) async fn forget(context: &Context, products: impl Iterator<Item = ProductId>) -> Result<(), Problem> {
    let Some(store) = open(context).await? else { return Ok(()) };
    let subjects = products.map(Subject::Product).chain([Subject::Categories]);
    let generations: BTreeSet<String> = subjects.map(Subject::generation_key).collect();
    for key in generations {
        if let Err(error) = store.set(&key, new_generation(context).as_bytes()).await {
            // The rest would fail as well, and take as long.
            warn(context, &error);
            break;
        }
    }
    Ok(())
}

/// What stands where a subject belongs.
struct Place {
    generation: String,
    kept: Option<Representation>,
}

impl Place {
    async fn look(context: &Context, store: &Store, subject: Subject<'_>) -> Result<Self, kv::Error> {
        let key = subject.generation_key();
        let Some(generation) = store.get(&key).await?.and_then(|generation| String::from_utf8(generation).ok()) else {
            // Nobody has been here, or the store has dropped it: then what is kept may be from before a write.
            let generation = new_generation(context);
            store.set(&key, generation.as_bytes()).await?;
            return Ok(Self { generation, kept: None });
        };
        let entry = store.get(&subject.key()).await?;
        let kept = entry.and_then(|entry| entry::read(&entry, &subject.name(), &generation, context.now()));
        Ok(Self { generation, kept })
    }
}

/// Whether the cache is to be used.
struct Switch(bool);

impl FromStr for Switch {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "on" => Ok(Self(true)),
            "off" => Ok(Self(false)),
            _ => Err(()),
        }
    }
}

/// The store, if it is to be used and can be.
async fn open(context: &Context) -> Result<Option<Store>, config::Error> {
    let Switch(is_on) = context.config().parse(VARIABLE, "on or off")?;
    if !is_on {
        return Ok(None);
    }
    Ok(context.kv(STORE).await.inspect_err(|error| warn(context, error)).ok())
}

fn new_generation(context: &Context) -> String {
    format!("{:032x}", u128::from_be_bytes(context.random()))
}

fn warn(context: &Context, error: &kv::Error) {
    context.log(Level::Warn, "cache failed", &[("cause", error.to_string().into())]);
}
