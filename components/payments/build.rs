//! Embeds the migrations of this service.

fn main() {
    spindle_migrations::embed("payments");
}
