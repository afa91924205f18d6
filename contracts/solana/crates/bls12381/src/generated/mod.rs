//! Written by tools/generate-constants.ts.
pub mod constants;
