//! Embeds the migrations of users: the bench reads a database that the service has made.

fn main() {
    spindle_migrations::embed("users");
}
