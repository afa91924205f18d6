use crate::application::{Application, Call, Delivery};
use crate::client::Client;
use crate::event::{Event, Teller};
use crate::fault::Fault;
use crate::light_client::{read_consensus, read_state, unproven};
use crate::pending::{wipe, Pending};
use crate::receive::STORE;
use causeway_accounts::{close, next, require, require_program, Accounts};
use causeway_ics23::verify_non_membership;
use causeway_packets::{provable_key, read_bytes, Fault as PacketFault, Packet, Reader, ENTRY_RECEIPT};
use pinocchio::{Address, ProgramResult};

/// Ends a packet that the hub can't receive any more: at a height whose time is at or past the timeout it
/// has no receipt. Over a retired client: at its exit height there is no receipt. One that ended before is
/// a successful no-op. Accounts as of `acknowledge`. Message: packet ‖ proof (two bytes of length).
#[inline(never)]
pub fn timeout(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let (client_account, light, consensus) = (next(accounts)?, next(accounts)?, next(accounts)?);
    let (mut open, mut rent_payer) = (next(accounts)?, next(accounts)?);
    let (port, own) = (next(accounts)?, next(accounts)?);
    let (packet, proof) = read_message(message)?;
    // 1. Judge: the right counterparty
    require_program(&own, program)?;
    let client = Client::read(program, &client_account)?;
    client.require_ends(packet.source_client, packet.destination_client)?;
    // 2. Replay
    let pending = Pending { program, client: &client, sequence: packet.sequence };
    if !pending.is_open(&open, &rent_payer, &packet.commitment())? {
        return Ok(());
    }
    // 3. Proven: too late over there, and not received
    let state = read_state(&client, &light)?;
    let proven = read_consensus(&client, &state, &consensus)?;
    let is_late = client.is_retired || proven.time_seconds >= packet.timeout_seconds;
    require(is_late, Fault::TimeoutNotReached)?;
    let key = provable_key(packet.destination_client, ENTRY_RECEIPT, packet.sequence);
    verify_non_membership(&proven.app_hash, STORE, &key, proof).map_err(unproven)?;
    // 4. Write: the commitment goes before the application is called
    wipe(&mut open)?;
    let application =
        Application::read(program, &port, packet.payload.source_port)?.ok_or(Fault::NotApplication)?;
    let (core, account, packet) = (program, &client_account, &packet);
    Delivery { core, client: account, accounts, packet, answer: &[] }.call(&application, Call::Timeout)?;
    // 5. Tell
    Teller { core, client: &client, account }.tell(Event::TimeoutPacket, packet, &[])?;
    // 6. Return the rent: who moved lamports by hand may not call any more
    close(&mut open, &mut rent_payer)
}

fn read_message<'a>(message: &mut Reader<'a>) -> Result<(Packet<'a>, &'a [u8]), PacketFault> {
    let read = (Packet::read(message)?, read_bytes(message)?);
    message.finish()?;
    Ok(read)
}
