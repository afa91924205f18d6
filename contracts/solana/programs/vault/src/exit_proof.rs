//! What a dead hub's books said, proven under its exit height.
use crate::core_client::CoreClient;
use crate::line::Line;
use alloc::vec::Vec;
use causeway_ics23::{verify_membership, verify_non_membership};
use causeway_packets::{encode_base58, encode_hub_account};
use pinocchio::error::ProgramError;

const STORE: &[u8] = b"ibc";

/// What the books have a value for.
#[derive(Clone, Copy)]
pub enum Whose<'a> {
    /// All owners together.
    Total,
    /// An account of the hub. Its text is written here: a text that a caller brings could go on behind the
    /// account with a path of its own, and make the claim on another line one on this.
    Owner(&'a [u8; 20]),
}

/// The books about a line.
pub struct Book<'a> {
    pub client: &'a CoreClient,
    pub line: &'a Line,
    pub app_hash: [u8; 32],
}

impl Book<'_> {
    /// An error unless the books have exactly this value; nothing, if it is empty.
    #[inline(always)] // a function of this machine has five arguments at most; a slice is two
    pub fn require(&self, whose: Whose, value: &[u8], proof: &[u8]) -> Result<(), ProgramError> {
        let key = self.key(whose);
        let is_proven = if value.is_empty() {
            verify_non_membership(&self.app_hash, STORE, &key, proof)
        } else {
            verify_membership(&self.app_hash, STORE, &key, value, proof)
        };
        is_proven.map_err(|error| ProgramError::Custom(error.code()))
    }

    /// `exit/<cway1…, or total>/transfer/<the hub's client>/<mint>`.
    #[inline(never)]
    fn key(&self, whose: Whose) -> Vec<u8> {
        let mint = encode_base58(self.line.mint.as_array());
        let text;
        let whose: &[u8] = match whose {
            Whose::Total => b"total",
            Whose::Owner(account) => {
                text = encode_hub_account(account);
                &text
            }
        };
        [b"exit/", whose, b"/transfer/", &self.client.counterparty, b"/", mint.as_slice()].concat()
    }
}

/// A number as abi.encode writes it.
pub fn word(number: u64) -> [u8; 32] {
    let mut word = [0u8; 32];
    word[24..].copy_from_slice(&number.to_be_bytes());
    word
}
