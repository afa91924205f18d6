//! Proofs that a key of the hub's state has a value, or none: an IAVL tree under a simple tree of stores.
//! The packed form of ICS-23 proofs that our contracts on EVM chains read, too; the encoder is
//! `encodeEvmProofs` of libs/light-clients (without the next set's hash, which only they need):
//!
//!     existence   01 ‖ leaf ‖ path ‖ end
//!     absence     02 ‖ right neighbour ‖ path R ‖ left neighbour ‖ path L ‖ inner node ‖ path ‖ end
//!                 03 ‖ right neighbour ‖ path ‖ end              the key is left of all
//!                 04 ‖ left neighbour ‖ path ‖ end               the key is right of all
//!     leaf        1 byte length ‖ version                        zigzag varint, as cosmos/iavl writes it
//!     neighbour   2 bytes length ‖ key ‖ H(value) ‖ leaf
//!     path        1 byte count ‖ inner nodes, upwards
//!     inner node  1 byte (80: the sibling is on the left, 40: remember this node, 0f: fields' length) ‖
//!                 height, size, version (varints) ‖ sibling
//!     end         nothing                                        the last node is remembered
//!               | 1 byte count ‖ 2 bytes sides ‖ siblings         from the store's root to the app hash
//!
//! Path R is the left edge of a subtree and path L the right edge of another; the inner node that follows
//! has the one as its right sibling and the other as its left child: so the neighbours are adjacent. At an
//! edge of the tree (03, 04) every sibling is on one side up to the store's root, never a remembered node.
//! Sources: ICS-23 (go/proof.go at v0.11.0); libs/light-clients/src/ics23, which it is compared with.
#![no_std]

mod batch;
mod error;
mod iavl_path;
mod simple_tree;

pub use batch::ProofBatch;
pub use error::ProofError;

/// That the store has exactly `value` at `key`, under this app hash.
#[inline(always)]
pub fn verify_membership(
    app_hash: &[u8; 32],
    store: &[u8],
    key: &[u8],
    value: &[u8],
    proof: &[u8],
) -> Result<(), ProofError> {
    ProofBatch::new(app_hash, store).verify_membership(key, value, proof)
}

/// That the store has nothing at `key`, under this app hash.
#[inline(always)]
pub fn verify_non_membership(
    app_hash: &[u8; 32],
    store: &[u8],
    key: &[u8],
    proof: &[u8],
) -> Result<(), ProofError> {
    ProofBatch::new(app_hash, store).verify_non_membership(key, proof)
}
