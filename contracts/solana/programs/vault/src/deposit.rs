use crate::application::APPLICATION_SEED;
use crate::core_client::CoreClient;
use crate::fault::Fault;
use crate::line::Line;
use crate::mint::require_plain_mint;
use crate::token::Tokens;
use alloc::vec::Vec;
use causeway_accounts::{
    invoke, next, require, require_derived, require_program, require_signer, Access, Accounts,
    Fault as AccountFault,
};
use causeway_packets::{
    encode_base58, encode_transfer, read_bytes, read_text, Fault as PacketFault, Payload, Reader, Transfer,
    TRANSFER_ENCODING, TRANSFER_PORT, TRANSFER_VERSION,
};
use pinocchio::{
    cpi::{get_return_data, set_return_data},
    error::ProgramError,
    AccountView, Address, ProgramResult,
};

const SEND: u8 = 3;

struct Message<'a> {
    amount: u64,
    timeout_seconds: u64,
    receiver: &'a [u8],
    memo: &'a [u8],
}

/// Deposits tokens of the depositor's, who has the account on the hub credited that `receiver` names. SOL
/// is deposited as wrapped SOL. Returns the packet's sequence u64. Accounts: depositor (signer), line,
/// escrow (both writable), mint, token program, the depositor's account (writable), core; then those of the
/// core's `send`: the vault's account for the core, payer (signer, writable), client, roots (writable),
/// port, the light client's state, system program, accounts of the next packets (writable). Message: amount
/// u64 ‖ timeout u64 in seconds ‖ receiver (text) ‖ memo (two bytes of length).
#[inline(never)]
pub fn deposit(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let depositor = next(accounts)?;
    let tokens = Tokens::next(accounts)?;
    let core = next(accounts)?;
    let order = read_message(message)?;
    // 1. Judge
    require_signer(&depositor)?;
    require(order.amount != 0 && !order.receiver.is_empty(), Fault::BlankDeposit)?;
    let client = CoreClient::read(accounts.get(2).ok_or(AccountFault::MissingAccount)?)?;
    require_program(&core, &client.core)?;
    let mut line = Line::read_of(program, &tokens.line, &client)?;
    tokens.require_line(program, &line)?;
    let decimals = require_plain_mint(&tokens.mint, &tokens.program)?;
    // 2. Take the tokens
    tokens.take(&depositor, order.amount, decimals)?;
    line.escrowed = line.escrowed.checked_add(order.amount).ok_or(AccountFault::Overflow)?;
    tokens.write(&line)?;
    // 3. Send
    let data = send_message(&order, &line.mint, depositor.address());
    send(program, &core, accounts, &data)
}

#[inline(never)]
fn send(program: &Address, core: &AccountView, accounts: &[AccountView], data: &Vec<u8>) -> ProgramResult {
    let [authority, payer, client, roots, port, light, system, candidates @ ..] = accounts else {
        return Err(AccountFault::MissingAccount.into());
    };
    let seeds = [APPLICATION_SEED, core.address().as_ref()];
    let bump = require_derived(authority, &seeds, program)?;
    let mut list = Vec::with_capacity(16);
    list.push((*authority, Access::SIGN));
    list.push((*payer, Access::SIGN_WRITE));
    list.push((*client, Access::READ));
    list.push((*roots, Access::WRITE));
    list.extend([port, light, system, core].map(|account| (*account, Access::READ)));
    list.extend(candidates.iter().map(|account| (*account, Access::WRITE)));
    invoke(core.address(), &list, data, &[APPLICATION_SEED, core.address().as_ref(), &[bump]])?;
    let sequence = get_return_data().ok_or(Fault::NoSequence)?;
    require(sequence.program_id() == core.address(), Fault::NoSequence)?;
    set_return_data(sequence.as_slice());
    Ok(())
}

#[inline(never)]
fn send_message(order: &Message, mint: &Address, depositor: &Address) -> Vec<u8> {
    let (denom, sender) = (encode_base58(mint.as_array()), encode_base58(depositor.as_array()));
    let value = encode_transfer(&Transfer {
        denom: denom.as_slice(),
        sender: sender.as_slice(),
        receiver: order.receiver,
        amount: order.amount,
        memo: order.memo,
    });
    let payload = Payload {
        source_port: TRANSFER_PORT,
        destination_port: TRANSFER_PORT,
        version: TRANSFER_VERSION,
        encoding: TRANSFER_ENCODING,
        value: &value,
    };
    let mut data = Vec::with_capacity(128 + value.len());
    data.push(SEND);
    data.extend_from_slice(&order.timeout_seconds.to_le_bytes());
    payload.write(&mut data);
    data
}

#[inline(never)]
fn read_message<'a>(message: &mut Reader<'a>) -> Result<Message<'a>, ProgramError> {
    let read = |message: &mut Reader<'a>| -> Result<Message<'a>, PacketFault> {
        let order = Message {
            amount: message.u64()?,
            timeout_seconds: message.u64()?,
            receiver: read_text(message)?,
            memo: read_bytes(message)?,
        };
        message.finish()?;
        Ok(order)
    };
    Ok(read(message)?)
}
