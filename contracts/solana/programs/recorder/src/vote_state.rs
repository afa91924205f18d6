//! Vote accounts as agave 4.2 keeps them, bincode: versions 1 (V1_14_11), 2 (V3) and 3 (V4, SIMD-0185).
use crate::fault::Fault;
use causeway_wire::{Reader, Truncated};
use pinocchio::{error::ProgramError, AccountView, Address};

/// Vote111111111111111111111111111111111111111
const VOTE_PROGRAM: Address = Address::new_from_array([
    7, 97, 72, 29, 53, 116, 116, 187, 124, 77, 118, 36, 235, 211, 189, 179, 216, 53, 94, 115, 209, 16, 67,
    252, 13, 163, 83, 128, 0, 0, 0, 0,
]);

/// Who votes with an account in an epoch.
pub struct Voter<'a> {
    pub vote_account: Address,
    pub node: &'a [u8; 32],
    pub authorized_voter: &'a [u8; 32],
    /// Compressed, in G1.
    pub bls_key: Option<&'a [u8; 48]>,
}

/// An error unless the vote program owns the account.
pub fn require_vote_account(account: &AccountView) -> Result<(), ProgramError> {
    causeway_accounts::require(account.owned_by(&VOTE_PROGRAM), Fault::NotVoteAccount)
}

/// Reads a vote account's data; nothing if nobody is authorised in the epoch.
#[inline(never)]
pub fn read_voter<'a>(
    data: &'a [u8],
    vote_account: &Address,
    epoch: u64,
) -> Result<Option<Voter<'a>>, Fault> {
    read(data, vote_account, epoch).map_err(|_| Fault::NotVoteAccount)
}

fn read<'a>(data: &'a [u8], vote_account: &Address, epoch: u64) -> Result<Option<Voter<'a>>, Truncated> {
    let mut reader = Reader::new(data);
    let version = reader.u32()?;
    let (node, _withdrawer) = (reader.array::<32>()?, reader.array::<32>()?);
    let mut bls_key = None;
    match version {
        // Commission
        1 | 2 => drop(reader.u8()?),
        3 => {
            // Collectors of inflation rewards and block revenue, their commissions, pending rewards
            reader.take(64 + 4 + 8)?;
            if reader.u8()? != 0 {
                bls_key = Some(reader.array::<48>()?);
            }
        }
        _ => return Err(Truncated),
    }
    // Lockouts, since version 2 with a byte of latency
    let lockout = if version == 1 { 12 } else { 13 };
    for _ in 0..reader.u64()? {
        reader.take(lockout)?;
    }
    if reader.u8()? != 0 {
        reader.u64()?;
    }
    // The latest that is not after the epoch; they ascend
    let mut authorized_voter = None;
    for _ in 0..reader.u64()? {
        let (from, voter) = (reader.u64()?, reader.array::<32>()?);
        if from <= epoch {
            authorized_voter = Some(voter);
        }
    }
    Ok(authorized_voter.map(|authorized_voter| Voter {
        vote_account: *vote_account,
        node,
        authorized_voter,
        bls_key,
    }))
}
