use crate::application::APPLICATION_SEED;
use alloc::vec::Vec;
use causeway_accounts::{invoke, next, require_derived, Access, Accounts, Fault};
use causeway_packets::{Reader, TRANSFER_PORT};
use pinocchio::{Address, ProgramResult};

const REGISTER_PORT: u8 = 1;

/// Takes the port `transfer` of a core. Once; anyone may. Accounts: payer (signer, writable), port
/// (writable, to be made), the vault's account for the core, system program, core.
#[inline(never)]
pub fn initialise(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let (payer, port, authority) = (next(accounts)?, next(accounts)?, next(accounts)?);
    let (system, core) = (next(accounts)?, next(accounts)?);
    message.finish().map_err(|_| Fault::WrongLength)?;
    let seeds = [APPLICATION_SEED, core.address().as_ref()];
    let bump = require_derived(&authority, &seeds, program)?;
    let mut data = Vec::with_capacity(48);
    data.push(REGISTER_PORT);
    data.push(TRANSFER_PORT.len() as u8);
    data.extend_from_slice(TRANSFER_PORT);
    data.extend_from_slice(program.as_ref());
    let list = [
        (payer, Access::SIGN_WRITE),
        (port, Access::WRITE),
        (authority, Access::SIGN),
        (system, Access::READ),
    ];
    invoke(core.address(), &list, &data, &[APPLICATION_SEED, core.address().as_ref(), &[bump]])
}
