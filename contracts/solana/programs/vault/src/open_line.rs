use crate::core_client::CoreClient;
use crate::line::{Line, ESCROW_SEED, LINE_BYTES, LINE_SEED};
use crate::mint::require_plain_mint;
use crate::token::TOKEN_ACCOUNT_BYTES;
use causeway_accounts::{
    create_account, invoke, next, require_derived, require_signer, Access, Accounts, Fault,
};
use causeway_packets::Reader;
use pinocchio::{Address, ProgramResult};

const INITIALISE_ACCOUNT_3: u8 = 18;

/// Opens a line of a client and mint, with an account of its own for its tokens. Anyone may.
/// Accounts: payer (signer, writable), client, line, escrow (both writable, to be made), mint, token
/// program, system program.
#[inline(never)]
pub fn open_line(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let (payer, client, mut account) = (next(accounts)?, next(accounts)?, next(accounts)?);
    let (escrow, mint, token_program) = (next(accounts)?, next(accounts)?, next(accounts)?);
    message.finish().map_err(|_| Fault::WrongLength)?;
    // 1. Judge
    require_signer(&payer)?;
    let client = CoreClient::read(&client)?;
    require_plain_mint(&mint, &token_program)?;
    let seeds = [LINE_SEED, client.address.as_ref(), mint.address().as_ref()];
    let bump = require_derived(&account, &seeds, program)?;
    let address = *account.address();
    let escrow_bump = require_derived(&escrow, &[ESCROW_SEED, address.as_ref()], program)?;
    // 2. Write
    let seeds = [LINE_SEED, client.address.as_ref(), mint.address().as_ref(), &[bump]];
    create_account(&payer, &account, program, LINE_BYTES, &seeds)?;
    let seeds = [ESCROW_SEED, address.as_ref(), &[escrow_bump]];
    create_account(&payer, &escrow, token_program.address(), TOKEN_ACCOUNT_BYTES, &seeds)?;
    let mut data = [INITIALISE_ACCOUNT_3; 33];
    data[1..].copy_from_slice(address.as_ref());
    let list = [(escrow, Access::WRITE), (mint, Access::READ)];
    invoke(token_program.address(), &list, &data, &[])?;
    let bumps = [bump, escrow_bump];
    let line = Line::new(&client.address, mint.address(), token_program.address(), bumps);
    line.write(&mut account.try_borrow_mut()?);
    Ok(())
}
