use crate::core_client::CoreClient;
use crate::exit_proof::{word, Book, Whose};
use crate::fault::Fault;
use crate::line::Line;
use crate::token::Tokens;
use causeway_accounts::{
    create_account, next, now_seconds, require, require_derived, require_signer, require_state, Accounts,
    Fault as AccountFault, SYSTEM_PROGRAM,
};
use causeway_packets::{read_bytes, Fault as PacketFault, Reader};
use pinocchio::{error::ProgramError, AccountView, Address, ProgramResult};

const MAGIC: &[u8; 8] = b"cwypaids";
const PAID_SEED: &[u8] = b"paid";
/// Magic, version, 7 zeros, paid u64.
const PAID_BYTES: usize = 24;
const PAID: usize = 16;

struct Message<'a> {
    owner: &'a [u8; 20],
    recipient: &'a [u8; 32],
    amount: u64,
    proof: &'a [u8],
}

/// Pays what the books of a dead hub owed an owner: of a line that holds less than all its owners are owed,
/// the owner's share, rounded down; more when more comes in later. Proven: hub key `exit/<owner>/<line>`,
/// value abi.encode(bytes32 recipient, uint256 amount). Anyone may; it is paid to the recipient in the
/// books. Accounts: line, escrow (both writable), mint, token program, the recipient's associated account
/// (writable), client, the light client's state, its consensus state at the exit height, what was paid to
/// the owner (writable), payer of that account (signer, writable), system program. Message: the owner's
/// account 20 ‖ recipient 32 ‖ amount u64 ‖ proof (two bytes of length).
#[inline(never)]
pub fn exit(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let tokens = Tokens::next(accounts)?;
    let (client, light, consensus) = (next(accounts)?, next(accounts)?, next(accounts)?);
    let (mut paid_account, payer) = (next(accounts)?, next(accounts)?);
    let Message { owner, recipient, amount, proof } = read_message(message)?;
    // 1. Judge
    let client = CoreClient::read(&client)?;
    let mut line = Line::read_of(program, &tokens.line, &client)?;
    tokens.require_line(program, &line)?;
    // 2. Proven
    let mut value = [0u8; 64];
    value[..32].copy_from_slice(recipient);
    value[32..].copy_from_slice(&word(amount));
    let app_hash = client.exit_app_hash(&light, &consensus)?;
    Book { client: &client, line: &line, app_hash }.require(Whose::Owner(owner), &value, proof)?;
    // 3. Open
    let now = now_seconds()?;
    require(line.exit_from != 0 && now >= line.exit_from, Fault::NotOpenYet)?;
    require(tokens.reach(recipient)?, Fault::DestinationRefuses)?;
    // 4. Write: what is due by now, without what was paid before
    let seeds: [&[u8]; 3] = [PAID_SEED, tokens.line.address().as_ref(), owner];
    let before = open_paid(program, &mut paid_account, &payer, &seeds)?;
    let due = due(&mut line, amount, before, now)?;
    require(due != 0, Fault::NothingLeft)?;
    let paid = before.checked_add(due).ok_or(AccountFault::Overflow)?;
    paid_account.try_borrow_mut()?[PAID..].copy_from_slice(&paid.to_le_bytes());
    line.exit_paid = line.exit_paid.checked_add(due).ok_or(AccountFault::Overflow)?;
    tokens.write(&line)?;
    // 5. Pay
    tokens.pay(&line, due)
}

/// Sets aside what is missing, as far as the escrow goes. Books that don't add up are paid as far as what was
/// set aside goes.
#[inline(never)]
fn due(line: &mut Line, amount: u64, before: u64, now: u64) -> Result<u64, ProgramError> {
    // Without a total, owners are paid as they come
    let wanted = if line.exit_total == 0 {
        line.exit_paid.saturating_add(amount.saturating_sub(before))
    } else {
        line.exit_total
    };
    let kept = if now < line.kept_until { line.kept } else { 0 };
    let reserved = wanted.saturating_sub(line.exit_pooled).min(line.escrowed.saturating_sub(kept));
    line.escrowed -= reserved;
    line.exit_pooled = line.exit_pooled.checked_add(reserved).ok_or(AccountFault::Overflow)?;
    let share = if line.exit_total == 0 {
        amount
    } else {
        let share = u128::from(amount) * u128::from(line.exit_pooled) / u128::from(line.exit_total);
        u64::try_from(share).unwrap_or(u64::MAX)
    };
    Ok(share.saturating_sub(before).min(line.exit_pooled.saturating_sub(line.exit_paid)))
}

/// What was paid to an owner of a line before; their account is made with the first payment.
#[inline(never)]
fn open_paid(
    program: &Address,
    account: &mut AccountView,
    payer: &AccountView,
    seeds: &[&[u8]; 3],
) -> Result<u64, ProgramError> {
    let bump = require_derived(account, seeds, program)?;
    if account.owned_by(&SYSTEM_PROGRAM) {
        require_signer(payer)?;
        let seeds = [seeds[0], seeds[1], seeds[2], &[bump]];
        create_account(payer, account, program, PAID_BYTES, &seeds)?;
        let mut data = account.try_borrow_mut()?;
        data[..8].copy_from_slice(MAGIC);
        data[8] = 1;
        return Ok(0);
    }
    require_state(account, program, MAGIC, PAID_BYTES)?;
    let mut paid = [0u8; 8];
    paid.copy_from_slice(&account.try_borrow()?[PAID..]);
    Ok(u64::from_le_bytes(paid))
}

#[inline(never)]
fn read_message<'a>(message: &mut Reader<'a>) -> Result<Message<'a>, PacketFault> {
    let read = Message {
        owner: message.array()?,
        recipient: message.array()?,
        amount: message.u64()?,
        proof: read_bytes(message)?,
    };
    message.finish()?;
    Ok(read)
}
