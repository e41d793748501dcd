//! The channels and their names.

pub(crate) use spindle_contracts::event::Channel;

/// All channels, in the order in which notifications are enqueued.
pub(crate) const ALL: [Channel; 3] = [Channel::Email, Channel::Sms, Channel::Push];

/// Returns the name of `channel` in the database and in responses.
pub(crate) fn name(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "email",
        Channel::Sms => "sms",
        Channel::Push => "push",
    }
}

/// Returns the channel with this name.
pub(crate) fn from_name(name: &str) -> Option<Channel> {
    ALL.into_iter().find(|channel| self::name(*channel) == name)
}
