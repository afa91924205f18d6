use crate::set::{begin, HEADER_BYTES, SET_SEED, STEP_VOTERS, VOTER_BYTES};
use causeway_accounts::{create_account, next, require_derived, require_signer, Accounts};
use pinocchio::{Address, ProgramResult};

/// Makes the recorder's account, as large as one instruction makes it. Once; anyone may. Accounts: payer
/// (signer, writable), the account (writable, to be made), system program.
pub fn open(program: &Address, mut accounts: Accounts) -> ProgramResult {
    let accounts = &mut accounts;
    let (payer, mut account) = (next(accounts)?, next(accounts)?);
    require_signer(&payer)?;
    let bump = require_derived(&account, &[SET_SEED], program)?;
    let bytes = HEADER_BYTES + STEP_VOTERS * VOTER_BYTES;
    create_account(&payer, &account, program, bytes, &[SET_SEED, &[bump]])?;
    begin(&mut account.try_borrow_mut()?, 0, 0);
    Ok(())
}
