use pinocchio::AccountView;
use solana_define_syscall::definitions::sol_get_epoch_stake;

/// Lamports with which a vote account votes in the next epoch.
pub fn stake_of(vote_account: &AccountView) -> u64 {
    // SAFETY: the syscall reads an address, 32 bytes.
    unsafe { sol_get_epoch_stake(vote_account.address().as_ref().as_ptr()) }
}

/// Lamports with which all vote in the next epoch.
pub fn total_stake() -> u64 {
    // SAFETY: no address: the sum of all.
    unsafe { sol_get_epoch_stake(core::ptr::null()) }
}
