//! The root account of a client: what the hub's light client reads of it stands in
//! libs/light-clients/src/solana/commitments/root-account.ts.
use crate::client::Client;
use crate::fault::Fault;
use causeway_accounts::{require, require_derived_by, require_state};
use causeway_packets::{
    append, commitment_leaf, frontier_root, path_root, tagged_root, Path, TreeKind, FRONTIER_BYTES,
};
use pinocchio::{error::ProgramError, AccountView, Address};

pub const MAGIC: &[u8; 8] = b"cwyroots";
pub const ROOTS_SEED: &[u8] = b"roots";
pub const ROOTS_BYTES: usize = FRONTIER + FRONTIER_BYTES;
const TOUCHES: usize = 16;
const SENT: usize = 24;
const COMMITMENTS_ROOT: usize = 32;
const RECEIPTS_ROOT: usize = 64;
const FRONTIER: usize = 96;

/// An error unless it is this client's root account; `bump` from the client's account.
#[inline(never)]
pub fn require_roots(
    program: &Address,
    account: &AccountView,
    client: &Client,
    bump: u8,
) -> Result<(), ProgramError> {
    require_state(account, program, MAGIC, ROOTS_BYTES)?;
    require_derived_by(account, &[ROOTS_SEED, client.id(), &[bump]], program)
}

/// Writes the account of a client that has sent and received nothing.
#[inline(never)]
pub fn write_empty(data: &mut [u8], client_id: &[u8]) {
    data[..8].copy_from_slice(MAGIC);
    data[8] = 1;
    // A new frontier's nodes are never read: those that the count has no bit for are stale
    let root = frontier_root(0, &data[FRONTIER..]);
    data[COMMITMENTS_ROOT..RECEIPTS_ROOT].copy_from_slice(&tagged_root(
        TreeKind::Commitments,
        client_id,
        &root,
    ));
    data[RECEIPTS_ROOT..FRONTIER].copy_from_slice(&tagged_root(TreeKind::Receipts, client_id, &root));
}

/// One touch more: the account changes, and so the slot proves it.
pub fn touch(data: &mut [u8]) {
    let touches = number_at(data, TOUCHES).wrapping_add(1);
    data[TOUCHES..SENT].copy_from_slice(&touches.to_le_bytes());
}

/// The sequence of the next packet.
pub fn next_sequence(data: &[u8]) -> Result<u64, ProgramError> {
    number_at(data, SENT).checked_add(1).ok_or(causeway_accounts::Fault::Overflow.into())
}

/// Appends the commitment of the next packet.
#[inline(never)]
pub fn commit(data: &mut [u8], client: &Client, commitment: &[u8; 32]) -> Result<(), ProgramError> {
    let count = number_at(data, SENT);
    append(count, &mut data[FRONTIER..], &commitment_leaf(commitment))?;
    let root = frontier_root(count + 1, &data[FRONTIER..]);
    data[SENT..COMMITMENTS_ROOT].copy_from_slice(&(count + 1).to_le_bytes());
    data[COMMITMENTS_ROOT..RECEIPTS_ROOT].copy_from_slice(&tagged_root(
        TreeKind::Commitments,
        client.id(),
        &root,
    ));
    Ok(())
}

/// A packet's place in the tree of receipts.
pub struct Receipt<'a> {
    pub client: &'a Client,
    pub sequence: u64,
    pub path: Path<'a>,
}

impl Receipt<'_> {
    /// An error unless this leaf stands there.
    #[inline(never)]
    pub fn require(&self, data: &[u8], leaf: &[u8; 32]) -> Result<(), ProgramError> {
        require(self.root(leaf)? == data[RECEIPTS_ROOT..FRONTIER], Fault::StaleReceiptPath)
    }

    /// Writes the answer to the packet: it stands for the receipt, too. The path was judged before.
    #[inline(never)]
    pub fn write(&self, data: &mut [u8], acknowledgement: &[u8; 32]) -> Result<(), ProgramError> {
        let root = self.root(&commitment_leaf(acknowledgement))?;
        data[RECEIPTS_ROOT..FRONTIER].copy_from_slice(&root);
        Ok(())
    }

    #[inline(never)]
    fn root(&self, leaf: &[u8; 32]) -> Result<[u8; 32], ProgramError> {
        let root = path_root(self.sequence, leaf, &self.path)?;
        Ok(tagged_root(TreeKind::Receipts, self.client.id(), &root))
    }
}

fn number_at(data: &[u8], place: usize) -> u64 {
    let mut bytes = [0u8; 8];
    bytes.copy_from_slice(&data[place..place + 8]);
    u64::from_le_bytes(bytes)
}
