//! What must hold in every run, and how a run says that something did not.

use std::fmt;

/// A promise that the simulator checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    /// Whoever hears "saved" finds it on the disk, then and at the end.
    AcknowledgedIsDurable,
    /// For every position the last accepted answer counts, by number, and nothing else does.
    LastAnswerCounts,
    /// A command that comes again does nothing again.
    NothingDoubled,
    /// What was refused, not stored or is not yet durable has left no trace.
    RefusedChangesNothing,
    /// What is accepted and what is refused follows the rules.
    RulesHold,
    /// An answer within deadline and grace counts; a later one does not, unless it is admitted.
    OnlyInTimeCounts,
    /// Remaining time is plain arithmetic; a restart gives everybody back the same, and little.
    ClocksAgree,
    /// Neither a paused seat nor a held hall uses up time.
    PauseStopsTime,
    /// After a move or another sign-in the old terminal is not believed.
    OneTerminal,
    /// Positions without gaps, times that never go back, an unbroken chain, blocks within their limits.
    JournalIsWhole,
    /// The journal read from its beginning gives the living state.
    ReplayIsState,
    /// Live ranks are those of sorting everything; so are the final ones.
    RanksAreSorting,
    /// Marks are those of a table.
    TalliesAreLookups,
    /// A public row moves only when the policy says so.
    RevealIsPolicy,
    /// No queue grows beyond its limit.
    QueuesAreBounded,
    /// Once faults have ended everything is acknowledged or refused, and everybody comes to an end.
    EverythingIsAnswered,
    /// A second writer never gets a block in beside the first.
    OneWriter,
    /// After a long outage the hall is held before anybody's time runs.
    OutageHolds,
    /// Nothing panics.
    NoPanic,
}

impl Property {
    /// All of them.
    pub const ALL: [Property; 19] = [
        Property::AcknowledgedIsDurable,
        Property::LastAnswerCounts,
        Property::NothingDoubled,
        Property::RefusedChangesNothing,
        Property::RulesHold,
        Property::OnlyInTimeCounts,
        Property::ClocksAgree,
        Property::PauseStopsTime,
        Property::OneTerminal,
        Property::JournalIsWhole,
        Property::ReplayIsState,
        Property::RanksAreSorting,
        Property::TalliesAreLookups,
        Property::RevealIsPolicy,
        Property::QueuesAreBounded,
        Property::EverythingIsAnswered,
        Property::OneWriter,
        Property::OutageHolds,
        Property::NoPanic,
    ];

    /// Its name on the command line and in `seeds.txt`.
    pub fn name(self) -> &'static str {
        match self {
            Property::AcknowledgedIsDurable => "acknowledged-is-durable",
            Property::LastAnswerCounts => "last-answer-counts",
            Property::NothingDoubled => "nothing-doubled",
            Property::RefusedChangesNothing => "refused-changes-nothing",
            Property::RulesHold => "rules-hold",
            Property::OnlyInTimeCounts => "only-in-time-counts",
            Property::ClocksAgree => "clocks-agree",
            Property::PauseStopsTime => "pause-stops-time",
            Property::OneTerminal => "one-terminal",
            Property::JournalIsWhole => "journal-is-whole",
            Property::ReplayIsState => "replay-is-state",
            Property::RanksAreSorting => "ranks-are-sorting",
            Property::TalliesAreLookups => "tallies-are-lookups",
            Property::RevealIsPolicy => "reveal-is-policy",
            Property::QueuesAreBounded => "queues-are-bounded",
            Property::EverythingIsAnswered => "everything-is-answered",
            Property::OneWriter => "one-writer",
            Property::OutageHolds => "outage-holds",
            Property::NoPanic => "no-panic",
        }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A property did not hold.
#[derive(Clone, Debug)]
pub struct Violation {
    /// Which.
    pub property: Property,
    /// What was seen and what was expected.
    pub detail: String,
    /// Simulated milliseconds since the run began.
    pub at_ms: u64,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation { property, detail, at_ms } = self;
        write!(f, "{property} at {}.{:03} s: {detail}", at_ms / 1000, at_ms % 1000)
    }
}

/// What a check says.
pub type Checked<T = ()> = Result<T, Violation>;

/// The property does not hold; the caller's clock is put in by the world.
pub fn broken<T>(property: Property, detail: String) -> Checked<T> {
    Err(Violation { property, detail, at_ms: 0 })
}
