//! Embeds the migrations of `users`: the bench reads a database that the service has created.

fn main() {
    spindle_migrations::embed("users");
}
