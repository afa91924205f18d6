//! What the hub's light client keeps, as bytes of its accounts: it writes them, other programs read them
//! (no call is needed: who owns an account and what it begins with says who wrote it). Numbers are
//! little-endian; each begins with 8 bytes of its kind, a version of one byte and seven zeros.
//!
//!     client      "cwyhubcl" ‖ 01 ‖ latest height u64 @16 ‖ its time @24 ‖ trusting period @32
//!                 ‖ frozen at @40 ‖ exit height @48 ‖ trusted height @56 ‖ its time @64 ‖ set start @72
//!                 ‖ start of the set before @80 ‖ contradicted height @88 ‖ H(chain id) @96 ‖ set hash @128
//!                 ‖ hash of the set before @160 ‖ id @192 ‖ marks @224
//!     state       "cwyhubcs" ‖ 01 ‖ client 32 @16 ‖ height @48 ‖ time @56 ‖ app hash @64 ‖ next set hash @96
//!                 ‖ height before @128 ‖ payer 32 @136
//!     known set   "cwyhubks" ‖ 01 ‖ client 32 @16 ‖ set hash 32 @48 ‖ first height @80 ‖ in office until @88
#![no_std]

mod client_state;
mod consensus_state;
mod known_set;
mod layout;
mod marks;

pub use client_state::{ClientState, ExitNotSettled, Status};
pub use consensus_state::ConsensusState;
pub use known_set::KnownSet;
pub use layout::WrongLayout;
pub use marks::{Marks, MARKS_BYTES, MARK_SECONDS};
