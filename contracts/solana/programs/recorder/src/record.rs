use crate::epoch_stake::{stake_of, total_stake};
use crate::set::{begin, epoch, insert, require_set};
use crate::vote_state::{read_voter, require_vote_account};
use causeway_accounts::{next, Accounts, Fault};
use pinocchio::{
    error::ProgramError,
    sysvars::{clock::Clock, Sysvar},
    AccountView, Address, ProgramResult,
};

/// Records vote accounts of the next epoch: as many as are given, any number of times. The first of an epoch
/// begins its set. An account without stake in it is passed over; the largest set keeps those with the most
/// stake of all that were given. Anyone may.
/// Accounts: the recorder's account (writable), then vote accounts.
pub fn record(program: &Address, mut accounts: Accounts) -> ProgramResult {
    let accounts = &mut accounts;
    let mut account = next(accounts)?;
    require_set(program, &account)?;
    let next_epoch = Clock::get()?.epoch.checked_add(1).ok_or(Fault::Overflow)?;
    let mut data = account.try_borrow_mut()?;
    if epoch(&data) != next_epoch {
        begin(&mut data, next_epoch, total_stake());
    }
    for vote_account in accounts.iter() {
        record_one(&mut data, vote_account, next_epoch)?;
    }
    Ok(())
}

#[inline(never)]
fn record_one(set: &mut [u8], vote_account: &AccountView, epoch: u64) -> Result<(), ProgramError> {
    require_vote_account(vote_account)?;
    let stake = stake_of(vote_account);
    if stake == 0 {
        return Ok(());
    }
    let data = vote_account.try_borrow()?;
    let Some(voter) = read_voter(&data, vote_account.address(), epoch)? else { return Ok(()) };
    insert(set, &voter, stake)
}
