use crate::fault::Fault;
use crate::set::{is_full, require_set, SET_BYTES_MAX, STEP_VOTERS, VOTER_BYTES};
use causeway_accounts::{invoke, next, require, require_signer, Access, Accounts, SYSTEM_PROGRAM};
use pinocchio::{
    sysvars::{rent::Rent, Sysvar},
    Address, ProgramResult, Resize,
};

const TRANSFER: u32 = 2;

/// Makes room for more voters, once there is none: nothing ever takes it back, and each proof of the account
/// carries it. Anyone may. Accounts: payer (signer, writable), the account (writable), system program.
pub fn grow(program: &Address, mut accounts: Accounts) -> ProgramResult {
    let accounts = &mut accounts;
    let (payer, mut account) = (next(accounts)?, next(accounts)?);
    require_signer(&payer)?;
    require_set(program, &account)?;
    let bytes = account.data_len() + STEP_VOTERS * VOTER_BYTES;
    require(bytes <= SET_BYTES_MAX, Fault::LargestAlready)?;
    require(is_full(&account.try_borrow()?), Fault::NotFull)?;
    let rent = Rent::get()?.try_minimum_balance(bytes)?;
    let missing = rent.saturating_sub(account.lamports());
    let mut data = [0u8; 12];
    data[..4].copy_from_slice(&TRANSFER.to_le_bytes());
    data[4..].copy_from_slice(&missing.to_le_bytes());
    let list = [(payer, Access::SIGN_WRITE), (account, Access::WRITE)];
    invoke(&SYSTEM_PROGRAM, &list, &data, &[])?;
    account.resize(bytes)
}
