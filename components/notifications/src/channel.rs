//! The channels, by their names.

pub(crate) use spindle_contracts::event::Channel;

/// All of them, in the order in which somebody is told.
pub(crate) const ALL: [Channel; 3] = [Channel::Email, Channel::Sms, Channel::Push];

/// The name of `channel`, as it is stored and shown.
pub(crate) fn name(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "email",
        Channel::Sms => "sms",
        Channel::Push => "push",
    }
}

/// The channel called `name`.
pub(crate) fn from_name(name: &str) -> Option<Channel> {
    ALL.into_iter().find(|channel| self::name(*channel) == name)
}
