use crate::application::{self, APPLICATION_SEED, PORT_BYTES, PORT_SEED};
use crate::fault::Fault;
use causeway_accounts::{create_account, next, require, require_derived, require_signer, Accounts};
use causeway_packets::{read_text, Fault as PacketFault, Reader};
use pinocchio::{Address, ProgramResult};

/// Gives a port to a program, for ever; who comes first has it.
/// Accounts: payer (signer, writable), port (writable, to be made), the program's own account for this core
/// (signer: derived from `application` ‖ core under that program), system program.
/// Message: port (text) ‖ program 32.
#[inline(never)]
pub fn register_port(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let (payer, mut port, authority) = (next(accounts)?, next(accounts)?, next(accounts)?);
    let (name, application) = read_message(message)?;
    // 1. Judge
    require_signer(&payer)?;
    require_signer(&authority)?;
    require(!name.is_empty() && name.len() <= 32, Fault::InvalidPort)?;
    let bump = require_derived(&port, &[PORT_SEED, name], program)?;
    let seeds = [APPLICATION_SEED, program.as_ref()];
    let authority_bump = require_derived(&authority, &seeds, &application)?;
    // 2. Write
    create_account(&payer, &port, program, PORT_BYTES, &[PORT_SEED, name, &[bump]])?;
    application::write(&mut port.try_borrow_mut()?, bump, authority_bump, &application);
    Ok(())
}

fn read_message<'a>(message: &mut Reader<'a>) -> Result<(&'a [u8], Address), PacketFault> {
    let read = (read_text(message)?, Address::new_from_array(*message.array()?));
    message.finish()?;
    Ok(read)
}
