use crate::application::Application;
use crate::client::{Client, BUMP};
use crate::event::{Event, Teller};
use crate::fault::Fault;
use crate::light_client::{read_state, require_active};
use crate::pending::Pending;
use crate::roots;
use causeway_accounts::{
    next, now_seconds, require, require_program, require_signer, Accounts, Fault as AccountFault,
};
use causeway_packets::{Fault as PacketFault, Packet, Payload, Reader};
use pinocchio::{cpi::set_return_data, error::ProgramError, Address, ProgramResult};

/// A program that is called is told 10 KiB at most: packet and answer have to fit.
const VALUE_BYTES_MAX: usize = 8 * 1024;
/// A timeout lies at most this far ahead.
const TIMEOUT_AHEAD_SECONDS_MAX: u64 = 24 * 3_600;

/// Commits to a packet; only for the program on its source port. Returns the sequence u64.
/// Accounts: the application's own (signer), payer of the packet's account (signer, writable), client, roots
/// (writable), port, the light client's state, system program, the core itself, then accounts of the next
/// packets (writable; whichever is the next one's is made). Message: timeout u64 in seconds ‖ payload.
#[inline(never)]
pub fn send(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let (authority, payer, client_account) = (next(accounts)?, next(accounts)?, next(accounts)?);
    let (mut root_account, port, light) = (next(accounts)?, next(accounts)?, next(accounts)?);
    let (_system, own) = (next(accounts)?, next(accounts)?);
    let (timeout_seconds, payload) = read_message(message)?;
    // 1. Judge: who, in time, over a client that lives; no more than the core can hand on with its answer
    require_signer(&payer)?;
    require_program(&own, program)?;
    require(payload.value.len() <= VALUE_BYTES_MAX, Fault::PacketTooLong)?;
    let client = Client::read(program, &client_account)?;
    require(!client.is_retired, Fault::ClientRetired)?;
    Application::read(program, &port, payload.source_port)?
        .ok_or(Fault::NotApplication)?
        .require_authority(program, &authority)?;
    let state = read_state(&client, &light)?;
    require_active(&state)?;
    require_timeout(timeout_seconds, state.latest_time_seconds)?;
    let roots_bump = client_account.try_borrow()?[BUMP + 1];
    roots::require_roots(program, &root_account, &client, roots_bump)?;
    // 2. Write
    let sequence = roots::next_sequence(&root_account.try_borrow()?)?;
    let packet = Packet {
        sequence,
        source_client: client.id(),
        destination_client: client.counterparty(),
        timeout_seconds,
        payload,
    };
    let commitment = packet.commitment();
    Pending { program, client: &client, sequence }.open(&payer, accounts, &commitment)?;
    roots::commit(&mut root_account.try_borrow_mut()?, &client, &commitment)?;
    // 3. Tell
    let teller = Teller { core: program, client: &client, account: &client_account };
    teller.tell(Event::SendPacket, &packet, &[])?;
    set_return_data(&sequence.to_le_bytes());
    Ok(())
}

/// Ahead of now and of what was last seen of the other chain, but not far.
fn require_timeout(timeout_seconds: u64, seen_seconds: u64) -> Result<(), ProgramError> {
    let now = now_seconds()?;
    require(timeout_seconds > now && timeout_seconds > seen_seconds, Fault::TimeoutElapsed)?;
    let latest = now.checked_add(TIMEOUT_AHEAD_SECONDS_MAX).ok_or(AccountFault::Overflow)?;
    require(timeout_seconds <= latest, Fault::TimeoutTooFar)
}

fn read_message<'a>(message: &mut Reader<'a>) -> Result<(u64, Payload<'a>), PacketFault> {
    let read = (message.u64()?, Payload::read(message)?);
    message.finish()?;
    Ok(read)
}
