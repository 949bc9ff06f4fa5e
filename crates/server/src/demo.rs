//! In work: the demonstration of `serve --demo`.

use crate::app::Shared;
use utoipa_axum::router::OpenApiRouter;

/// Routes of the demonstration; its answers are "not found" without `--demo`.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
}
