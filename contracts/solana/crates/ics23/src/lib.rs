//! Proofs that a key of the hub's state has a value, or none: an IAVL tree under a simple tree of stores.
//! The packed form of ICS-23 proofs that our contracts on EVM chains read, too; the encoder is
//! `encodeEvmProof` of libs/light-clients, without the next set's hash and without proofs that end at nodes
//! of others, which only they take:
//!
//!     existence   01 ‖ leaf ‖ path ‖ end
//!     absence     02 ‖ right neighbour ‖ path R ‖ left neighbour ‖ path L ‖ inner node ‖ path ‖ end
//!                 03 ‖ right neighbour ‖ path ‖ end              the key is left of all
//!                 04 ‖ left neighbour ‖ path ‖ end               the key is right of all
//!     leaf        1 byte length ‖ version                        zigzag varint, as cosmos/iavl writes it
//!     neighbour   2 bytes length ‖ key ‖ H(value) ‖ leaf
//!     path        1 byte count ‖ inner nodes, upwards
//!     inner node  1 byte (80: the sibling is on the left, 0f: fields' length) ‖
//!                 height, size, version (varints) ‖ sibling
//!     end         1 byte count ‖ 2 bytes sides ‖ siblings         from the store's root to the app hash
//!
//! Path R is the left edge of a subtree and path L the right edge of another; the inner node that follows
//! has the one as its right sibling and the other as its left child: so the neighbours are adjacent. At an
//! edge of the tree (03, 04) every sibling is on one side up to the store's root.
//! Sources: ICS-23 (go/proof.go at v0.11.0); libs/light-clients/src/ics23, which it is compared with.
#![no_std]

mod claim;
mod error;
mod iavl_path;
mod simple_tree;

pub use error::ProofError;

use claim::Claim;

/// That the store has exactly `value` at `key`, under this app hash.
#[inline(always)] // a function of this machine has five arguments at most; a slice is two
pub fn verify_membership(
    app_hash: &[u8; 32],
    store: &[u8],
    key: &[u8],
    value: &[u8],
    proof: &[u8],
) -> Result<(), ProofError> {
    Claim { app_hash, store, key, value: Some(value) }.require(proof)
}

/// That the store has nothing at `key`, under this app hash.
#[inline(always)]
pub fn verify_non_membership(
    app_hash: &[u8; 32],
    store: &[u8],
    key: &[u8],
    proof: &[u8],
) -> Result<(), ProofError> {
    Claim { app_hash, store, key, value: None }.require(proof)
}
