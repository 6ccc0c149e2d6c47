//! The one writer of this node: takes what is queued, decides every command, commits once, answers.

use std::{any::Any, sync::Arc, time::Duration};

use sea_orm::{DatabaseTransaction, DbErr, TransactionTrait};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{MissedTickBehavior, interval},
};
use tracing::{Instrument, Span, field::Empty};

use super::{
    Database, Notifier, database,
    idempotency::{self, Idempotency, Receipts},
    log, rows, sqlite,
    unit_of_work::{Command, Receipt, SentReceipt, UnitOfWork},
};
use crate::{
    SPANS,
    auth::Principal,
    clock::Clock,
    domain::{
        change::{Change, Effect, Late, Seq},
        contact::ContactId,
        rejection::Rejections,
    },
    snapshot::{Snapshot, SnapshotCell},
    tasks::Tasks,
};

/// How many commands may wait; more are turned away at once.
const QUEUE: usize = 4096;
/// How many changes of other writers are taken in per read.
const CATCH_UP: u64 = 5_000;
/// How long one batch may take. A network that swallows packets must not hold up the batches after it.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// How often an empty batch tries whether writes are stored again, while they are not.
const PROBE: Duration = Duration::from_secs(1);

/// Whether what is reported is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// The last batch was committed.
    Good,
    /// The last batch was not committed; the writer keeps trying.
    Failing,
    /// The database found its file damaged. Nothing more is written to it until the node starts again, which checks
    /// the whole file first.
    Damaged,
}

/// A command of any kind, with what is needed to decide it.
struct Envelope {
    principal: Principal,
    /// The span of its sender, to which that of the batch is linked.
    span: Span,
    /// Set when a retry must not happen twice: then the receipt is an `Arc<SentReceipt>`.
    idempotency: Option<Idempotency>,
    decide: Box<dyn FnOnce(&mut UnitOfWork) -> Result<AnyReceipt, Rejections> + Send + Sync>,
}

/// A receipt whose type only its sender knows.
type AnyReceipt = Box<dyn Any + Send>;

impl Envelope {
    fn of<R: Send + 'static>(
        principal: Principal,
        idempotency: Option<Idempotency>,
        decide: impl FnOnce(&mut UnitOfWork) -> Result<R, Rejections> + Send + Sync + 'static,
    ) -> Self {
        let decide = Box::new(|unit: &mut UnitOfWork| Ok(Box::new(decide(unit)?) as AnyReceipt));
        Self { principal, span: Span::current(), idempotency, decide }
    }
}

/// The outcome of an accepted command. It is on disk, and in every answer from now on.
#[derive(Debug, Clone, PartialEq)]
pub struct Committed<R> {
    /// The answer to the sender.
    pub receipt: R,
    /// Everything up to this change is committed and shown.
    pub seq: Seq,
    /// The request had been accepted before; nothing happened now.
    pub replayed: bool,
}

/// Why a command was not accepted.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WriteError {
    /// It may not or cannot be done.
    #[error("refused")]
    Refused(Rejections),
    /// The queue is full.
    #[error("too many writes are waiting")]
    Overloaded,
    /// The database did not take it: nothing of it is stored.
    #[error("nothing was stored: the database is away, locked, or cannot be written")]
    NotStored,
    /// The database did not confirm it; whether it was stored is unknown until it is asked again.
    #[error("it is not known whether this was stored: the database did not confirm it")]
    Unconfirmed,
}

type Answer = oneshot::Sender<Result<Committed<AnyReceipt>, WriteError>>;

/// The way to the writer. Cheap to clone; the writer stops when the last one is dropped.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<(Envelope, Answer)>,
    health: watch::Receiver<Health>,
}

impl Writer {
    /// Tries whether anything is stored, and starts the writer, which tells other nodes by `notifier`. `batch` is the
    /// most commands that share one commit.
    pub async fn start(
        database: Database,
        shared: Arc<SnapshotCell>,
        clock: Arc<dyn Clock>,
        notifier: Option<Notifier>,
        batch: usize,
        tasks: &Tasks,
    ) -> Self {
        let (sender, queue) = mpsc::channel(QUEUE);
        let health = watch::Sender::new(match database.try_write(clock.now()).await {
            Ok(()) => Health::Good,
            Err(error) => {
                tracing::error!(%error, "nothing can be stored; answering from what is stored");
                Health::Failing
            }
        });
        let writer = Self { queue: sender, health: health.subscribe() };
        let working = Loop { database, shared, clock, notifier, health };
        tasks.spawn_vital("writer", working.run(queue, batch.max(1)));
        writer
    }

    /// How many writes wait for the next commit.
    pub fn queued(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// Whether writes are stored, now and from now on.
    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.clone()
    }

    /// Hands a command in and waits until it is durable and visible, or refused.
    pub async fn submit<C: Command>(
        &self,
        principal: Principal,
        command: C,
    ) -> Result<Committed<Receipt<C::Outcome>>, WriteError> {
        self.hand_in(Envelope::of(principal, None, move |unit| command.decide(unit))).await
    }

    /// Submits a command for a sender who gets JSON. A repeated request gets the first receipt again.
    pub async fn submit_once(
        &self,
        principal: Principal,
        idempotency: Option<Idempotency>,
        command: impl Command,
    ) -> Result<Committed<Arc<SentReceipt>>, WriteError> {
        let decide = move |unit: &mut UnitOfWork| Ok(Arc::new(command.decide(unit)?.sent()));
        self.hand_in(Envelope::of(principal, idempotency, decide)).await
    }

    async fn hand_in<R: 'static>(&self, envelope: Envelope) -> Result<Committed<R>, WriteError> {
        let (answer, outcome) = oneshot::channel();
        self.queue.try_send((envelope, answer)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => WriteError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => WriteError::NotStored,
        })?;
        let Committed { receipt, seq, replayed } = outcome.await.unwrap_or(Err(WriteError::Unconfirmed))?;
        let receipt = *receipt.downcast().expect("a receipt is what its command makes");
        Ok(Committed { receipt, seq, replayed })
    }
}

struct Loop {
    database: Database,
    shared: Arc<SnapshotCell>,
    clock: Arc<dyn Clock>,
    notifier: Option<Notifier>,
    health: watch::Sender<Health>,
}

/// Why a batch was not committed.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error("the commit failed: {0}")]
    Commit(#[source] DbErr),
    #[error("the database did not finish within {} seconds", PATIENCE.as_secs())]
    TooSlow(#[from] tokio::time::error::Elapsed),
    #[error("deciding went wrong: {0}")]
    Undecided(#[from] tokio::task::JoinError),
    #[error("the file was found damaged before")]
    Damaged,
    /// The log has lost what the memory shows: [`super::feed`] rebuilds it.
    #[error("the log has lost change {0}, which this node has shown")]
    LogLost(Seq),
}

impl Failure {
    fn database(&self) -> Option<&DbErr> {
        match self {
            Self::Database(error) | Self::Commit(error) => Some(error),
            _ => None,
        }
    }

    /// What the senders of the batch are told. Before the commit began nothing of it is stored, because the transaction
    /// is rolled back.
    fn told(&self) -> WriteError {
        match self {
            Self::Commit(_) | Self::TooSlow(_) => WriteError::Unconfirmed,
            Self::Database(_) | Self::Undecided(_) | Self::Damaged | Self::LogLost(_) => {
                WriteError::NotStored
            }
        }
    }
}

impl Loop {
    async fn run(self, mut queue: mpsc::Receiver<(Envelope, Answer)>, most: usize) {
        let mut batch = Vec::new();
        let mut probe = interval(PROBE);
        probe.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let is_failing = *self.health.borrow() == Health::Failing;
            tokio::select! {
                received = queue.recv_many(&mut batch, most) => if received == 0 { return },
                // The batch is empty, which makes it a probe.
                _ = probe.tick(), if is_failing => {}
            }
            self.write(std::mem::take(&mut batch)).await;
        }
    }

    /// Commits a batch and answers all of it.
    async fn write(&self, batch: Vec<(Envelope, Answer)>) {
        if !batch.is_empty() {
            metrics::histogram!("sedia_write_batch_commands").record(count(batch.len()));
        }
        let span = batch_span(&batch);
        let (envelopes, answers): (Vec<Envelope>, Vec<Answer>) = batch.into_iter().unzip();
        let committed = tokio::time::timeout(PATIENCE, self.commit(envelopes).instrument(span.clone())).await;
        match committed.unwrap_or_else(|elapsed| Err(elapsed.into())) {
            Ok(outcomes) => {
                if self.set_health(Health::Good) != Health::Good {
                    tracing::info!("writes are stored again");
                }
                for (answer, outcome) in answers.into_iter().zip(outcomes) {
                    // The sender may have gone away; what was decided stands.
                    let _ = answer.send(outcome);
                }
            }
            Err(failure) => {
                span.record("otel.status_code", "ERROR");
                self.fail(&failure, answers.len());
                for answer in answers {
                    let _ = answer.send(Err(failure.told()));
                }
            }
        }
    }

    fn fail(&self, failure: &Failure, commands: usize) {
        self.database.distrust_connections();
        if *self.health.borrow() == Health::Good {
            tracing::error!(error = %failure, commands, "a batch was not committed");
        } else {
            // While a database is away each report fails, many in a second.
            tracing::debug!(error = %failure, commands, "writes are still not stored");
        }
        if commands > 0 {
            metrics::counter!("sedia_write_failures_total").increment(1);
        }
        if let Some(error) = failure.database().filter(|error| sqlite::is_damage(error)) {
            tracing::error!(%error, "the file of the database is damaged; nothing more is written to it");
            self.set_health(Health::Damaged);
        } else if !matches!(failure, Failure::Damaged) {
            self.set_health(Health::Failing);
        }
    }

    /// Says how writing goes, and gives how it went before.
    fn set_health(&self, health: Health) -> Health {
        metrics::gauge!("sedia_writes_stored").set(if health == Health::Good { 1.0 } else { 0.0 });
        self.health.send_replace(health)
    }

    /// Decides `envelopes` in order, in one transaction. While writes fail it commits something in any case: only that
    /// shows whether they are stored again.
    async fn commit(
        &self,
        envelopes: Vec<Envelope>,
    ) -> Result<Vec<Result<Committed<AnyReceipt>, WriteError>>, Failure> {
        let health = *self.health.borrow();
        if health == Health::Damaged {
            return Err(Failure::Damaged);
        }
        let transaction = self.database.begin_batch().await?;
        self.database.look(&transaction).await?;
        let before = self.catch_up(&transaction).await?;
        let requests = envelopes.iter().filter_map(|envelope| envelope.idempotency.as_ref());
        let receipts = Receipts::read(&transaction, requests, self.clock.now()).await?;

        let unit = UnitOfWork::new((*before).clone(), Arc::clone(&self.clock));
        // Deciding is computing: a long list must not hold up the tasks that answer questions.
        let decided = tokio::task::spawn_blocking(move || decide(unit, receipts, envelopes));
        let Decided { unit, outcomes, kept } = decided.await?;

        let count = unit.changes.len() as u64;
        if !unit.changes.is_empty() || !kept.is_empty() {
            log::append(&transaction, &unit.changes, &unit.late).await?;
            rows::write(&transaction, &unit.changes, &before, unit.state()).await?;
            idempotency::store(&transaction, &kept, unit.now()).await?;
            if let Some(notifier) = self.notifier.as_ref().filter(|_| count > 0) {
                notifier.notify(&transaction).await?;
            }
            transaction.commit().await.map_err(Failure::Commit)?;
            self.shared.swap(before, unit.changes, unit.snapshot).await;
        } else if health == Health::Failing {
            self.probe(&transaction, &before).await?;
            transaction.commit().await?;
        }
        Span::current().record("sedia.changes", count);
        metrics::counter!("sedia_changes_total").increment(count);
        Ok(outcomes)
    }

    /// Appends a change that changes nothing, and takes it back: so the log can be written. Then leaves something that
    /// the commit has to store.
    async fn probe(&self, transaction: &DatabaseTransaction, state: &Snapshot) -> Result<(), DbErr> {
        let at = self.clock.now();
        let effect = Effect::ContactEnded { id: ContactId::nil() };
        let change = [Change { seq: state.seq() + 1, at, actor: "probe".into(), effect }];
        let attempt = transaction.begin().await?;
        log::append(&attempt, &change, &[Late::default()]).await?;
        rows::write(&attempt, &change, state, state).await?;
        attempt.rollback().await?;
        database::write_probe(transaction, at).await
    }

    /// Takes in what other writers of this database committed. The transaction holds the log's lock, so
    /// afterwards nothing is missing.
    async fn catch_up(&self, transaction: &DatabaseTransaction) -> Result<Arc<Snapshot>, Failure> {
        let mut current = self.shared.current();
        loop {
            let changes = log::read_from(transaction, current.seq(), CATCH_UP).await?;
            if !log::is_known(&current, changes.first()) {
                return Err(Failure::LogLost(current.seq()));
            }
            if changes.last().is_none_or(|last| last.seq <= current.seq()) {
                break;
            }
            current = self.shared.publish(changes).await;
        }
        if self.shared.must_be_loaded() {
            self.shared.rewind(rows::snapshot(transaction, self.clock.now()).await?).await;
            current = self.shared.current();
        }
        Ok(current)
    }
}

struct Decided {
    unit: UnitOfWork,
    outcomes: Vec<Result<Committed<AnyReceipt>, WriteError>>,
    kept: Vec<(Idempotency, Arc<SentReceipt>)>,
}

fn decide(mut unit: UnitOfWork, mut receipts: Receipts, envelopes: Vec<Envelope>) -> Decided {
    let mut kept = Vec::new();
    let outcomes = envelopes
        .into_iter()
        .map(|Envelope { principal, idempotency, decide, .. }| {
            let earlier = idempotency.as_ref().map(|request| receipts.find(request)).transpose();
            let earlier = earlier.map_err(|rejection| WriteError::Refused(rejection.into()))?.flatten();
            if let Some(receipt) = earlier {
                let receipt: AnyReceipt = Box::new(receipt);
                return Ok(Committed { receipt, seq: unit.state().seq(), replayed: true });
            }
            let receipt = unit.decide(principal, decide).map_err(WriteError::Refused)?;
            if let Some(request) = idempotency {
                let sent: &Arc<SentReceipt> = receipt.downcast_ref().expect("see `Writer::submit_once`");
                receipts.keep(&request, sent);
                kept.push((request, Arc::clone(sent)));
            }
            Ok(Committed { receipt, seq: unit.state().seq(), replayed: false })
        })
        .collect();
    Decided { unit, outcomes, kept }
}

/// The span of a batch: a trace of its own, as it is part of the work for several senders.
fn batch_span(batch: &[(Envelope, Answer)]) -> Span {
    if batch.is_empty() {
        return Span::none();
    }
    let span = tracing::trace_span!(
        target: SPANS,
        parent: None,
        "batch",
        otel.status_code = Empty,
        sedia.commands = batch.len(),
        sedia.changes = Empty,
    );
    for (envelope, _) in batch {
        span.follows_from(&envelope.span);
    }
    span
}

#[expect(clippy::cast_precision_loss, reason = "a histogram of small numbers")]
fn count(commands: usize) -> f64 {
    commands as f64
}
