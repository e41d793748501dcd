//! The memory limit of one instance, counted over all its linear memories, so that a dependency cannot double it.

use wasmtime::ResourceLimiter;

/// The largest table: tables hold function references, a few thousand for a large component; more is a runaway.
const MAX_TABLE_ELEMENTS: usize = 100_000;

/// Counts the memory of an instance and refuses growth past the limit.
#[derive(Debug)]
pub(crate) struct MemoryLimiter {
    limit: usize,
    used: usize,
    refused: bool,
}

impl MemoryLimiter {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, used: 0, refused: false }
    }

    /// Returns whether memory was ever refused: most guests then trap without naming the cause, and the log should name it.
    pub(crate) fn refused(&self) -> bool {
        self.refused
    }
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        let used = self.used.saturating_sub(current).saturating_add(desired);
        if used > self.limit {
            self.refused = true;
            return Ok(false);
        }
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        self.used = used;
        Ok(true)
    }

    fn table_growing(&mut self, _current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= maximum.unwrap_or(MAX_TABLE_ELEMENTS).min(MAX_TABLE_ELEMENTS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_memories_share_one_limit() {
        let mut limiter = MemoryLimiter::new(100);
        assert!(limiter.memory_growing(0, 60, None).unwrap());
        assert!(limiter.memory_growing(0, 30, None).unwrap());
        assert!(!limiter.refused());
        assert!(!limiter.memory_growing(30, 50, None).unwrap());
        assert!(limiter.refused());
        assert!(limiter.memory_growing(60, 70, None).unwrap());
    }

    #[test]
    fn a_memory_keeps_to_its_maximum() {
        let mut limiter = MemoryLimiter::new(100);
        assert!(!limiter.memory_growing(0, 60, Some(50)).unwrap());
        assert!(!limiter.refused());
    }
}
