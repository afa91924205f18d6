//! Packets of IBC v2 as the programs hand them about, their commitments, and the two trees that these stand
//! in. The other reader of the trees is libs/light-clients/src/solana/commitments.
#![no_std]
extern crate alloc;

mod acknowledgement;
mod base58;
mod bech32;
mod empty_subtrees;
mod fault;
mod hash;
mod message;
mod packet;
mod transfer;
mod tree;

pub use acknowledgement::{
    acknowledgement_commitment, ERROR_ACKNOWLEDGEMENT, ERROR_COMMITMENT, SUCCESS_ACKNOWLEDGEMENT,
};
pub use base58::{decode_base58, encode_base58, Base58Text};
pub use bech32::{encode_hub_account, HUB_ACCOUNT_CHARACTERS};
pub use causeway_wire::Reader;
pub use fault::Fault;
pub use hash::{hash, log_data};
pub use message::{read_bytes, read_rest, read_text};
pub use packet::{provable_key, Packet, Payload, ENTRY_ACKNOWLEDGEMENT, ENTRY_COMMITMENT, ENTRY_RECEIPT};
pub use transfer::{
    encode_transfer, read_transfer, Transfer, TRANSFER_ENCODING, TRANSFER_PORT, TRANSFER_VERSION,
};
pub use tree::{
    append, commitment_leaf, frontier_root, path_root, tagged_root, Path, TreeKind, EMPTY_LEAF,
    FRONTIER_BYTES, TREE_DEPTH,
};
