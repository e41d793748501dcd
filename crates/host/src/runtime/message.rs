//! Runs a component for a message of a Redis trigger.

use std::sync::Arc;

use super::component::Entry;
use super::{Runtime, cause};

impl Runtime {
    /// Handles `message` with a fresh instance of `component`, within the time limit for a response.
    ///
    /// # Errors
    ///
    /// The cause of the failure, in one line.
    pub(crate) async fn handle_message(self: &Arc<Self>, component: &str, message: &Vec<u8>) -> Result<(), String> {
        self.counters.add_message();
        let handled = self.try_handle_message(component, message).await;
        if handled.is_err() {
            self.counters.add_failure();
        }
        handled
    }

    async fn try_handle_message(self: &Arc<Self>, component: &str, message: &Vec<u8>) -> Result<(), String> {
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
            Ok(Ok(Err(_))) => Err("the component returned an error".to_owned()),
            Ok(Err(error)) => Err(cause(&error, store.data().memory_refused(), self.limits.memory_bytes)),
            Err(_) => Err(format!("it did not end within {limit:?}")),
        }
    }
}
