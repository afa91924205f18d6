//! The recorded set: what libs/light-clients/src/solana/epoch-stakes.ts reads.
use crate::fault::Fault;
use crate::vote_state::Voter;
use causeway_accounts::{require, require_derived, Fault as AccountFault};
use pinocchio::{error::ProgramError, AccountView, Address};
use solana_define_syscall::definitions::sol_memmove_;

pub const SET_SEED: &[u8] = b"stakes";
pub const HEADER_BYTES: usize = 40;
pub const VOTER_BYTES: usize = 152;
/// As many as the light client reads.
pub const SET_BYTES_MAX: usize = HEADER_BYTES + 8_192 * VOTER_BYTES;
const MAGIC: &[u8; 8] = b"cwystake";
const EPOCH: usize = 16;
const TOTAL: usize = 24;
const COUNT: usize = 32;

/// An error unless it is the recorder's one account.
pub fn require_set(program: &Address, account: &AccountView) -> Result<(), ProgramError> {
    require(account.owned_by(program), AccountFault::WrongOwner)?;
    require_derived(account, &[SET_SEED], program)?;
    Ok(())
}

/// Begins an epoch's set.
pub fn begin(data: &mut [u8], epoch: u64, total_stake: u64) {
    data[..8].copy_from_slice(MAGIC);
    data[8] = 1;
    data[EPOCH..TOTAL].copy_from_slice(&epoch.to_le_bytes());
    data[TOTAL..COUNT].copy_from_slice(&total_stake.to_le_bytes());
    data[COUNT..HEADER_BYTES].fill(0);
}

/// The epoch that the set is of.
pub fn epoch(data: &[u8]) -> u64 {
    let mut bytes = [0u8; 8];
    bytes.copy_from_slice(&data[EPOCH..TOTAL]);
    u64::from_le_bytes(bytes)
}

/// Puts a voter in its place; one that is there already stays as it was recorded first.
#[inline(never)]
pub fn insert(data: &mut [u8], voter: &Voter, stake: u64) -> Result<(), ProgramError> {
    let count = count(data);
    let Err(index) = search(data, count, voter.vote_account.as_ref()) else { return Ok(()) };
    let place = HEADER_BYTES + index * VOTER_BYTES;
    let end = HEADER_BYTES + count * VOTER_BYTES;
    require(end + VOTER_BYTES <= data.len(), Fault::Full)?;
    // SAFETY: both ranges lie within the account's data, as was just asked.
    unsafe {
        let from = data.as_ptr().add(place);
        sol_memmove_(data.as_mut_ptr().add(place + VOTER_BYTES), from, (end - place) as u64);
    }
    let entry = &mut data[place..place + VOTER_BYTES];
    entry[..32].copy_from_slice(voter.vote_account.as_ref());
    entry[32..64].copy_from_slice(voter.node);
    entry[64..96].copy_from_slice(voter.authorized_voter);
    entry[96..144].copy_from_slice(voter.bls_key.unwrap_or(&[0; 48]));
    entry[144..].copy_from_slice(&stake.to_le_bytes());
    data[COUNT..COUNT + 4].copy_from_slice(&(count as u32 + 1).to_le_bytes());
    Ok(())
}

/// Where a vote account is, or where it belongs.
#[inline(never)]
fn search(data: &[u8], count: usize, vote_account: &[u8]) -> Result<usize, usize> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = (low + high) / 2;
        let place = HEADER_BYTES + middle * VOTER_BYTES;
        let there = &data[place..place + 32];
        if there == vote_account {
            return Ok(middle);
        }
        if there < vote_account {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Err(low)
}

fn count(data: &[u8]) -> usize {
    let mut bytes = [0u8; 4];
    bytes.copy_from_slice(&data[COUNT..COUNT + 4]);
    u32::from_le_bytes(bytes) as usize
}
