//! Embeds the metrics that the gateway serves.

use spindle_metrics_schema::{Error, Source, embed};

fn main() -> Result<(), Error> {
    embed(Source::Gateway)
}
