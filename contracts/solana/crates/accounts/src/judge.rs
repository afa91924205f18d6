use crate::fault::{require, Fault};
use pinocchio::{
    error::ProgramError,
    sysvars::{clock::Clock, Sysvar},
    AccountView, Address,
};

/// Accounts of an instruction, taken from the front.
pub type Accounts<'a> = &'a [AccountView];

/// Takes the next account off the list.
pub fn next(accounts: &mut Accounts) -> Result<AccountView, ProgramError> {
    let (first, rest) = accounts.split_first().ok_or(Fault::MissingAccount)?;
    *accounts = rest;
    Ok(*first)
}

/// An error unless the account signed.
pub fn require_signer(account: &AccountView) -> Result<(), ProgramError> {
    require(account.is_signer(), Fault::NotSigner)
}

/// An error unless the transaction may write the account.
pub fn require_writable(account: &AccountView) -> Result<(), ProgramError> {
    require(account.is_writable(), Fault::NotWritable)
}

/// An error unless the account is the one at this address.
pub fn require_address(account: &AccountView, expected: &Address) -> Result<(), ProgramError> {
    require(account.address() == expected, Fault::WrongAddress)
}

/// An error unless the account is this program.
pub fn require_program(account: &AccountView, program: &Address) -> Result<(), ProgramError> {
    require(account.address() == program, Fault::WrongProgram)
}

/// An error unless the account is the one that these seeds derive; its bump, the only one that is taken.
pub fn require_derived(
    account: &AccountView,
    seeds: &[&[u8]],
    program: &Address,
) -> Result<u8, ProgramError> {
    let (address, bump) = Address::try_find_program_address(seeds, program).ok_or(Fault::WrongAddress)?;
    require(account.address() == &address, Fault::WrongAddress)?;
    Ok(bump)
}

/// As `require_derived`, the bump being known from when it was derived first: the last of the seeds.
pub fn require_derived_by(
    account: &AccountView,
    seeds: &[&[u8]],
    program: &Address,
) -> Result<(), ProgramError> {
    let address = Address::create_program_address(seeds, program).map_err(|_| Fault::WrongAddress)?;
    require(account.address() == &address, Fault::WrongAddress)
}

/// An error unless a program's account begins with this magic and version 1, and has this length.
pub fn require_state(
    account: &AccountView,
    program: &Address,
    magic: &[u8; 8],
    length: usize,
) -> Result<(), ProgramError> {
    require(account.owned_by(program), Fault::WrongOwner)?;
    let data = account.try_borrow()?;
    let is_laid_out = data.len() == length && data[..8] == magic[..] && data[8] == 1;
    require(is_laid_out, Fault::WrongLayout)
}

/// Seconds since 1970 by the cluster's clock: read from the runtime, not from an account.
pub fn now_seconds() -> Result<u64, ProgramError> {
    let clock = Clock::get()?;
    u64::try_from(clock.unix_timestamp).map_err(|_| Fault::Overflow.into())
}
