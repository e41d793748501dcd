//! How a message of a Redis trigger is put through a component.

use std::sync::Arc;

use super::component::Entry;
use super::{Runtime, cause};

impl Runtime {
    /// Has a fresh instance of `component` handle `message`, within the time that a request has for its response.
    ///
    /// # Errors
    ///
    /// Why it failed, in one line.
    pub(crate) async fn hear(self: &Arc<Self>, component: &str, message: &Vec<u8>) -> Result<(), String> {
        self.counters.message();
        let heard = self.try_hear(component, message).await;
        if heard.is_err() {
            self.counters.failure();
        }
        heard
    }

    async fn try_hear(self: &Arc<Self>, component: &str, message: &Vec<u8>) -> Result<(), String> {
        let component = self.components.get(component).ok_or("it is not loaded")?;
        let Entry::Messages(entry) = &component.entry else { return Err("it handles requests".to_owned()) };
        let mut store = component.store(self, &self.engine);
        let limit = self.limits.timeout;
        let handled = tokio::time::timeout(limit, async {
            let instance = entry.instantiate_async(&mut store).await?;
            instance.fermyon_spin_inbound_redis().call_handle_message(&mut store, message).await
        });
        let handled = handled.await;
        if self.engine.get_consume_fuel() {
            self.count_instructions(&store, "a message");
        }
        match handled {
            Ok(Ok(Ok(()))) => Ok(()),
            Ok(Ok(Err(_))) => Err("the component says that it failed".to_owned()),
            Ok(Err(error)) => Err(cause(&error, store.data().memory_refused(), self.limits.memory_bytes)),
            Err(_) => Err(format!("it was not done after {limit:?}")),
        }
    }
}
