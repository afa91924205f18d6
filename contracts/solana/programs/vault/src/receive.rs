use crate::application::require_core;
use crate::claim::Claim;
use crate::core_client::CoreClient;
use crate::line::Line;
use crate::token::Tokens;
use crate::window::book_outflow;
use causeway_accounts::{next, now_seconds, Accounts, Fault};
use causeway_packets::{
    decode_base58, log_data, read_transfer, Packet, Reader, ERROR_ACKNOWLEDGEMENT, SUCCESS_ACKNOWLEDGEMENT,
};
use pinocchio::{cpi::set_return_data, error::ProgramError, AccountView, Address, ProgramResult};

/// Who is paid how much of what.
struct Withdrawal {
    mint: Address,
    recipient: [u8; 32],
    amount: u64,
    sequence: u64,
}

/// The accounts of a withdrawal: those of `Tokens` (the recipient's associated account), the claim
/// (writable, to be made if the window is used up), payer of the claim (signer, writable), the light
/// client's state, system program.
struct Places {
    tokens: Tokens,
    claim: AccountView,
    payer: AccountView,
    light: AccountView,
}

/// Pays a withdrawal that the core received, whole or not at all. What the packet itself is wrong in is
/// answered with the error acknowledgement, and refunded on the hub; what the relayer is wrong in fails the
/// transaction, so that nobody forces a refusal. Accounts: the core's account for the vault (signer), client,
/// then those of `Places`. Message: the packet.
#[inline(never)]
pub fn receive(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let (caller, client) = (next(accounts)?, next(accounts)?);
    // 1. Judge: who calls, and what for
    let client = CoreClient::read(&client)?;
    require_core(program, &caller, &client)?;
    let packet = Packet::read(message)?;
    message.finish().map_err(|_| Fault::WrongLength)?;
    let Some(withdrawal) = read_withdrawal(&packet) else { return refuse(b"no transfer of this chain's") };
    let places = Places {
        tokens: Tokens::next(accounts)?,
        claim: next(accounts)?,
        payer: next(accounts)?,
        light: next(accounts)?,
    };
    let tokens = &places.tokens;
    let Some(mut line) = Line::find(program, &tokens.line, &client, &withdrawal.mint)? else {
        return refuse(b"no such line");
    };
    tokens.require_line(program, &line)?;
    if withdrawal.amount > line.escrowed {
        return refuse(b"more than the line holds");
    }
    if !tokens.reach(&withdrawal.recipient)? {
        return refuse(b"the receiver's account takes no tokens");
    }
    // 2. Write, and pay
    if let Some(claim) = settle(&places, &client, &mut line, &withdrawal)? {
        claim.open(program, &places.payer, &places.claim)?;
        let payable_from = claim.payable_from.to_le_bytes();
        log_data(&[b"claim_created", places.claim.address().as_ref(), &payable_from]);
    }
    set_return_data(SUCCESS_ACKNOWLEDGEMENT);
    Ok(())
}

/// Out of the escrow now, or as a claim when the window is used up. Over a retired client no window holds
/// anything back.
#[inline(never)]
fn settle(
    places: &Places,
    client: &CoreClient,
    line: &mut Line,
    withdrawal: &Withdrawal,
) -> Result<Option<Claim>, ProgramError> {
    let &Withdrawal { recipient, amount, sequence, .. } = withdrawal;
    let now = now_seconds()?;
    let payable_from = book_outflow(line, amount, now)?;
    line.escrowed = line.escrowed.checked_sub(amount).ok_or(Fault::Overflow)?;
    if payable_from <= now || client.is_retired {
        places.tokens.write(line)?;
        places.tokens.pay(line, amount)?;
        return Ok(None);
    }
    line.claimed = line.claimed.checked_add(amount).ok_or(Fault::Overflow)?;
    places.tokens.write(line)?;
    Ok(Some(Claim {
        line: *places.tokens.line.address(),
        recipient,
        amount,
        payable_from,
        seen_height: client.light_state(&places.light)?.exit_height,
        sequence,
        payer: *places.payer.address(),
    }))
}

/// The packet's transfer, if it is one of a token that was made here, to a wallet. Tokens of other chains
/// have no vouchers here.
#[inline(never)]
fn read_withdrawal(packet: &Packet) -> Option<Withdrawal> {
    let transfer = read_transfer(&packet.payload).ok()?;
    let base =
        transfer.denom.strip_prefix(b"transfer/")?.strip_prefix(packet.source_client)?.strip_prefix(b"/")?;
    Some(Withdrawal {
        mint: Address::new_from_array(decode_base58(base)?),
        recipient: decode_base58(transfer.receiver)?,
        amount: transfer.amount,
        sequence: packet.sequence,
    })
}

fn refuse(reason: &[u8]) -> ProgramResult {
    log_data(&[b"refused", reason]);
    set_return_data(&ERROR_ACKNOWLEDGEMENT);
    Ok(())
}
