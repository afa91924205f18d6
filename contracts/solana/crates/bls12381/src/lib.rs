//! BLS signatures on BLS12-381 with signatures in G1 and keys in G2: curve arithmetic by syscalls
//! (SIMD-0388), hashing to G1 in the program with the relayer's hints.
//! Spec: RFC 9380, suite BLS12381G1_XMD:SHA-256_SSWU_RO_; IETF BLS signatures, draft 5.
#![no_std]

mod curve;
mod expand;
mod fp;
mod generated;
mod hash_to_g1;

pub use curve::{is_canonical_g1, is_signature, subtract_g2, verify_g1, verify_g2, Difference, G1, G2};
pub use hash_to_g1::{hash_to_g1, HintError, HINT_BYTES};
