use crate::set::{begin, HEADER_BYTES, SET_SEED, VOTER_BYTES};
use causeway_accounts::{create_account, next, require_derived, require_signer, Accounts};
use pinocchio::{Address, ProgramResult};

/// Voters that there is room for at first: the largest account that one instruction makes.
const VOTERS: usize = 67;

/// Makes the recorder's account. Once; anyone may. Accounts: payer (signer, writable), the account
/// (writable, to be made), system program.
pub fn open(program: &Address, mut accounts: Accounts) -> ProgramResult {
    let accounts = &mut accounts;
    let (payer, mut account) = (next(accounts)?, next(accounts)?);
    require_signer(&payer)?;
    let bump = require_derived(&account, &[SET_SEED], program)?;
    let bytes = HEADER_BYTES + VOTERS * VOTER_BYTES;
    create_account(&payer, &account, program, bytes, &[SET_SEED, &[bump]])?;
    begin(&mut account.try_borrow_mut()?, 0, 0);
    Ok(())
}
