//! What every handler shares, and the order in which things start and stop.

use crate::auth::Limiter;
use crate::board::Boards;
use crate::config::Config;
use crate::hall::Halls;
use std::sync::Arc;
use store::Store;
use store::journal::Journal;

/// The running server; handlers hold it as [`Shared`].
pub struct App {
    /// Settings, each already checked.
    pub config: Config,
    /// Roster, library, staff, publications.
    pub store: Store,
    /// The journal's writer.
    pub journal: Journal,
    /// Owners of the sittings.
    pub halls: Halls,
    /// Live rankings.
    pub boards: Boards,
    /// Key for the HMACs of PINs; made once per installation.
    pub secret: [u8; 32],
    /// Limits of sign-in attempts.
    pub limiter: Limiter,
    /// When this process started, wall clock.
    pub started_utc_ms: i64,
}

/// The state of the router.
pub type Shared = Arc<App>;
