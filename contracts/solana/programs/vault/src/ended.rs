use crate::application::require_core;
use crate::core_client::CoreClient;
use crate::fault::Fault;
use crate::line::Line;
use crate::token::Tokens;
use causeway_accounts::{next, require, Accounts, Fault as AccountFault};
use causeway_packets::{
    decode_base58, read_rest, read_transfer, Fault as PacketFault, Packet, Reader, ERROR_ACKNOWLEDGEMENT,
    SUCCESS_ACKNOWLEDGEMENT,
};
use pinocchio::{Address, ProgramResult};

/// Learns how a deposit was answered: one that was refused is refunded. Accounts: the core's account for the
/// vault (signer), client; for a refund those of `refund`. Message: the packet ‖ the answer.
#[inline(never)]
pub fn acknowledged(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let packet = Packet::read(message)?;
    let answer = read_rest(message);
    if answer == ERROR_ACKNOWLEDGEMENT {
        return refund(program, accounts, &packet);
    }
    let accounts = &mut accounts;
    let (caller, client) = (next(accounts)?, next(accounts)?);
    require_core(program, &caller, &CoreClient::read(&client)?)?;
    require(answer == SUCCESS_ACKNOWLEDGEMENT, Fault::UnknownAcknowledgement)
}

/// Learns that a deposit timed out: it is refunded. Accounts as of `refund`. Message: the packet.
pub fn timed_out(program: &Address, accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let packet = Packet::read(message)?;
    message.finish().map_err(|_| AccountFault::WrongLength)?;
    refund(program, accounts, &packet)
}

/// Mirrors a deposit whose packet failed: the payload is as this vault wrote it. Where the depositor's
/// account takes nothing now, the packet stays open and may be tried again.
/// Accounts: the core's account for the vault (signer), client, line, escrow (both writable), mint, token
/// program, the depositor's associated account (writable).
#[inline(never)]
fn refund(program: &Address, mut accounts: Accounts, packet: &Packet) -> ProgramResult {
    let accounts = &mut accounts;
    let (caller, client) = (next(accounts)?, next(accounts)?);
    let tokens = Tokens::next(accounts)?;
    // 1. Judge
    let client = CoreClient::read(&client)?;
    require_core(program, &caller, &client)?;
    let transfer = read_transfer(&packet.payload)?;
    let denom = decode_base58(transfer.denom).ok_or(PacketFault::MalformedTransfer)?;
    let sender = decode_base58(transfer.sender).ok_or(PacketFault::MalformedTransfer)?;
    let mut line = Line::read_of(program, &tokens.line, &client)?;
    require(line.mint.as_array() == &denom, Fault::WrongLine)?;
    tokens.require_line(program, &line)?;
    require(tokens.reach(&sender)?, Fault::DestinationRefuses)?;
    // 2. Write, then pay
    line.escrowed = line.escrowed.checked_sub(transfer.amount).ok_or(Fault::EscrowExceeded)?;
    tokens.write(&line)?;
    tokens.pay(&line, transfer.amount)
}
