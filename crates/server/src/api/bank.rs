//! In work: routes come soon; `router()` can be merged already.

use crate::app::Shared;
use utoipa_axum::router::OpenApiRouter;

/// Routes of this file.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
}
