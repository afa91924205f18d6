//! The recorded set: what libs/light-clients/src/solana/epoch-stakes.ts reads.
use crate::fault::Fault;
use crate::vote_state::Voter;
use causeway_accounts::{require, require_derived, Fault as AccountFault};
use pinocchio::{error::ProgramError, AccountView, Address};
use solana_define_syscall::definitions::sol_memmove_;

pub const SET_SEED: &[u8] = b"stakes";
pub const HEADER_BYTES: usize = 40;
pub const VOTER_BYTES: usize = 152;
/// Voters that room is made for at once: as much as an account grows in one instruction.
pub const STEP_VOTERS: usize = 67;
/// 163 kB for 1,072 voters. Whoever proves a slot to the hub has them twice in a transaction of 1 MiB, before
/// and after, beside an idle slot's 326 kB, 32 bank hashes' openings, and 715 votes where stakes are equal.
pub const SET_BYTES_MAX: usize = HEADER_BYTES + 16 * STEP_VOTERS * VOTER_BYTES;
const MAGIC: &[u8; 8] = b"cwystake";
const EPOCH: usize = 16;
const TOTAL: usize = 24;
const COUNT: usize = 32;
/// In a voter.
const STAKE: usize = 144;

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

/// Whether there is no room for one more voter.
pub fn is_full(data: &[u8]) -> bool {
    HEADER_BYTES + (count(data) + 1) * VOTER_BYTES > data.len()
}

/// Puts a voter in its place; one that is there already stays as it was recorded first. In a full set that
/// can't grow any more the voter with the least stake gives way to one with more: what strangers record
/// keeps nobody out who has more stake than they.
#[inline(never)]
pub fn insert(data: &mut [u8], voter: &Voter, stake: u64) -> Result<(), ProgramError> {
    let vote_account = voter.vote_account.as_ref();
    let Err(mut index) = search(data, count(data), vote_account) else { return Ok(()) };
    if is_full(data) {
        require(data.len() >= SET_BYTES_MAX, Fault::Full)?;
        let (least, least_stake) = least(data);
        if stake <= least_stake {
            return Ok(());
        }
        remove(data, least);
        if least < index {
            index -= 1;
        }
    }
    let count = count(data);
    shift(data, index, index + 1, count - index);
    let place = HEADER_BYTES + index * VOTER_BYTES;
    let entry = &mut data[place..place + VOTER_BYTES];
    entry[..32].copy_from_slice(vote_account);
    entry[32..64].copy_from_slice(voter.node);
    entry[64..96].copy_from_slice(voter.authorized_voter);
    entry[96..STAKE].copy_from_slice(voter.bls_key.unwrap_or(&[0; 48]));
    entry[STAKE..].copy_from_slice(&stake.to_le_bytes());
    write_count(data, count + 1);
    Ok(())
}

/// Where the voter with the least stake is, the first of several, and its stake; there is at least one.
#[inline(never)]
fn least(data: &[u8]) -> (usize, u64) {
    let mut least = (0, u64::MAX);
    let voters = data[HEADER_BYTES..].chunks_exact(VOTER_BYTES).take(count(data));
    for (index, voter) in voters.enumerate() {
        let mut bytes = [0u8; 8];
        bytes.copy_from_slice(&voter[STAKE..]);
        let stake = u64::from_le_bytes(bytes);
        if stake < least.1 {
            least = (index, stake);
        }
    }
    least
}

fn remove(data: &mut [u8], index: usize) {
    let left = count(data) - 1;
    shift(data, index + 1, index, left - index);
    write_count(data, left);
}

/// Moves voters to another place.
fn shift(data: &mut [u8], from: usize, to: usize, voters: usize) {
    let place = |index: usize| HEADER_BYTES + index * VOTER_BYTES;
    let bytes = voters * VOTER_BYTES;
    assert!(place(from) + bytes <= data.len() && place(to) + bytes <= data.len());
    // SAFETY: both ranges lie within the account's data, as was just asked.
    unsafe {
        let source = data.as_ptr().add(place(from));
        sol_memmove_(data.as_mut_ptr().add(place(to)), source, bytes as u64);
    }
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

fn write_count(data: &mut [u8], count: usize) {
    data[COUNT..COUNT + 4].copy_from_slice(&(count as u32).to_le_bytes());
}
