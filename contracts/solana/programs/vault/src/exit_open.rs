use crate::core_client::CoreClient;
use crate::exit_proof::{word, Book, Whose};
use crate::fault::Fault;
use crate::line::Line;
use causeway_accounts::{next, now_seconds, require, Accounts, Fault as AccountFault};
use causeway_packets::{read_bytes, Fault as PacketFault, Reader};
use pinocchio::{Address, ProgramResult};

/// From the opening of a line to its first payment: time for packets that are under way. As long is what a
/// void claim returned kept for the packet that may be received in its place.
pub const NOTICE_SECONDS: u64 = 7 * 24 * 3_600;

/// Opens a line of a retired client for exits, by proof of all that the hub owes its owners there
/// (`exit/total/<line>`, abi.encode(uint256)); zero by proof that there is no such total. Anyone may.
/// Accounts: line (writable), client, the light client's state, its consensus state at the exit height.
/// Message: total u64 ‖ proof (two bytes of length).
#[inline(never)]
pub fn exit_open(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let (mut account, client) = (next(accounts)?, next(accounts)?);
    let (light, consensus) = (next(accounts)?, next(accounts)?);
    let (total, proof) = read_message(message)?;
    // 1. Judge
    let client = CoreClient::read(&client)?;
    let mut line = Line::read_of(program, &account, &client)?;
    require(line.exit_from == 0, Fault::OpenAlready)?;
    // 2. Proven
    let value = word(total);
    let value: &[u8] = if total == 0 { &[] } else { &value };
    let app_hash = client.exit_app_hash(&light, &consensus)?;
    Book { client: &client, line: &line, app_hash }.require(Whose::Total, value, proof)?;
    // 3. Write
    line.exit_total = total;
    line.exit_from = now_seconds()?.checked_add(NOTICE_SECONDS).ok_or(AccountFault::Overflow)?;
    line.write(&mut account.try_borrow_mut()?);
    Ok(())
}

fn read_message<'a>(message: &mut Reader<'a>) -> Result<(u64, &'a [u8]), PacketFault> {
    let read = (message.u64()?, read_bytes(message)?);
    message.finish()?;
    Ok(read)
}
