use crate::application::{Application, Call, Delivery};
use crate::client::{Client, BUMP};
use crate::event::{Event, Teller};
use crate::fault::Fault;
use crate::light_client::{read_consensus, read_state, unproven};
use crate::roots::{require_roots, Receipt};
use alloc::vec::Vec;
use causeway_accounts::{next, now_seconds, require, require_program, Accounts};
use causeway_ics23::verify_membership;
use causeway_packets::{
    acknowledgement_commitment, commitment_leaf, provable_key, read_bytes, Fault as PacketFault, Packet,
    Path, Reader, EMPTY_LEAF, ENTRY_COMMITMENT, ERROR_ACKNOWLEDGEMENT, ERROR_COMMITMENT,
};
use pinocchio::{cpi::get_return_data, error::ProgramError, Address, ProgramResult};

/// The hub's store of packets.
pub const STORE: &[u8] = b"ibc";

struct Message<'a> {
    packet: Packet<'a>,
    /// What stands at the packet's place in the tree of receipts now: zeros, or the leaf of its answer.
    leaf: &'a [u8; 32],
    path: Path<'a>,
    proof: &'a [u8],
}

/// Accepts one packet of the hub: at most once, before its timeout, only with proof. Over a retired client
/// also one that was refused before, and past its timeout. One that was received is a successful no-op.
/// Accounts: client, roots (writable), the light client's state, a consensus state, port, the core itself,
/// the application's program, the core's account for it, then those that the application takes. Message:
/// packet ‖ leaf 32 ‖ path ‖ proof (two bytes of length).
#[inline(never)]
pub fn receive(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let (client_account, mut root_account) = (next(accounts)?, next(accounts)?);
    let (light, consensus) = (next(accounts)?, next(accounts)?);
    let (port, own) = (next(accounts)?, next(accounts)?);
    let Message { packet, leaf, path, proof } = read_message(message)?;
    // 1. Judge: the right counterparty
    require_program(&own, program)?;
    let client = Client::read(program, &client_account)?;
    client.require_ends(packet.destination_client, packet.source_client)?;
    let roots_bump = client_account.try_borrow()?[BUMP + 1];
    require_roots(program, &root_account, &client, roots_bump)?;
    // 2. Replay
    let receipt = Receipt { client: &client, sequence: packet.sequence, path };
    receipt.require(&root_account.try_borrow()?, leaf)?;
    let is_refused = client.is_retired && *leaf == commitment_leaf(&ERROR_COMMITMENT);
    if *leaf != EMPTY_LEAF && !is_refused {
        return Ok(());
    }
    // 3. In time, and proven
    require(packet.timeout_seconds > now_seconds()? || client.is_retired, Fault::TimeoutElapsed)?;
    let state = read_state(&client, &light)?;
    let proven = read_consensus(&client, &state, &consensus)?;
    let key = provable_key(packet.source_client, ENTRY_COMMITMENT, packet.sequence);
    verify_membership(&proven.app_hash, STORE, &key, &packet.commitment(), proof).map_err(unproven)?;
    // 4. Write: the runtime lets nothing re-enter this program while the application runs
    let application = Application::read(program, &port, packet.payload.destination_port)?;
    let (core, account, packet) = (program, &client_account, &packet);
    let delivery = Delivery { core, client: account, accounts, packet, answer: &[] };
    let answer = answer_of(&delivery, application, client.is_retired)?;
    let commitment = acknowledgement_commitment(&answer);
    receipt.write(&mut root_account.try_borrow_mut()?, &commitment)?;
    // 5. Tell
    Teller { core, client: &client, account }.tell(Event::WriteAcknowledgement, packet, &answer)
}

/// What the application on the packet's port answers; where there is none, the error acknowledgement. An
/// application that fails, fails the transaction: the packet may be tried again. It refuses by its answer.
#[inline(never)]
fn answer_of(
    delivery: &Delivery,
    application: Option<Application>,
    is_retired: bool,
) -> Result<Vec<u8>, ProgramError> {
    let answer = match application {
        None => ERROR_ACKNOWLEDGEMENT.to_vec(),
        Some(application) => {
            delivery.call(&application, Call::Receive)?;
            returned_by(&application.program)?
        }
    };
    // A dead hub never hears of a refusal: it may be tried again
    require(!is_retired || answer != ERROR_ACKNOWLEDGEMENT, Fault::Refused)?;
    Ok(answer)
}

#[inline(never)]
fn returned_by(application: &Address) -> Result<Vec<u8>, ProgramError> {
    let answer = get_return_data().ok_or(Fault::InvalidAcknowledgement)?;
    require(answer.program_id() == application, Fault::InvalidAcknowledgement)?;
    Ok(answer.as_slice().to_vec())
}

#[inline(never)]
fn read_message<'a>(message: &mut Reader<'a>) -> Result<Message<'a>, PacketFault> {
    let read = Message {
        packet: Packet::read(message)?,
        leaf: message.array()?,
        path: Path::read(message)?,
        proof: read_bytes(message)?,
    };
    message.finish()?;
    Ok(read)
}
