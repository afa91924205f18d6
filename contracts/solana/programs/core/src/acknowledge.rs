use crate::application::{Application, Call, Delivery};
use crate::client::Client;
use crate::event::{Event, Teller};
use crate::fault::Fault;
use crate::light_client::{read_consensus, read_state, unproven};
use crate::pending::{wipe, Pending};
use crate::receive::STORE;
use causeway_accounts::{close, next, require, require_program, Accounts};
use causeway_ics23::verify_membership;
use causeway_packets::{
    acknowledgement_commitment, provable_key, read_bytes, Fault as PacketFault, Packet, Reader,
    ENTRY_ACKNOWLEDGEMENT,
};
use pinocchio::{Address, ProgramResult};

/// Ends a packet that the hub answered. One that ended before is a successful no-op.
/// Accounts: client, the light client's state, a consensus state, the packet's account (writable), who paid
/// for it (writable), port, the core itself, the application's program, the core's account for it, then
/// those that the application takes. Message: packet ‖ answer ‖ proof (two bytes of length each).
#[inline(never)]
pub fn acknowledge(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let (client_account, light, consensus) = (next(accounts)?, next(accounts)?, next(accounts)?);
    let (mut open, mut rent_payer) = (next(accounts)?, next(accounts)?);
    let (port, own) = (next(accounts)?, next(accounts)?);
    let (packet, answer, proof) = read_message(message)?;
    // 1. Judge: an answer, from the right counterparty
    require_program(&own, program)?;
    require(!answer.is_empty(), Fault::InvalidAcknowledgement)?;
    let client = Client::read(program, &client_account)?;
    client.require_ends(packet.source_client, packet.destination_client)?;
    // 2. Replay
    let pending = Pending { program, client: &client, sequence: packet.sequence };
    if !pending.is_open(&open, &rent_payer, &packet.commitment())? {
        return Ok(());
    }
    // 3. Proven
    let state = read_state(&client, &light)?;
    let proven = read_consensus(&client, &state, &consensus)?;
    let key = provable_key(packet.destination_client, ENTRY_ACKNOWLEDGEMENT, packet.sequence);
    let commitment = acknowledgement_commitment(answer);
    verify_membership(&proven.app_hash, STORE, &key, &commitment, proof).map_err(unproven)?;
    // 4. Write: the commitment goes before the application is called
    wipe(&mut open)?;
    let application =
        Application::read(program, &port, packet.payload.source_port)?.ok_or(Fault::NotApplication)?;
    let (core, account, packet) = (program, &client_account, &packet);
    Delivery { core, client: account, accounts, packet, answer }.call(&application, Call::Acknowledge)?;
    // 5. Tell
    Teller { core, client: &client, account }.tell(Event::AcknowledgePacket, packet, answer)?;
    // 6. Return the rent: who moved lamports by hand may not call any more
    close(&mut open, &mut rent_payer)
}

type Message<'a> = (Packet<'a>, &'a [u8], &'a [u8]);

fn read_message<'a>(message: &mut Reader<'a>) -> Result<Message<'a>, PacketFault> {
    let read = (Packet::read(message)?, read_bytes(message)?, read_bytes(message)?);
    message.finish()?;
    Ok(read)
}
