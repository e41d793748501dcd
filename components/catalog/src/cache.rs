//! What is read often, kept in key-value beside the database.
//!
//! Whether that pays depends on where the two are, and the variable `catalog_cache` says what is kept. Beside a database in a local
//! file, `lists` does: on the embedded host a list that is kept takes 0.3 instead of 0.7 ms. A product takes 0.2 instead of 0.3 ms if it
//! is kept and 0.5 if it is not, and of many products few are. `on` keeps those as well, for a database behind a network; `off`
//! keeps nothing.
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
/// The variable that says what is kept.
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
    let is_kept = Kept::by_variable(context)?.includes(subject);
    let store = if is_kept { open(context).await } else { None };
    let Some(store) = store else { return Ok((load().await?, BYPASSED)) };
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
    let kept = Kept::by_variable(context)?;
    let subjects = products.map(Subject::Product).chain([Subject::Categories]);
    let generations: BTreeSet<String> =
        subjects.filter(|subject| kept.includes(*subject)).map(Subject::generation_key).collect();
    let store = if generations.is_empty() { None } else { open(context).await };
    let Some(store) = store else { return Ok(()) };
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

/// What is to be kept.
enum Kept {
    Nothing,
    Lists,
    Everything,
}

impl Kept {
    fn by_variable(context: &Context) -> Result<Self, config::Error> {
        context.config().parse(VARIABLE, "off, lists or on")
    }

    fn includes(&self, subject: Subject<'_>) -> bool {
        match self {
            Self::Nothing => false,
            Self::Lists => !matches!(subject, Subject::Product(_)),
            Self::Everything => true,
        }
    }
}

impl FromStr for Kept {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "off" => Ok(Self::Nothing),
            "lists" => Ok(Self::Lists),
            "on" => Ok(Self::Everything),
            _ => Err(()),
        }
    }
}

/// The store, if it can be used.
async fn open(context: &Context) -> Option<Store> {
    context.kv(STORE).await.inspect_err(|error| warn(context, error)).ok()
}

fn new_generation(context: &Context) -> String {
    format!("{:032x}", u128::from_be_bytes(context.random()))
}

fn warn(context: &Context, error: &kv::Error) {
    context.log(Level::Warn, "cache failed", &[("cause", error.to_string().into())]);
}
