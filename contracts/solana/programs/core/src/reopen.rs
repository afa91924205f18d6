use crate::application::Application;
use crate::client::{Client, BUMP};
use crate::event::Teller;
use crate::fault::Fault;
use crate::roots::{require_roots, Receipt};
use causeway_accounts::{next, require, require_program, Accounts};
use causeway_packets::{read_text, Fault as PacketFault, Path, Reader, EMPTY_LEAF, ERROR_COMMITMENT};
use pinocchio::{Address, ProgramResult};

struct Message<'a> {
    port: &'a [u8],
    sequence: u64,
    leaf: &'a [u8; 32],
    path: Path<'a>,
}

/// Lets a packet of a retired client be received again whose payment its application took back: in the
/// tree of receipts it counts as refused from now on, which no counterparty hears of any more. Only for
/// the application on the packet's port. Accounts: the application's own (signer), client, roots
/// (writable), port, the core itself. Message: port (text) ‖ sequence u64 ‖ leaf 32 ‖ path.
#[inline(never)]
pub fn reopen(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let (authority, client_account) = (next(accounts)?, next(accounts)?);
    let (mut root_account, port, own) = (next(accounts)?, next(accounts)?, next(accounts)?);
    let Message { port: name, sequence, leaf, path } = read_message(message)?;
    // 1. Judge
    require_program(&own, program)?;
    let client = Client::read(program, &client_account)?;
    require(client.is_retired, Fault::ClientNotRetired)?;
    Application::read(program, &port, name)?
        .ok_or(Fault::NotApplication)?
        .require_authority(program, &authority)?;
    let roots_bump = client_account.try_borrow()?[BUMP + 1];
    require_roots(program, &root_account, &client, roots_bump)?;
    // 2. Received it was
    let receipt = Receipt { client: &client, sequence, path };
    require(*leaf != EMPTY_LEAF, Fault::StaleReceiptPath)?;
    receipt.require(&root_account.try_borrow()?, leaf)?;
    // 3. Write
    receipt.write(&mut root_account.try_borrow_mut()?, &ERROR_COMMITMENT)?;
    // 4. Tell
    Teller { core: program, client: &client, account: &client_account }.tell_reopened(sequence)
}

#[inline(never)]
fn read_message<'a>(message: &mut Reader<'a>) -> Result<Message<'a>, PacketFault> {
    let read = Message {
        port: read_text(message)?,
        sequence: message.u64()?,
        leaf: message.array()?,
        path: Path::read(message)?,
    };
    message.finish()?;
    Ok(read)
}
