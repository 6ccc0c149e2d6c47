//! The tasks of a node: how they begin, which of them must not end, and how all of them do.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::task::JoinHandle;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Every task of one node. Cheap to clone.
#[derive(Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stopping: CancellationToken,
    broken: Arc<AtomicBool>,
}

impl Tasks {
    /// Starts a task.
    pub fn spawn<T: Send + 'static>(&self, task: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.tracker.spawn(task)
    }

    /// Starts a task without which the node would only seem to work: if it ends before its time, the node
    /// stops, and the supervisor of the process starts it anew.
    pub fn spawn_vital(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let tasks = self.clone();
        self.tracker.spawn(async move {
            let ended = tokio::spawn(task).await;
            if !tasks.stopping.is_cancelled() {
                tasks.give_up(&format!("the {name} ended: {ended:?}"));
            }
        });
    }

    /// Stops the node because it can no longer be trusted.
    pub fn give_up(&self, why: &str) {
        tracing::error!(why, "this node cannot go on");
        self.broken.store(true, Ordering::Relaxed);
        self.stop();
    }

    /// Whether the node stopped because it could not go on.
    pub fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }

    /// Tells every task to end.
    pub fn stop(&self) {
        self.stopping.cancel();
    }

    /// Whether the tasks were asked to end.
    pub fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Waits until the tasks are asked to end.
    pub async fn stopping(&self) {
        self.stopping.cancelled().await;
    }

    /// Runs `part`; None if the node stops first.
    pub async fn unless_stopping<T>(&self, part: impl Future<Output = T>) -> Option<T> {
        self.stopping.run_until_cancelled(part).await
    }

    /// Waits until every task has ended.
    pub async fn ended(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }
}
