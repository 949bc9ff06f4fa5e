//! Deliberate mistakes. A fault test that never fails proves nothing, so each promise has a mistake here that breaks it, and a test that must
//! turn red when the mistake is made.
//!
//! One build knows all of them (feature `armed`); which one is made is chosen at run time by the environment variable `SAKSAMA_SABOTAGE`.
//! Without the feature [`on`] is a constant `false`: nothing of this is in the program that people run.

/// A mistake and the promise that it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// Answers go out when the batch is handed to the journal, not when it is durable.
    AckBeforeCommit,
    /// The live state changes when a batch is decided, not when it is durable: a batch that was not stored leaves its traces.
    ApplyBeforeAppend,
    /// A command that comes again is decided again.
    SkipIdempotency,
    /// The journal commits without a sync.
    SynchronousNormal,
    /// A paused session's time runs on.
    ForgetPause,
    /// Answers after the deadline count.
    IgnoreDeadline,
    /// An older terminal of a session may go on answering.
    IgnoreEpoch,
    /// What is on its way when the server is told to stop is acknowledged and dropped.
    LoseLastBatch,
    /// Equal totals stand in the wrong order in the live ranking.
    WrongTieOrder,
    /// After a failed sync the writer goes on as if it had worked.
    BelieveAfterError,
    /// A full disk is answered with "saved".
    FullDiskIsSaved,
    /// Hashes of blocks are not compared when a journal is read.
    TrustBlocks,
    /// Remaining time follows the wall clock.
    WallClock,
    /// A restart begins every session's time anew.
    RestartClocks,
    /// The first choice counts, not the last one.
    FirstChoiceWins,
    /// Under load answers are dropped without a word.
    ShedAnswers,
}

impl Sabotage {
    /// All of them.
    pub const ALL: [Sabotage; 16] = [
        Sabotage::AckBeforeCommit,
        Sabotage::ApplyBeforeAppend,
        Sabotage::SkipIdempotency,
        Sabotage::SynchronousNormal,
        Sabotage::ForgetPause,
        Sabotage::IgnoreDeadline,
        Sabotage::IgnoreEpoch,
        Sabotage::LoseLastBatch,
        Sabotage::WrongTieOrder,
        Sabotage::BelieveAfterError,
        Sabotage::FullDiskIsSaved,
        Sabotage::TrustBlocks,
        Sabotage::WallClock,
        Sabotage::RestartClocks,
        Sabotage::FirstChoiceWins,
        Sabotage::ShedAnswers,
    ];

    /// Its name in `SAKSAMA_SABOTAGE`.
    pub const fn name(self) -> &'static str {
        match self {
            Sabotage::AckBeforeCommit => "ack_before_commit",
            Sabotage::ApplyBeforeAppend => "apply_before_append",
            Sabotage::SkipIdempotency => "skip_idempotency",
            Sabotage::SynchronousNormal => "synchronous_normal",
            Sabotage::ForgetPause => "forget_pause",
            Sabotage::IgnoreDeadline => "ignore_deadline",
            Sabotage::IgnoreEpoch => "ignore_epoch",
            Sabotage::LoseLastBatch => "lose_last_batch",
            Sabotage::WrongTieOrder => "wrong_tie_order",
            Sabotage::BelieveAfterError => "believe_after_error",
            Sabotage::FullDiskIsSaved => "full_disk_is_saved",
            Sabotage::TrustBlocks => "trust_blocks",
            Sabotage::WallClock => "wall_clock",
            Sabotage::RestartClocks => "restart_clocks",
            Sabotage::FirstChoiceWins => "first_choice_wins",
            Sabotage::ShedAnswers => "shed_answers",
        }
    }
}

/// The environment variable that chooses the mistake.
pub const VARIABLE: &str = "SAKSAMA_SABOTAGE";

/// Is this mistake to be made?
#[cfg(not(feature = "armed"))]
#[inline(always)]
pub const fn on(_: Sabotage) -> bool {
    false
}

/// Is this mistake to be made? A name that is not known ends the program: a test with a misspelt sabotage would prove nothing.
#[cfg(feature = "armed")]
pub fn on(sabotage: Sabotage) -> bool {
    static CHOSEN: std::sync::OnceLock<Option<Sabotage>> = std::sync::OnceLock::new();
    let chosen = CHOSEN.get_or_init(|| {
        let name = std::env::var(VARIABLE).ok()?;
        let known = Sabotage::ALL.into_iter().find(|known| known.name() == name);
        assert!(known.is_some(), "{VARIABLE}={name} is not a sabotage");
        known
    });
    *chosen == Some(sabotage)
}
