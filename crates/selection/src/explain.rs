//! Why somebody stands where they stand.
